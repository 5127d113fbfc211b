import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hostId } from "#model/index.js";
import type { RunHooks, RunPhase } from "#rollout/index.js";
import { commandHooks, type HookCommands } from "./command-hooks.js";

const PHASE: RunPhase = {
  number: 2,
  steps: [
    { host: hostId("n1"), forward: [], revert: [], persist: [] },
    { host: hostId("n2"), forward: [], revert: [], persist: [] },
  ],
  gate: { consecutive: 1, settleSeconds: 0, timeoutSeconds: 1 },
  expected: [],
};

let folder: string;
let notes: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pointsman-hooks-"));
  notes = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function hooks(commands: Partial<HookCommands>, timeoutMs = 10_000): RunHooks {
  return commandHooks({
    commands: { before: null, after: null, ...commands },
    runId: "R1",
    timeoutMs,
    note: async (what, detail) => {
      notes.push(`${what} ${detail}`);
    },
  });
}

describe("The operator's program before a phase", () => {
  it("is told the run, the phase and its hosts, and what it says is noted", async () => {
    const script = `echo "$POINTSMAN_RUN/$POINTSMAN_PHASE/$POINTSMAN_HOSTS/\${POINTSMAN_OUTCOME-none}"; echo problem >&2`;
    const program = hooks({ before: ["sh", "-c", script] });
    expect(await program.before(PHASE)).toEqual({ ok: true, why: "" });
    expect(notes).toHaveLength(1);
    expect(notes[0]).toContain(`hook-before phase 2: \`sh -c ${script}\` ended with 0; it said: `);
    expect(notes[0]).toContain("R1/2/n1 n2/none");
    expect(notes[0]).toContain("problem");
  });

  it("refuses the phase where it does not end with 0", async () => {
    const program = hooks({ before: ["sh", "-c", "exit 7"] });
    expect(await program.before(PHASE)).toEqual({
      ok: false,
      why: "Expected the program `sh -c exit 7` before phase 2 to end with 0, and it ended with 7",
    });
  });

  it("refuses the phase where it cannot be started", async () => {
    const { ok, why } = await hooks({ before: [join(folder, "missing")] }).before(PHASE);
    expect(ok).toBe(false);
    expect(why).toMatch(
      /^Expected the program `.*missing` before phase 2 to end with 0, and it could not be started \(.*ENOENT\)$/,
    );
  });

  it("refuses the phase where it does not end in time, and what it began is ended with it", async () => {
    const pid = join(folder, "pid");
    const program = hooks({ before: ["sh", "-c", `sleep 60 & echo $! >${pid}; wait`] }, 500);
    expect(await program.before(PHASE)).toEqual({
      ok: false,
      why: `Expected the program \`sh -c sleep 60 & echo $! >${pid}; wait\` before phase 2 to end with 0, and it was ended after 0.5 s without an answer`,
    });
    const grandchild = Number(readFileSync(pid, "utf8"));
    await expect.poll(() => isRunning(grandchild)).toBe(false);
  });

  it("keeps no more than the end of a long output", async () => {
    await hooks({ before: ["sh", "-c", "seq 1 100000"] }).before(PHASE);
    expect(notes[0]?.length).toBeLessThan(2200);
    expect(notes[0]).toContain("99999\n100000");
  });

  it("lets the phase begin where there is none, without a note", async () => {
    expect(await hooks({}).before(PHASE)).toEqual({ ok: true, why: "" });
    expect(notes).toEqual([]);
  });
});

describe("The operator's program behind a phase", () => {
  it("is told what became of it", async () => {
    await hooks({ after: ["sh", "-c", "echo $POINTSMAN_OUTCOME"] }).after(PHASE, "reverted");
    expect(notes).toEqual([
      "hook-after phase 2: `sh -c echo $POINTSMAN_OUTCOME` ended with 0; it said: reverted",
    ]);
  });

  it("stops nothing where it fails; that is noted", async () => {
    await hooks({ after: ["false"] }).after(PHASE, "confirmed");
    expect(notes).toEqual(["hook-after phase 2: `false` ended with 1"]);
  });
});

/** A process that has ended and was not yet waited for is a zombie, state Z of proc(5); it runs no more. */
function isRunning(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}
