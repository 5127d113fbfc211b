import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allowedStages, describeDifference, HELPER_KINDS, type HelperKind } from "#plan/index.js";
import { allStates, buildJudge } from "../../../test/brute-force.js";
import { buildSnapshot, type HostSketch } from "../../../test/fleet-builder.js";
import { type RandomChange, randomChange, ringChange } from "../../../test/random-change.js";
import { findPlan } from "./find-plan.js";
import { findOutsideAddresses } from "./outside-addresses.js";
import type { PlanOutcome } from "./plan-outcome.js";
import { stageHosts } from "./rate-flows.js";

const RUNS = Number(process.env["PLAN_RUNS"] ?? 20);
/** States of one phase that are judged one by one. */
const MAX_STATES = 400;

function planLive(change: RandomChange, helpers: readonly HelperKind[]): PlanOutcome {
  return findPlan({ ...change, clusters: [], invariants: [], strategies: ["live"], helpers });
}

/**
 * A ring of four routers with a leaf network each turns round. Routers with a route for each leaf turn leaf by leaf, the others have one route
 * for all: that one carries destinations which need contradicting orders. The leaves fill that route: it leads nowhere else.
 */
const turningRing: fc.Arbitrary<RandomChange> = fc
  .array(fc.constantFrom(false, false, true), { minLength: 4, maxLength: 4 })
  .map((precise) => ({ before: buildRing(precise, false), after: buildRing(precise, true) }));

function buildRing(precise: readonly boolean[], isTurned: boolean): RandomChange["before"] {
  const router = (own: number): HostSketch => {
    const [back, on] = [(own + 3) % 4, (own + 1) % 4];
    const next = isTurned ? `10.0.${back}.${back + 1} dev e1` : `10.0.${own}.${on + 1} dev e0`;
    const others = [0, 1, 2, 3].filter((leaf) => leaf !== own).map((leaf) => `10.1.0.${leaf * 64}/26`);
    const links = [on, (own + 2) % 4].map((link) => `10.0.${link}.0/24 via 10.0.${own}.${on + 1} dev e0`);
    return {
      links: {
        e0: { on: `s${own}`, addresses: [`10.0.${own}.${own + 1}/24`] },
        e1: { on: `s${back}`, addresses: [`10.0.${back}.${own + 1}/24`] },
        leaf: { on: `leaf${own}`, addresses: [`10.1.0.${own * 64 + 1}/26`] },
      },
      routes: [
        ...links,
        ...(precise[own] === true ? others : ["10.1.0.0/24"]).map((to) => `${to} via ${next}`),
      ],
      sysctls: { ip_forward: 1 },
    };
  };
  return buildSnapshot(Object.fromEntries([0, 1, 2, 3].map((own) => [`r${own}`, router(own)])));
}

/** Rings that turn are the ones that need helpers. */
const changes = fc.oneof({ weight: 4, arbitrary: turningRing }, ringChange(5), randomChange(3));

type Proved = Extract<PlanOutcome, { readonly kind: "proved" }>;

/** What brute force says of the first bad state, or null. */
function findBadState({ before }: RandomChange, { change, phases }: Proved): string | null {
  const staged = stageHosts(before, change.changes);
  const { segments } = before;
  const judge = buildJudge({ staged, segments, outside: findOutsideAddresses(staged) });
  const staging = { hosts: [...before.hosts.values()], changes: change.changes };
  for (const index of phases.keys()) {
    for (const state of allStates(allowedStages(staging, phases, index)).slice(0, MAX_STATES)) {
      const problem = judge(state);
      if (problem !== null) return `phase ${index + 1}: ${problem}`;
    }
  }
  return null;
}

/** Phases in which some helper goes, and those in which a host does anything else. */
function phasesOf({ change, phases }: Proved): { readonly firstBack: number; readonly lastOwn: number } {
  let [firstBack, lastOwn] = [Number.POSITIVE_INFINITY, -1];
  for (const [index, { steps }] of phases.entries()) {
    for (const { host, fromStage, toStage } of steps) {
      const own = change.changes.find((each) => each.host === host);
      for (let operation = fromStage; operation < toStage; operation += 1) {
        const covers = ({ from, to }: { readonly from: number; readonly to: number }): boolean =>
          operation >= from && operation < to;
        const isBack = own?.helpers?.some(({ unmade }) => covers(unmade)) === true;
        const isHelper = isBack || own?.helpers?.some(({ made }) => covers(made)) === true;
        if (isBack) firstBack = Math.min(firstBack, index);
        if (!isHelper) lastOwn = index;
      }
    }
  }
  return { firstBack, lastOwn };
}

describe("Plans with helper stages against brute force over all states", () => {
  it("are made only where no order does without, keep every flow in every state, and take helpers back at the end", () => {
    const seen = { impossible: 0, helped: 0 };
    fc.assert(
      fc.property(changes, (change) => {
        const plain = planLive(change, []);
        if (plain.kind !== "impossible" && plain.kind !== "proved") return;
        const outcome = planLive(change, HELPER_KINDS);
        if (plain.kind === "proved") {
          expect(outcome).toMatchObject({ kind: "proved", helpers: [] });
          return;
        }
        seen.impossible += 1;
        if (outcome.kind !== "proved") return;
        if (outcome.helpers.length > 0) seen.helped += 1;
        expect(outcome.helpers).not.toEqual([]);
        expect(findBadState(change, outcome)).toBeNull();
        const { firstBack, lastOwn } = phasesOf(outcome);
        expect(firstBack).toBeGreaterThan(lastOwn);
        for (const { host, stages } of outcome.change.changes) {
          const [end, target] = [stages.at(-1), change.after.hosts.get(host)];
          if (end !== undefined && target !== undefined) expect(describeDifference(end, target)).toEqual([]);
        }
      }),
      { numRuns: RUNS },
    );
    expect(seen.helped).toBeGreaterThan(0);
  }, 240_000);
});
