import {
  buildWorld,
  type Flow,
  judgeFlow,
  ownedAddresses,
  type StagedHost,
  type Verdict,
  type World,
} from "#dataplane/index.js";
import { formatIPv4 } from "#ip/index.js";
import type { Segment } from "#model/index.js";
import type { ExpectedFlow } from "./plan-outcome.js";
import type { ProvedPhaseProof } from "./proof.js";

type ProvedFlow = ProvedPhaseProof["flows"][number];

/** Beyond this many flows the matrix of a phase is written by kinds and not flow by flow. */
const MAX_LISTED = 20_000;

/** What the gate of a phase expects: every flow's verdicts while the phase runs, from its proof, and in the state that ends it. */
export function expectFlows(
  proof: ProvedPhaseProof,
  hosts: readonly StagedHost[],
  segments: readonly Segment[],
): readonly ExpectedFlow[] {
  const last = hosts.map(({ id, stages }) => ({ id, stages: stages.slice(-1) }));
  const end = buildWorld(last, segments);
  const targets = ownedAddresses(hosts.flatMap(({ stages }) => stages));
  const isListed = hosts.length * targets.length <= MAX_LISTED;
  const ends = new Map<ProvedFlow, readonly Verdict[]>();
  // Hosts that are alike in the phase are so in its end: one flow of a kind speaks for all of them.
  const afterOf = (proved: ProvedFlow): readonly Verdict[] => {
    const known = ends.get(proved) ?? expectFlow(end, proved.flow, proved.verdicts).after;
    ends.set(proved, known);
    return known;
  };
  if (!isListed) {
    return proof.flows
      .filter(({ flow }) => flow.size === undefined)
      .map(({ flow, verdicts, count }) => ({ ...expectFlow(end, flow, verdicts), count }));
  }
  return hosts.flatMap(({ id }) =>
    targets.flatMap((to) => {
      const proved = proof.lookup({ from: id, to });
      if (proved === null) return [];
      return [{ from: id, to: formatIPv4(to), count: 1, during: proved.verdicts, after: afterOf(proved) }];
    }),
  );
}

function expectFlow(end: World, flow: Flow, during: readonly Verdict[]): ExpectedFlow {
  const host = end.indexOf.get(flow.from) ?? 0;
  const after = judgeFlow(end, { host, to: flow.to }, false).verdicts;
  return { from: flow.from, to: formatIPv4(flow.to), count: 1, during, after };
}
