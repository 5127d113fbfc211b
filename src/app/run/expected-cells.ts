import { buildSnapshotWorld, judgeFlow, ownedAddresses, type Verdict } from "#dataplane/index.js";
import { formatIPv4, type IPv4, parseIPv4 } from "#ip/index.js";
import { type HostId, hostId, type Snapshot } from "#model/index.js";
import { isWiringHost } from "#plan/index.js";
import type { Cell } from "#rollout/index.js";
import type { PlanFile } from "../plan-file/schema.js";

/** One directed pair that is measured all along a run. */
export interface MeasuredPair {
  readonly from: HostId;
  readonly to: IPv4;
}

/** Beyond this many pairs those of the plan's own matrix are measured, one for each kind of flow. */
const MAX_PAIRS = 20_000;

/**
 * Which pairs are measured: every host of the fleet to every address that one of them owns at some time of the change, addresses that come or
 * go included. What the fleet does not own is not asked: nobody can promise its answers.
 */
export function choosePairs(plan: PlanFile, states: readonly Snapshot[]): readonly MeasuredPair[] {
  const hosts = [...(states[0]?.hosts.keys() ?? [])].filter((host) => !isWiringHost(host));
  const targets = ownedAddresses(states.flatMap((state) => [...state.hosts.values()]));
  if (hosts.length * targets.length <= MAX_PAIRS)
    return hosts.flatMap((from) => targets.map((to) => ({ from, to })));
  const owned = new Set(targets);
  const pairs = new Map<string, MeasuredPair>();
  for (const { from, to } of plan.phases.flatMap((phase) => phase.expected)) {
    const address = parseIPv4(to);
    if (address !== null && owned.has(address))
      pairs.set(`${from} ${to}`, { from: hostId(from), to: address });
  }
  return [...pairs.values()];
}

/** What the model of the kernel says of each pair in one state of the network. */
export function expectCells(state: Snapshot, pairs: readonly MeasuredPair[]): readonly Cell[] {
  const world = buildSnapshotWorld(state);
  return pairs.flatMap(({ from, to }) => {
    const host = world.indexOf.get(from);
    if (host === undefined) return [];
    const { verdicts } = judgeFlow(world, { host, to }, false);
    return [{ from, to: formatIPv4(to), expected: expectationOf(verdicts) }];
  });
}

/** Where the kernel may choose, or something is not modelled, nothing is expected; an echo that is lost on either way is lost. */
function expectationOf(verdicts: readonly Verdict[]): Cell["expected"] {
  const [only, ...others] = verdicts;
  if (only === undefined || only === "unknown" || others.length > 0) return "any";
  return only === "delivered" ? "delivered" : "lost";
}
