import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildWorld, ownedAddresses, type Verdict } from "#dataplane/index.js";
import { routedNetwork, stagedNetwork } from "../../test/random-network.js";
import { enumerateFlow } from "./enumerate.js";
import { buildReach } from "./reach.js";
import { isDeliveredByUnion } from "./union-graph.js";

const RUNS = Number(process.env["PROVE_RUNS"] ?? 150);

describe("isDeliveredByUnion against the enumeration of all states", () => {
  it("never certifies a flow that some state does not deliver, and certifies many", () => {
    let certified = 0;
    fc.assert(
      fc.property(stagedNetwork(5, 3), ({ hosts, segments }) => {
        const world = buildWorld(hosts, segments);
        for (const to of ownedAddresses(hosts.flatMap(({ stages }) => stages))) {
          for (const host of hosts.keys()) {
            if (!isDeliveredByUnion(world, { host, to }, { left: 1e6 })) continue;
            certified += 1;
            const verdicts = new Set<Verdict>();
            enumerateFlow(world, { host, to }, { left: 1e7 }, ({ verdict }) => {
              verdicts.add(verdict);
              return false;
            });
            expect([...verdicts], `${host} to ${to}`).toEqual(["delivered"]);
          }
        }
      }),
      { numRuns: RUNS },
    );
    // Of 150 runs some 190 flows are certified, give or take 36: a third is far from chance, and far from none.
    expect(certified).toBeGreaterThan(RUNS / 3);
  });
});

describe("buildReach against the enumeration of all states", () => {
  it("never certifies a flow that some state does not deliver, and certifies many", () => {
    let certified = 0;
    fc.assert(
      fc.property(fc.oneof(stagedNetwork(5, 3), routedNetwork(6)), ({ hosts, segments }) => {
        const world = buildWorld(hosts, segments);
        const reach = buildReach(world);
        for (const to of ownedAddresses(hosts.flatMap(({ stages }) => stages))) {
          for (const host of hosts.keys()) {
            if (!reach.isDelivered({ host, to })) continue;
            certified += 1;
            const verdicts = new Set<Verdict>();
            enumerateFlow(world, { host, to }, { left: 1e7 }, ({ verdict }) => {
              verdicts.add(verdict);
              return false;
            });
            expect([...verdicts], `${host} to ${to}`).toEqual(["delivered"]);
          }
        }
      }),
      { numRuns: RUNS },
    );
    expect(certified).toBeGreaterThan(RUNS);
  });
});
