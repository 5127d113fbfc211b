import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  buildWorld,
  classifyHosts,
  judgeFlow,
  ownedAddresses,
  type StagedHost,
  type Verdict,
} from "#dataplane/index.js";
import { type IPv4, ipv4 } from "#ip/index.js";
import type { HostId } from "#model/index.js";

import { allStates } from "../../test/brute-force.js";
import { type StagedNetwork, stagedNetwork } from "../../test/random-network.js";
import { symmetricNetwork } from "../../test/symmetric-network.js";
import { type PhaseProof, provePhase } from "./index.js";

const RUNS = Number(process.env["PROVE_RUNS"] ?? 150);

/** Addresses of no host: one outside of everything, and one among the pods of each node. */
function outsideOf({ hosts }: StagedNetwork): readonly IPv4[] {
  return [ipv4(0x09090909), ...hosts.map((_, node) => ipv4(0x0a2a0000 + node * 256 + 77))];
}

function prove(network: StagedNetwork, labels: ReadonlyMap<HostId, string>): PhaseProof {
  return provePhase({
    ...network,
    outside: outsideOf(network),
    demandOf: () => "any",
    labels,
    maxWalks: 1e7,
  });
}

/** The verdicts of every flow to every owned and outside address. */
function verdictsOf(
  network: StagedNetwork,
  labels: ReadonlyMap<HostId, string>,
): ReadonlyMap<string, readonly Verdict[]> {
  const proof = prove(network, labels);
  expect(proof.kind).toBe("proved");
  const targets = [...ownedAddresses(network.hosts.flatMap(({ stages }) => stages)), ...outsideOf(network)];
  return new Map(
    network.hosts.flatMap(({ id }) =>
      targets.map((to) => [
        `${id} ${to}`,
        proof.kind === "proved" ? (proof.lookup({ from: id, to })?.verdicts ?? []) : [],
      ]),
    ),
  );
}

function apart({ hosts }: StagedNetwork): ReadonlyMap<HostId, string> {
  return new Map(hosts.map(({ id }) => [id, id]));
}

describe("The proof with hosts that are alike taken as one", () => {
  it("says of every flow what the proof of each host for itself says", () => {
    const seen = { folded: 0, meshes: 0 };
    fc.assert(
      fc.property(fc.oneof(symmetricNetwork(5, 2), stagedNetwork(5, 3)), (network) => {
        const { names } = classifyHosts(network.hosts, network.segments);
        if (new Set(names).size < names.length) {
          seen.folded += 1;
          if (network.hosts.some(({ stages }) => (stages[0]?.fdb.length ?? 0) > 1)) seen.meshes += 1;
        }
        expect(verdictsOf(network, new Map())).toEqual(verdictsOf(network, apart(network)));
      }),
      { numRuns: RUNS },
    );
    expect(seen.folded).toBeGreaterThan(RUNS / 10);
    expect(seen.meshes).toBeGreaterThan(RUNS / 50);
  });

  it("says of every flow what all states say one by one", () => {
    fc.assert(
      fc.property(symmetricNetwork(4, 2), (network) => {
        const folded = verdictsOf(network, new Map());
        const expected = bruteForce(network);
        for (const [flow, verdicts] of expected) expect(new Set(folded.get(flow)), flow).toEqual(verdicts);
      }),
      { numRuns: Math.ceil(RUNS / 3) },
    );
  });
});

function bruteForce(network: StagedNetwork): ReadonlyMap<string, ReadonlySet<Verdict>> {
  const targets = [...ownedAddresses(network.hosts.flatMap(({ stages }) => stages)), ...outsideOf(network)];
  const seen = new Map<string, Set<Verdict>>();
  for (const state of allStates(network.hosts)) judgeState(network, state, { targets, seen });
  return seen;
}

function judgeState(
  { segments }: StagedNetwork,
  state: readonly StagedHost[],
  { targets, seen }: { readonly targets: readonly IPv4[]; readonly seen: Map<string, Set<Verdict>> },
): void {
  const world = buildWorld(state, segments);
  for (const [host, { id }] of state.entries()) {
    for (const to of targets) {
      const key = `${id} ${to}`;
      const known = seen.get(key) ?? new Set<Verdict>();
      seen.set(key, known);
      for (const verdict of judgeFlow(world, { host, to }, false).verdicts) known.add(verdict);
    }
  }
}
