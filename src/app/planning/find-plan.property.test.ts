import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { StagedHost } from "#dataplane/index.js";
import { allowedStages } from "#plan/index.js";
import { allStates, buildJudge, hasSafeOrder, type Judge } from "../../../test/brute-force.js";
import { type RandomChange, randomChange, ringChange } from "../../../test/random-change.js";
import { findPlan } from "./find-plan.js";
import { findOutsideAddresses } from "./outside-addresses.js";
import type { PlanOutcome } from "./plan-outcome.js";
import { stageHosts } from "./rate-flows.js";

const RUNS = Number(process.env["PLAN_RUNS"] ?? 150);

function planLive(change: RandomChange): PlanOutcome {
  return findPlan({ ...change, clusters: [], invariants: [], strategies: ["live"] });
}

function judgeOf({ before: { segments } }: RandomChange, staged: readonly StagedHost[]): Judge {
  return buildJudge({ staged, segments, outside: findOutsideAddresses(staged) });
}

describe("findPlan against brute force over all states", () => {
  it("proves phases of which every state keeps every flow that works at both ends, and loops nothing", () => {
    let proved = 0;
    fc.assert(
      fc.property(fc.oneof(randomChange(5), ringChange(5)), (change) => {
        const outcome = planLive(change);
        if (outcome.kind !== "proved") return;
        proved += 1;
        const judge = judgeOf(change, stageHosts(change.before, outcome.change.changes));
        const problem = { hosts: [...change.before.hosts.values()], changes: outcome.change.changes };
        for (const index of outcome.phases.keys()) {
          for (const state of allStates(allowedStages(problem, outcome.phases, index))) {
            expect(judge(state)).toBeNull();
          }
        }
      }),
      { numRuns: RUNS },
    );
    expect(proved).toBeGreaterThan(RUNS / 10);
  });

  it("finds a plan exactly where some order of single operations is safe", () => {
    const seen = { proved: 0, severalPhases: 0 };
    fc.assert(
      fc.property(fc.oneof(randomChange(3), ringChange(5)), (change) => {
        const outcome = planLive(change);
        if (outcome.kind !== "proved" && outcome.kind !== "impossible") return;
        const { changes } = outcome.change;
        fc.pre(changes.reduce((product, { stages }) => product * stages.length, 1) <= 512);
        const staged = stageHosts(change.before, changes);
        const isPossible = hasSafeOrder(staged, judgeOf(change, staged));
        expect(outcome.kind).toBe(isPossible ? "proved" : "impossible");
        if (outcome.kind !== "proved") return;
        seen.proved += 1;
        if (outcome.phases.length > 1) seen.severalPhases += 1;
      }),
      { numRuns: RUNS },
    );
    expect(seen.proved).toBeGreaterThan(0);
    expect(seen.severalPhases).toBeGreaterThan(0);
  });
});
