import { describe, expect, it } from "vitest";
import type { RunPhase, RunProgram } from "#rollout/index.js";
import { BEGIN } from "../../../test/contract/journal-contract.js";
import { checkWindow, longestSeconds } from "./check-window.js";
import { newRunId } from "./run-id.js";

const PHASE: RunPhase = {
  number: 1,
  steps: [],
  gate: { consecutive: 3, settleSeconds: 5, timeoutSeconds: 120 },
  expected: [],
};

/** Two phases of 300 s and logs for 120 s: 12 minutes. */
function program(): RunProgram {
  if (BEGIN.kind !== "begin") throw new Error("no beginning");
  const policy = {
    ...BEGIN.program.policy,
    deadlineSeconds: 300,
    logWatchSeconds: 120,
    healthTimeoutSeconds: 600,
  };
  return { ...BEGIN.program, phases: [PHASE, { ...PHASE, number: 2 }], policy };
}

describe("A maintenance window", () => {
  it("must be open for the longest that the run may take", () => {
    expect(longestSeconds(program())).toBe(720);
    const window = "22:00-23:30 UTC";
    expect(checkWindow(window, program(), "2026-11-23T23:18:00.000Z").ok).toBe(true);
    const late = checkWindow(window, program(), "2026-11-23T23:18:01.000Z");
    expect(late.ok ? "" : late.error.message).toBe(
      "Expected 12 minutes, which this run may take at most, before the end of the window `22:00-23:30 UTC`, found less. Nothing was changed.",
    );
    expect(checkWindow(null, program(), "2026-11-23T12:00:00.000Z").ok).toBe(true);
  });

  it("counts the time until services have stopped, started and are healthy where they stand still", () => {
    const [host] = program().hosts;
    if (host === undefined) throw new Error("no host");
    expect(longestSeconds({ ...program(), services: [{ host, units: ["k3s.service"] }] })).toBe(1560);
  });

  it("must be written as one", () => {
    const wrong = checkWindow("tonight", program(), "2026-11-23T12:00:00.000Z");
    expect(wrong.ok ? null : wrong.error.kind).toBe("usage");
  });
});

describe("The name of a run", () => {
  it("sorts by time and can be part of names on hosts", () => {
    expect(newRunId("2026-11-23T03:15:00.123Z")).toMatch(/^20261123T031500Z-[0-9a-f]{4}$/);
    expect(newRunId("2026-11-23T03:15:00Z")).toMatch(/^20261123T031500Z-[0-9a-f]{4}$/);
  });
});
