import {
  buildWorld,
  classifyHosts,
  type Flow,
  type FlowKind,
  foldFlows,
  judgeExits,
  judgeFlow,
  lookupRoute,
  type StagedHost,
  sortVerdicts,
  type Verdict,
  type World,
} from "#dataplane/index.js";
import { type IPv4, ipv4 } from "#ip/index.js";
import type { Cluster, Host, HostId, Invariant, Snapshot } from "#model/index.js";
import { collectMembers, type Exits, type HostChange, type RateFlow } from "#plan/index.js";
import { findInvariant, indexOwners, namedBy } from "./invariants.js";
import { findOutsideAddresses } from "./outside-addresses.js";
import { holdsTheSame } from "./same-host.js";

/** Both ends of a change, and what every flow of it is worth. */
export interface RatedChange {
  readonly rate: RateFlow;
  /** Verdicts of one flow in the network as it is and as it will be. */
  readonly verdicts: (flow: Flow) => EndVerdicts | null;
  /** The invariant of the fleet that speaks of a flow, or null. */
  readonly invariantOf: (flow: Flow) => Invariant | null;
  /** One flow of each kind, with how many it stands for. */
  readonly kinds: readonly FlowKind<true>[];
  /** Destinations of no host that stand for the world outside. */
  readonly outside: readonly IPv4[];
  /** Hosts of different labels differ somewhere on the whole way of the change. */
  readonly labels: ReadonlyMap<HostId, string>;
}

/** What the kernel may decide for a flow at the two ends. The end is judged as the steps leave it and as the target itself has it. */
export interface EndVerdicts {
  readonly before: readonly Verdict[];
  readonly after: readonly Verdict[];
  /** Where a flow to an address of no host leaves the fleet, else null. */
  readonly exits: OutsideEnds | null;
}

/** What becomes of a flow to the world outside. */
export interface OutsideEnds {
  readonly before: Exits["exits"];
  readonly after: Exits["exits"];
  /** The sender has a route before and none after: a prefix that becomes on-link is no such loss. */
  readonly losesRoute: boolean;
}

/** A change to rate: its ends, the stages of those that move, and what the fleet states about flows. */
export interface ChangeToRate {
  readonly before: Snapshot;
  readonly after: Snapshot;
  readonly clusters: readonly Cluster[];
  readonly operator?: HostId | null;
  readonly changes: readonly HostChange[];
  readonly invariants: readonly Invariant[];
}

/**
 * Judges each kind of flow at both ends. Hosts are alike only where all their stages are, and their part in clusters and invariants,
 * so that a flow may stand for another in every phase of every plan of this change.
 */
export function rateFlows(change: ChangeToRate): RatedChange {
  const { before, invariants } = change;
  const staged = stageHosts(before, change.changes);
  const classes = classify(change, staged);
  const outside = findOutsideAddresses(staged);
  const { kinds, kindOf } = foldFlows({
    world: buildWorld(staged, before.segments),
    classes,
    outside,
    demandOf: () => true as const,
  });
  const ownerOf = indexOwners(staged);
  const verdictsOf = memoiseEnds(buildEnds(staged, change), new Set(outside));
  const verdicts = (flow: Flow): EndVerdicts | null => {
    const kind = kindOf(flow);
    return kind === null ? null : verdictsOf(kind);
  };
  const invariantOf = (flow: Flow): Invariant | null => findInvariant(invariants, flow, ownerOf);
  return {
    kinds,
    verdicts,
    invariantOf,
    outside,
    labels: new Map(staged.map(({ id }, index) => [id, classes[index] ?? ""])),
    rate: (flow) => {
      const ends = verdicts(flow);
      return {
        worksBefore: isDelivered(ends?.before),
        worksAfter: isDelivered(ends?.after),
        isLostAtBothEnds: ends !== null && isLost(ends.before) && isLost(ends.after),
        loopsBefore: ends?.before.includes("loop") === true,
        exits: ends === null || ends.exits === null ? null : [...ends.exits.before, ...ends.exits.after],
        stated: invariantOf(flow)?.expect ?? null,
      };
    },
  };
}

/** Short names of classes; the target's own state of a host counts as one more stage where it is not the last one. */
function classify(
  { before, after, clusters, invariants, operator }: ChangeToRate,
  staged: readonly StagedHost[],
): readonly string[] {
  const members = collectMembers(clusters, []).hosts;
  const withTarget = staged.map((host) => {
    const target = after.hosts.get(host.id);
    const isEnd = target === undefined || holdsTheSame(host.stages.at(-1), target);
    return isEnd ? host : { id: host.id, stages: [...host.stages, target] };
  });
  const classes = classifyHosts(withTarget, before.segments).map((shape, index) => {
    const host = staged[index];
    const isMember = host !== undefined && members.has(host.id);
    const part = [isMember ? "member" : "", host?.id === operator ? "operator" : ""].join(" ");
    return `${namedBy(invariants, host)} ${part} ${shape}`;
  });
  const numbers = new Map([...new Set(classes)].map((shape, index) => [shape, `k${index}`]));
  return classes.map((shape) => numbers.get(shape) ?? shape);
}

/** Every host with all its stages. */
export function stageHosts(before: Snapshot, changes: readonly HostChange[]): readonly StagedHost[] {
  const stages = new Map(changes.map((change) => [change.host, change.stages]));
  return [...before.hosts.values()].map((host) => ({ id: host.id, stages: stages.get(host.id) ?? [host] }));
}

/** Whether a flow is delivered whatever the kernel chooses. */
export function isDelivered(verdicts: readonly Verdict[] | undefined): boolean {
  return verdicts?.length === 1 && verdicts[0] === "delivered";
}

/** Whether a flow is not delivered whatever the kernel chooses. */
export function isLost(verdicts: readonly Verdict[]): boolean {
  return !verdicts.includes("delivered") && !verdicts.includes("unknown");
}

interface Ends {
  readonly before: World;
  /** The end of the steps, and the target where that is not the same. */
  readonly after: readonly World[];
}

function buildEnds(staged: readonly StagedHost[], { before: { segments }, after }: ChangeToRate): Ends {
  const only = (pick: (host: StagedHost) => Host | undefined): World =>
    buildWorld(
      staged.map((host) => ({ id: host.id, stages: [pick(host)].filter((one) => one !== undefined) })),
      segments,
    );
  const isReached = staged.every(({ id, stages }) => holdsTheSame(stages.at(-1), after.hosts.get(id)));
  const end = only(({ stages }) => stages.at(-1));
  const target = isReached ? [] : [only(({ id, stages }) => after.hosts.get(id) ?? stages.at(-1))];
  return { before: only(({ stages }) => stages[0]), after: [end, ...target] };
}

function memoiseEnds(ends: Ends, outside: ReadonlySet<IPv4>): (kind: FlowKind<true>) => EndVerdicts {
  const known = new Map<FlowKind<true>, EndVerdicts>();
  return (kind) => {
    const found = known.get(kind);
    if (found !== undefined) return found;
    const judged = {
      exits: outside.has(kind.key.to) ? exitsAtEnds(ends, kind) : null,
      before: judgeFlow(ends.before, kind.key, false).verdicts,
      after: sortVerdicts(ends.after.flatMap((world) => judgeFlow(world, kind.key, false).verdicts)),
    };
    known.set(kind, judged);
    return judged;
  };
}

function exitsAtEnds({ before, after }: Ends, { key }: FlowKind<true>): OutsideEnds {
  return {
    before: judgeExits(before, key),
    after: [...new Set(after.flatMap((world) => judgeExits(world, key)))],
    losesRoute: hasRoute(before, key) && !after.every((world) => hasRoute(world, key)),
  };
}

function hasRoute(world: World, { host, to }: FlowKind<true>["key"]): boolean {
  const state = world.hosts[host]?.stages[0];
  const asked = { source: ipv4(0), destination: to, incoming: null, outgoing: null };
  return state !== undefined && lookupRoute(state, asked).kind === "found";
}
