import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RunEvent, RunReport } from "#app/index.js";
import { hostId } from "#model/index.js";
import { PLAIN } from "#report/index.js";
import { TestTerminal } from "../../../test/cli/test-terminal.js";
import { begun, did, exampleProgram, journal, RUN } from "../../../test/run-examples.js";
import type { CommandContext } from "../context.js";
import type { WatchOptions } from "./watch-options.js";
import { printReport, Watch } from "./watch-run.js";

const ENTRIES = journal(begun(), ...did("arm", `${RUN}-p1`, "n1", "n2"));
const EVENTS: readonly RunEvent[] = [
  ...ENTRIES.map((entry): RunEvent => ({ kind: "journal", entry })),
  { kind: "host", host: hostId("n1"), state: "armed", secondsLeft: 100 },
];

let folder: string;
let terminal: TestTerminal;
let printed: string;
let noted: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pointsman-watch-"));
  terminal = new TestTerminal();
  printed = "";
  noted = "";
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function context(): CommandContext {
  return {
    version: "0",
    print: async (pieces) => {
      printed += [...pieces].join("");
    },
    note: (text) => {
      noted += text;
    },
    styleFor: () => PLAIN,
    exitWith: () => undefined,
    exitAsCommand: () => undefined,
    terminal,
    outliveOutput: () => undefined,
  };
}

describe("A run that is watched", () => {
  it("writes its events behind what the file has, each with the run", async () => {
    const options: WatchOptions = { events: join(folder, "run.ndjson") };
    for (const _ of [1, 2]) {
      const watch = new Watch(options, context());
      await watch.carryOut(async () => EVENTS.forEach(watch.surroundings.emit));
    }
    const lines = readFileSync(join(folder, "run.ndjson"), "utf8").trimEnd().split("\n");
    expect(lines).toHaveLength(2 * EVENTS.length);
    expect(lines.map((line) => JSON.parse(line).run)).toEqual(lines.map(() => RUN));
  });

  it("shows at once what is armed to a person who leaves", async () => {
    const watch = new Watch({}, context());
    await watch.carryOut(async () => {
      EVENTS.forEach(watch.surroundings.emit);
      terminal.send("SIGINT");
      terminal.send("SIGINT");
      expect(watch.surroundings.control.wish()).toBe("leave");
    });
    expect(terminal.text()).toContain(
      `Leaving. What is armed stays armed.\nOpen on 2 hosts:\n  n1  armed, taken back by the host itself in 100 s (${RUN}-p1)\n  n2  armed, taken back by the host itself when its time is up (${RUN}-p1)\nBy hand, as root on the console of each of them, without Pointsman:\n`,
    );
  });

  it("shows what is armed where a bug ends it, and hears no signals any more", async () => {
    const watch = new Watch({}, context());
    const broken = watch.carryOut(async () => {
      EVENTS.forEach(watch.surroundings.emit);
      throw new RangeError("a bug");
    });
    await expect(broken).rejects.toThrow("a bug");
    expect(terminal.text()).toContain("Open on 2 hosts:");
    terminal.send("SIGINT");
    expect(watch.isInterrupted()).toBe(false);
  });

  it("that is continued knows what was armed before", async () => {
    const watch = new Watch({}, context(), { runId: RUN, entries: ENTRIES, hosts: ["n1", "n2", "r1"] });
    expect(watch.progress.hosts()).toHaveLength(3);
    await watch.carryOut(async () => {
      terminal.send("SIGTERM");
    });
    expect(terminal.text()).toContain("Open on 2 hosts:");
  });
});

describe("The report of a run", () => {
  const REPORT: RunReport = {
    runId: RUN,
    folder: "/f",
    outcome: { kind: "done" },
    program: exampleProgram(),
    checks: [],
    entries: ENTRIES,
    notes: [],
  };

  it("is text on the standard output", async () => {
    await printReport(REPORT, {}, context());
    expect(printed).toMatch(new RegExp(`^Done: run ${RUN} of home\n`));
    expect(noted).toBe("");
  });

  it("is one JSON document where that is wanted", async () => {
    await printReport(REPORT, { json: true }, context());
    expect(JSON.parse(printed)).toMatchObject({ run: RUN, outcome: { kind: "done" } });
  });

  it("makes room where events have the standard output", async () => {
    await printReport(REPORT, { events: "-" }, context());
    expect(printed).toBe("");
    expect(noted).toMatch(/^Done: /);
  });
});
