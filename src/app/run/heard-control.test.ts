import { describe, expect, it, onTestFinished } from "vitest";
import type { Clock, RunControl, RunPhase } from "#rollout/index.js";
import { makeScratch } from "../../../test/run/incident-plan.js";
import { leaveRequest } from "../run-store/requests.js";
import { createRunFolder, type RunFolder } from "../run-store/run-folder.js";
import { hearRequests } from "./heard-control.js";

const PHASE: RunPhase = {
  number: 2,
  steps: [],
  gate: { consecutive: 1, settleSeconds: 0, timeoutSeconds: 1 },
  expected: [],
};
const SILENT: RunControl = {
  wish: () => "go-on",
  mayGoOn: async () => true,
  isConfirmed: () => new Promise(() => undefined),
};

/** Time that passes when somebody sleeps; `at` is called then. */
function virtualClock(at: (ms: number) => void = () => undefined): Clock {
  let nowMs = 0;
  return {
    now: () => new Date(nowMs).toISOString(),
    monotonicMs: () => nowMs,
    sleep: async (ms) => {
      nowMs += ms;
      at(nowMs);
    },
  };
}

function folder(): RunFolder {
  const scratch = makeScratch();
  onTestFinished(scratch.remove);
  return createRunFolder(scratch.path, { fleet: "home", runId: "r1" }, new Map());
}

describe("The control of a run", () => {
  it("wants what the terminal wants, until another one asks to abort", () => {
    const run = folder();
    expect(hearRequests({ ...SILENT, wish: () => "after-gate" }, run, virtualClock()).wish()).toBe(
      "after-gate",
    );
    const control = hearRequests(SILENT, run, virtualClock());
    expect(control.wish()).toBe("go-on");
    leaveRequest(run, { kind: "abort" }, "ops@desk");
    expect(control.wish()).toBe("abort");
  });

  it("leaves where the terminal wants to leave at once, whatever others ask", () => {
    const run = folder();
    leaveRequest(run, { kind: "abort" }, "ops@desk");
    expect(hearRequests({ ...SILENT, wish: () => "leave" }, run, virtualClock()).wish()).toBe("leave");
  });

  it("is confirmed by the terminal, or by a request for this very phase", async () => {
    const run = folder();
    const fromTerminal = hearRequests({ ...SILENT, isConfirmed: async () => true }, run, virtualClock());
    expect(await fromTerminal.isConfirmed(PHASE, 10_000)).toBe(true);
    leaveRequest(run, { kind: "confirm", phase: 1 }, "ops@desk");
    expect(await hearRequests(SILENT, run, virtualClock()).isConfirmed(PHASE, 10_000)).toBe(false);
    const clock = virtualClock((ms) => {
      if (ms === 5000) leaveRequest(run, { kind: "confirm", phase: 2 }, "ops@desk");
    });
    expect(await hearRequests(SILENT, run, clock).isConfirmed(PHASE, 10_000)).toBe(true);
    expect(clock.monotonicMs()).toBe(5000);
  });

  it("hears others to the end where the terminal says no at once", async () => {
    const clock = virtualClock();
    const control = hearRequests({ ...SILENT, isConfirmed: async () => false }, folder(), clock);
    expect(await control.isConfirmed(PHASE, 2000)).toBe(false);
    expect(clock.monotonicMs()).toBe(2000);
  });

  it("waits no longer once somebody wants to stop", async () => {
    const run = folder();
    const clock = virtualClock((ms) => {
      if (ms === 1000) leaveRequest(run, { kind: "abort" }, "ops@desk");
    });
    expect(await hearRequests(SILENT, run, clock).isConfirmed(PHASE, 60_000)).toBe(false);
    expect(clock.monotonicMs()).toBe(1000);
  });
});
