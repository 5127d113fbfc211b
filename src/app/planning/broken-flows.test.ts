import { describe, expect, it } from "vitest";
import { buildSnapshot, type HostSketch } from "../../../test/fleet-builder.js";
import { findPlan } from "./find-plan.js";
import type { PlanOutcome } from "./plan-outcome.js";

const ROUTER: HostSketch = {
  links: { e0: { on: "s", addresses: ["10.1.0.254/16"] } },
  sysctls: { ip_forward: 1 },
};

function planOf(before: HostSketch, after: HostSketch): PlanOutcome {
  return findPlan({
    before: buildSnapshot({ a: before, r: ROUTER }),
    after: buildSnapshot({ a: after, r: ROUTER }),
    clusters: [],
    invariants: [],
    strategies: ["live"],
  });
}

const host = (address: string, routes: readonly string[]): HostSketch => ({
  links: { e0: { on: "s", addresses: [address] } },
  routes,
});

describe("Flows to the world outside", () => {
  it("refuse a target that takes the last route to it away", () => {
    const outcome = planOf(host("10.1.1.3/16", ["default via 10.1.0.254"]), host("10.1.1.3/16", []));
    expect(outcome.kind).toBe("refused");
    if (outcome.kind !== "refused") return;
    expect(outcome.broken.map(({ from, why }) => [from, why])).toEqual([
      ["a", "an address of no host: the route to the world outside goes"],
    ]);
  });

  it("let a network become on-link that a gateway led to before", () => {
    const outcome = planOf(
      host("10.1.1.3/24", [
        "10.1.0.0/24 via 10.1.0.254 dev e0 onlink",
        "default via 10.1.0.254 dev e0 onlink",
      ]),
      host("10.1.1.3/16", ["default via 10.1.0.254 dev e0 onlink"]),
    );
    expect(outcome.kind).toBe("proved");
  });
});
