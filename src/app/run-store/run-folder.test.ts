import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { RunEvent } from "#rollout/index.js";
import { makeScratch } from "../../../test/run/incident-plan.js";
import { eventWriter } from "./event-file.js";
import { clearRequests, isRequested, leaveRequest } from "./requests.js";
import {
  createRunFolder,
  forgetTexts,
  keepText,
  keptText,
  listRuns,
  lockFolderOf,
  type RunFolder,
  readRunFile,
} from "./run-folder.js";

function state(): string {
  const scratch = makeScratch();
  onTestFinished(scratch.remove);
  return join(scratch.path, "state");
}

function create(stateFolder: string, fleet: string, runId: string): RunFolder {
  return createRunFolder(stateFolder, { fleet, runId }, new Map([["plan.json", "{}\n"]]));
}

describe("The folder of a run", () => {
  it("lies below its fleet with what the run starts from, and is its owner's alone", () => {
    const folder = create(state(), "home", "r1");
    expect(folder.path.endsWith(join("state", "home", "runs", "r1"))).toBe(true);
    expect(readRunFile(folder, "plan.json")).toBe("{}\n");
    expect(readRunFile(folder, "other.json")).toBeNull();
    expect(statSync(folder.path).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder.path, "plan.json")).mode & 0o777).toBe(0o600);
  });

  it("is listed by when it began, of one fleet or of all", () => {
    const stateFolder = state();
    create(stateFolder, "home", "20261123T031500Z-0001");
    create(stateFolder, "work", "20261123T021500Z-0001");
    create(stateFolder, "home", "20261122T031500Z-0001");
    expect(listRuns(stateFolder, null).map(({ fleet, runId }) => `${fleet} ${runId}`)).toEqual([
      "home 20261122T031500Z-0001",
      "work 20261123T021500Z-0001",
      "home 20261123T031500Z-0001",
    ]);
    expect(listRuns(stateFolder, "work")).toHaveLength(1);
    expect(listRuns(stateFolder, "none")).toEqual([]);
    expect(listRuns(join(stateFolder, "none"), null)).toEqual([]);
  });

  it.each(["", "..", ".", "a/b", "../../etc", "*", "-rf", "ümlaut", "a b\nc", "%2E", "%"])(
    "stays below the state folder for a fleet called %j, and gives its name back",
    (fleet) => {
      const stateFolder = state();
      const folder = create(stateFolder, fleet, "r1");
      expect(readdirSync(stateFolder)).toHaveLength(1);
      expect(listRuns(stateFolder, null)).toEqual([folder]);
      expect(lockFolderOf(stateFolder, fleet).startsWith(`${stateFolder}/`)).toBe(true);
      expect(folder.path).toBe(join(stateFolder, readdirSync(stateFolder)[0] ?? "", "runs", "r1"));
    },
  );

  it("keeps texts by their digest until they are forgotten", () => {
    const folder = create(state(), "home", "r1");
    const digest = "a".repeat(64);
    keepText(folder, digest, "token: secret\n");
    expect(keptText(folder, digest)).toBe("token: secret\n");
    expect(statSync(join(folder.path, "texts", digest)).mode & 0o777).toBe(0o600);
    expect(keptText(folder, "../plan.json")).toBeNull();
    forgetTexts(folder);
    expect(keptText(folder, digest)).toBeNull();
    expect(existsSync(join(folder.path, "texts"))).toBe(false);
  });
});

describe("Requests from other terminals", () => {
  it("are seen once they are left, by kind and phase, and asking twice is asking once", () => {
    const folder = create(state(), "home", "r1");
    expect(isRequested(folder, { kind: "abort" })).toBe(false);
    leaveRequest(folder, { kind: "abort" }, "ops@desk");
    leaveRequest(folder, { kind: "abort" }, "other@desk");
    leaveRequest(folder, { kind: "confirm", phase: 2 }, "ops@desk");
    expect(isRequested(folder, { kind: "abort" })).toBe(true);
    expect(isRequested(folder, { kind: "confirm", phase: 1 })).toBe(false);
    expect(isRequested(folder, { kind: "confirm", phase: 2 })).toBe(true);
    expect(readRunFile(folder, join("requests", "abort"))).toBe("ops@desk\n");
  });

  it("are those of one controller: the next one does not hear them", () => {
    const folder = create(state(), "home", "r1");
    leaveRequest(folder, { kind: "abort" }, "ops@desk");
    clearRequests(folder);
    expect(isRequested(folder, { kind: "abort" })).toBe(false);
    leaveRequest(folder, { kind: "abort" }, "ops@desk");
    expect(isRequested(folder, { kind: "abort" })).toBe(true);
  });
});

describe("The events of a run", () => {
  const event: RunEvent = { kind: "waiting", for: "health", secondsLeft: 3 };

  it("stand in its folder, one JSON object a line", () => {
    const folder = create(state(), "home", "r1");
    const write = eventWriter(folder);
    write(event);
    write(event);
    const lines = readFileSync(join(folder.path, "events.ndjson"), "utf8").trim().split("\n");
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([event, event]);
  });

  it("may be lost, and the run is not", () => {
    const write = eventWriter({ runId: "r1", fleet: "home", path: "/proc/no-such-folder" });
    expect(() => write(event)).not.toThrow();
  });
});
