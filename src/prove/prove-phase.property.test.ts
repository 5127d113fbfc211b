import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildWorld, type Flow, judgeFlow, type Verdict } from "#dataplane/index.js";
import type { IPv4 } from "#ip/index.js";
import type { HostId } from "#model/index.js";
import { type StagedNetwork, stagedNetwork } from "../../test/random-network.js";
import { provePhase } from "./index.js";

const RUNS = Number(process.env["PROVE_RUNS"] ?? 150);

describe("provePhase against brute force over all states", () => {
  it("finds the same verdicts for every flow", () => {
    fc.assert(
      fc.property(stagedNetwork(5, 3), (network) => {
        const expected = bruteForce(network);
        const proof = provePhase({ ...network, demandOf: () => "free", labels: new Map(), maxWalks: 1e7 });
        const hasLoop = [...expected.values()].some((verdicts) => verdicts.has("loop"));
        expect(proof.kind).toBe(hasLoop ? "hazard" : "proved");
        if (proof.kind !== "proved") return;
        for (const [key, verdicts] of expected) {
          expect(new Set(proof.lookup(parseKey(key))?.verdicts), key).toEqual(verdicts);
        }
      }),
      { numRuns: RUNS },
    );
  });

  it("is safe exactly where no state breaks a demand, and its witness breaks it", () => {
    fc.assert(
      fc.property(stagedNetwork(4, 3), fc.nat(), (network, pick) => {
        const expected = bruteForce(network);
        const keys = [...expected.keys()];
        const key = keys[pick % keys.length] ?? "";
        const flow = parseKey(key);
        const isFlow = (other: Flow): boolean => other.from === flow.from && other.to === flow.to;
        const labels = new Map(network.hosts.map(({ id }) => [id, id]));
        const proof = provePhase({
          ...network,
          demandOf: (other) => (isFlow(other) ? "delivered" : null),
          labels,
          maxWalks: 1e7,
        });
        const verdicts = [...(expected.get(key) ?? [])];
        expect(proof.kind).toBe(verdicts.every((verdict) => verdict === "delivered") ? "proved" : "hazard");
        if (proof.kind === "hazard") checkWitness(network, proof.witness);
      }),
      { numRuns: RUNS },
    );
  });
});

/** In every state that has the witness's stages, whatever the others do, the flow has the witness's verdict. */
function checkWitness(
  network: StagedNetwork,
  witness: {
    readonly stages: readonly { host: HostId; stage: number }[];
    readonly flow: Flow;
    readonly verdict: Verdict;
  },
): void {
  const fixed = new Map(witness.stages.map(({ host, stage }) => [host, stage]));
  const hosts = network.hosts.map((host) => {
    const stage = host.stages[fixed.get(host.id) ?? -1];
    return stage === undefined ? host : { id: host.id, stages: [stage] };
  });
  for (const [key, verdicts] of bruteForceStates({ ...network, hosts })) {
    const flow = parseKey(key);
    if (flow.from !== witness.flow.from || flow.to !== witness.flow.to) continue;
    for (const state of verdicts) expect(state).toContain(witness.verdict);
  }
}

function bruteForce(network: StagedNetwork): ReadonlyMap<string, ReadonlySet<Verdict>> {
  return new Map([...bruteForceStates(network)].map(([key, states]) => [key, new Set(states.flat())]));
}

/** For each flow the verdicts of each state: every combination of stages is a world of its own. */
function bruteForceStates(network: StagedNetwork): ReadonlyMap<string, readonly (readonly Verdict[])[]> {
  const results = new Map<string, (readonly Verdict[])[]>();
  const targets = [
    ...new Set(
      network.hosts.flatMap(({ stages }) =>
        stages.flatMap((stage) => stage.addresses.map((address) => address.ip)),
      ),
    ),
  ].filter((ip) => ip >>> 24 !== 127);
  for (const state of combinations(network)) {
    const world = buildWorld(state.hosts, state.segments);
    for (const [host, { id }] of network.hosts.entries()) {
      for (const to of targets) {
        const key = `${id} ${to}`;
        results.set(key, [...(results.get(key) ?? []), judgeFlow(world, { host, to }, false).verdicts]);
      }
    }
  }
  return results;
}

function combinations(network: StagedNetwork): readonly StagedNetwork[] {
  return network.hosts
    .reduce<readonly StagedNetwork["hosts"][]>(
      (states, host) =>
        states.flatMap((state) => host.stages.map((stage) => [...state, { id: host.id, stages: [stage] }])),
      [[]],
    )
    .map((hosts) => ({ hosts, segments: network.segments }));
}

function parseKey(key: string): Flow {
  const [from, to] = key.split(" ");
  return { from: (from ?? "") as HostId, to: Number(to) as IPv4 };
}
