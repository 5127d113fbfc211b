import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findChanges, type HostChange, isWiringHost, joinWiring, resolveWiring } from "#plan/index.js";
import { type WiringChange, wiringChange } from "../../../test/random-wiring.js";
import { buildWiringJudge, hasSafeWiringOrder, wiringStates } from "../../../test/wiring-brute-force.js";
import { findPlan } from "./find-plan.js";
import { findOutsideAddresses } from "./outside-addresses.js";
import type { PlanOutcome } from "./plan-outcome.js";

const RUNS = Number(process.env["PLAN_RUNS"] ?? 150);

function plan({ before, after }: WiringChange): PlanOutcome {
  return findPlan({ before, after, clusters: [], invariants: [], strategies: ["live"], helpers: [] });
}

/** Brute force judges each state with empty caches. What old entries alone forbid it cannot see. */
function restsOnCaches({ tried }: Extract<PlanOutcome, { readonly kind: "impossible" }>): boolean {
  return tried.some(({ witnesses }) => witnesses.some(({ memories }) => memories.length > 0));
}

/** The plan may have put the operations of a host in another order: of the wiring nothing is taken from it. */
function ownSteps({ change }: Extract<PlanOutcome, { readonly kind: "proved" }>): readonly HostChange[] {
  return change.changes.filter(({ host }) => !isWiringHost(host));
}

/** The steps of the hosts as they are tried at first. */
function ownChanges({ before, after }: WiringChange): readonly HostChange[] {
  const found = findChanges(before, { hosts: after.hosts, segments: before.segments });
  return found.kind === "found" ? found.changes : [];
}

describe("A plan for other wiring against brute force over all orders of ports, cables and operations", () => {
  it("has phases of good states where there is a safe order, and is impossible where there is none", () => {
    const seen: Record<string, number> = {};
    fc.assert(
      fc.property(wiringChange, (change) => {
        const found = plan(change);
        seen[`${change.kind} ${found.kind}`] = (seen[`${change.kind} ${found.kind}`] ?? 0) + 1;
        if (found.kind !== "proved" && found.kind !== "impossible") return;
        const changes = found.kind === "proved" ? ownSteps(found) : ownChanges(change);
        const states = wiringStates(change, changes);
        const hosts = [...change.before.hosts.values(), ...changes.flatMap(({ stages }) => stages)];
        const staged = [...change.before.hosts.values()].map((host) => ({
          id: host.id,
          stages: changes.find((each) => each.host === host.id)?.stages ?? [host],
        }));
        const last = states.networkAt(states.movers.map(({ stages }) => stages - 1));
        const judge = buildWiringJudge(change, { last, hosts, outside: findOutsideAddresses(staged) });
        const hasOrder = hasSafeWiringOrder(states, judge);
        if (found.kind === "proved" || !restsOnCaches(found)) {
          expect(found.kind).toBe(hasOrder ? "proved" : "impossible");
        }
      }),
      { numRuns: RUNS * 2 },
    );
    if (process.env["PLAN_RUNS"] !== undefined) console.log(seen);
    for (const kind of ["moves", "join"]) expect(seen[`${kind} proved`], kind).toBeGreaterThan(0);
    expect((seen["cut proved"] ?? 0) + (seen["cut impossible"] ?? 0)).toBeGreaterThan(0);
  });
});

describe("joinWiring", () => {
  it("tells both ends so that without its parts each is wired as it was", () => {
    fc.assert(
      fc.property(wiringChange, ({ before, after }) => {
        const joined = joinWiring(before, after);
        for (const [end, plain] of [
          [joined.before, before],
          [joined.after, after],
        ] as const) {
          expect(partition(resolveWiring(end))).toEqual(partition(plain));
        }
        const added = [...joined.before.hosts.keys()].filter((host) => !before.hosts.has(host));
        expect(added.every(isWiringHost)).toBe(true);
      }),
      { numRuns: RUNS },
    );
  });
});

/** Which ports hear each other, whatever the segments are called. */
function partition({ segments }: WiringChange["before"]): readonly string[] {
  return segments
    .filter(({ ports }) => ports.length > 0)
    .map(({ ports }) =>
      ports
        .map(({ host, link }) => `${host} ${link}`)
        .sort()
        .join(),
    )
    .sort();
}
