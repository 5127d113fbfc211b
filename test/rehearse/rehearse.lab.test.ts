import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pointsman } from "../cli/command-line.js";
import { ROOT } from "../repository/root.js";
import { INCIDENT } from "../run/incident-plan.js";

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

let folder = "";
let plan = "";

/** Labs of this test alone. */
const environment = (): Record<string, string> => ({
  PATH: process.env["PATH"] ?? "",
  HOME: folder,
  TMPDIR: folder,
  POINTSMAN_LAB_LABEL: "rhs",
  POINTSMAN_LAB_FOLDER: join(folder, "labs"),
});

/** @param interruptedAfterMs sends SIGINT after that time; null: it ends by itself. */
function rehearse(args: readonly string[], interruptedAfterMs: number | null = null): Promise<Ended> {
  const child = spawn(process.execPath, [join(ROOT, "bin", "pointsman"), "rehearse", ...args], {
    env: environment(),
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (piece: Buffer) => {
    stdout += piece.toString("utf8");
  });
  child.stderr.on("data", (piece: Buffer) => {
    stderr += piece.toString("utf8");
  });
  if (interruptedAfterMs !== null) setTimeout(() => child.kill("SIGINT"), interruptedAfterMs);
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, stdout, stderr })));
}

/** What a rehearsal could leave on this machine: namespaces of its label, and its folders. */
function leftovers(): readonly string[] {
  const namespaces = readdirSync("/run/netns").filter((name) => name.startsWith("rhs-"));
  return [...namespaces, ...readdirSync(folder).filter((name) => name.startsWith("pointsman-rehearsal"))];
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "pointsman-rehearse-test-"));
  plan = join(folder, "plan.json");
  const fleet = join(INCIDENT, "pointsman.yaml");
  const trees = ["--from", join(INCIDENT, "before"), "--to", join(INCIDENT, "fixed")];
  const planned = pointsman(folder, ["plan", "--fleet", fleet, ...trees, "-o", plan]);
  expect(planned.code).toBe(0);
});

afterAll(() => {
  pointsman(folder, ["lab", "down", "--all"], environment());
  rmSync(folder, { recursive: true, force: true });
});

describe("a rehearsal of the incident's change", () => {
  it("ends all new without a lost echo, and whole after a fault; nothing is left", async () => {
    const { code, stdout, stderr } = await rehearse([plan, "--faults", "1", "--json"]);
    expect(code, stderr).toBe(0);
    const { runs } = JSON.parse(stdout) as { readonly runs: readonly Record<string, unknown>[] };
    expect(runs).toHaveLength(2);
    expect(runs[0]).toMatchObject({
      fault: null,
      exitCode: 0,
      lostEchoes: 0,
      worst: null,
      isAsPromised: true,
    });
    expect(runs[0]?.["sentEchoes"]).toBeGreaterThan(10_000);
    expect(runs[1]).toMatchObject({
      fault: "the sessions to nl-k8s-01 are reset, phase 1, when armed",
      isAsPromised: true,
    });
    expect(leftovers()).toEqual([]);
  });

  it("takes its twin down when it is interrupted", async () => {
    const { code } = await rehearse([plan], 8000);
    expect(code).toBe(130);
    expect(leftovers()).toEqual([]);
  });

  it("says what is wrong with a plan that does nothing", async () => {
    const empty = join(folder, "empty.json");
    const tree = join(INCIDENT, "before");
    const fleet = join(INCIDENT, "pointsman.yaml");
    pointsman(folder, ["plan", "--fleet", fleet, "--from", tree, "--to", tree, "-o", empty]);
    const { code, stderr } = await rehearse([empty]);
    expect(code).toBe(64);
    expect(stderr).toContain("Expected a plan with something to do");
  });

  it("does not take a number of faults that is none", async () => {
    const { code, stderr } = await rehearse([plan, "--faults", "many"]);
    expect(code).toBe(64);
    expect(stderr).toContain("Expected `all` or a number of faults for `--faults`, found `many`.");
  });
});
