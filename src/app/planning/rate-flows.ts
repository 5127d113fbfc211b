import {
  addFullSize,
  buildSnapshotWorld,
  buildWorld,
  classifyHosts,
  type FleetClasses,
  type Flow,
  type FlowKind,
  foldFlows,
  hasMixedMtus,
  judgeExits,
  judgeFlow,
  labelClasses,
  lookupRoute,
  type StagedHost,
  sortVerdicts,
  type Verdict,
  type World,
} from "#dataplane/index.js";
import { type IPv4, ipv4, type Prefix } from "#ip/index.js";
import type { Cluster, Host, HostId, Invariant, Snapshot } from "#model/index.js";
import {
  collectMembers,
  type Exits,
  type HostChange,
  isWiringHost,
  peerInvariants,
  type RateFlow,
} from "#plan/index.js";
import { buildReach, type Reach } from "#prove/index.js";
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
  /** The same with the hosts that they are about. */
  readonly alike: AlikeHosts;
  /** MTUs differ somewhere on the way: flows are also judged with full-size packets. */
  readonly isSized: boolean;
}

/** Every host with all stages of the change, and which of them are alike. */
export interface AlikeHosts {
  readonly staged: readonly StagedHost[];
  readonly classes: FleetClasses;
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
  /** The network to come in its own wiring, where that is not the one that both ends were told in. */
  readonly target?: Snapshot;
  readonly clusters: readonly Cluster[];
  readonly operator?: HostId | null;
  readonly changes: readonly HostChange[];
  readonly invariants: readonly Invariant[];
}

/**
 * Judges each kind of flow at both ends. Hosts are alike only where all their stages are, and their part in clusters and invariants,
 * so that a flow may stand for another in every phase of every plan of this change.
 */
export function rateFlows(given: ChangeToRate): RatedChange {
  const invariants = [...peerInvariants(given.clusters, given), ...given.invariants];
  const change = { ...given, invariants };
  const { before } = change;
  const staged = stageHosts(before, change.changes);
  const reaches = findReached(staged, change.after);
  const classes = classify(change, staged, reaches);
  const outside = findOutsideAddresses(staged, prefixesOf(invariants));
  const small = foldFlows({
    world: buildWorld(staged, before.segments),
    classes,
    outside,
    demandOf: ({ from }) => (isWiringHost(from) ? null : true),
  });
  const isSized = hasMixedMtus([...staged, ...targetHosts(change.after)], before.segments);
  const isOutside = new Set(outside);
  const { kinds, kindOf } = isSized
    ? addFullSize(small, ({ to }) => (isOutside.has(to) ? null : true))
    : small;
  const ownerOf = indexOwners(staged);
  const ends = buildEnds(staged, change, reaches);
  const verdictsOf = memoiseEnds(ends, kinds);
  const exitsOf = memoiseExits(ends);
  const verdicts = (flow: Flow): EndVerdicts | null => {
    const kind = kindOf(flow);
    if (kind === null) return null;
    return { ...verdictsOf(kind), exits: isOutside.has(flow.to) ? exitsOf(flow) : null };
  };
  const invariantOf = (flow: Flow): Invariant | null => findInvariant(invariants, flow, ownerOf);
  return {
    kinds,
    verdicts,
    invariantOf,
    outside,
    isSized,
    alike: { staged, classes },
    labels: new Map(staged.map(({ id }, index) => [id, classes.names[index] ?? ""])),
    rate: (flow) => {
      const own = verdicts(flow);
      return {
        worksBefore: isDelivered(own?.before),
        worksAfter: isDelivered(own?.after),
        isLostAtBothEnds: own !== null && isLost(own.before) && isLost(own.after),
        loopsBefore: own?.before.includes("loop") === true,
        exits: own === null || own.exits === null ? null : [...own.exits.before, ...own.exits.after],
        stated: statedOf(flow, invariantOf(flow)),
      };
    },
  };
}

function prefixesOf(invariants: readonly Invariant[]): readonly Prefix[] {
  return invariants.flatMap(({ to }) => (to.kind === "prefix" ? [to.prefix] : []));
}

function targetHosts({ hosts }: Snapshot): readonly StagedHost[] {
  return [...hosts.values()].map((host) => ({ id: host.id, stages: [host] }));
}

/** What an invariant wants delivered is so where a small packet is; full-size ones are only kept from getting worse. */
function statedOf(flow: Flow, invariant: Invariant | null): "delivered" | "lost" | "free" | null {
  const expected = invariant?.expect ?? null;
  if (flow.size === undefined || expected === null) return expected;
  return expected === "delivered" ? null : "free";
}

/** The classes of the change; the target's own state of a host counts as one more stage where it is not the last one. */
function classify(
  { before, after, clusters, invariants, operator, changes }: ChangeToRate,
  staged: readonly StagedHost[],
  reaches: ReadonlySet<HostId>,
): FleetClasses {
  const members = collectMembers(clusters, []).hosts;
  const operationsOf = new Map(changes.map(({ host, operations }) => [host, operations]));
  const withTarget = staged.map(({ id, stages }) => {
    const target = after.hosts.get(id);
    const isEnd = target === undefined || reaches.has(id);
    const way = { operations: operationsOf.get(id) ?? [], left: [], starts: [] };
    return { id, stages: isEnd ? stages : [...stages, target], way };
  });
  const parts = staged.map((host): [HostId, string] => {
    const part = [members.has(host.id) ? "member" : "", host.id === operator ? "operator" : ""].join(" ");
    return [host.id, `${namedBy(invariants, host)} ${part}`];
  });
  return labelClasses(classifyHosts(withTarget, before.segments), staged, new Map(parts));
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

/** The hosts of a snapshot by the numbers that they have in the change; parts of the wiring come after them and are not in it. */
function inOrderOf(staged: readonly StagedHost[], { hosts, segments }: Snapshot): Snapshot {
  const ordered = staged.flatMap(({ id }) => hosts.get(id) ?? []);
  return { hosts: new Map(ordered.map((host) => [host.id, host])), segments };
}

interface Ends {
  readonly before: World;
  /** The end of the steps, and the target where that is not the same. */
  readonly after: readonly World[];
}

/** The hosts whose last stage is what the target has. */
function findReached(staged: readonly StagedHost[], after: Snapshot): ReadonlySet<HostId> {
  const reached = staged.filter(({ id, stages }) => holdsTheSame(stages.at(-1), after.hosts.get(id)));
  return new Set(reached.map(({ id }) => id));
}

function buildEnds(staged: readonly StagedHost[], change: ChangeToRate, reaches: ReadonlySet<HostId>): Ends {
  const {
    before: { segments },
    after,
    target: rewired,
  } = change;
  const only = (pick: (host: StagedHost) => Host | undefined): World =>
    buildWorld(
      staged.map((host) => ({ id: host.id, stages: [pick(host)].filter((one) => one !== undefined) })),
      segments,
    );
  const isReached = reaches.size === staged.length;
  const end = only(({ stages }) => stages.at(-1));
  const target = isReached ? [] : [only(({ id, stages }) => after.hosts.get(id) ?? stages.at(-1))];
  const isRewired = rewired !== undefined && rewired.segments !== after.segments;
  const judged = isRewired ? [buildSnapshotWorld(inOrderOf(staged, rewired))] : target;
  return { before: only(({ stages }) => stages[0]), after: [end, ...judged] };
}

function memoiseEnds(
  ends: Ends,
  kinds: readonly FlowKind<true>[],
): (kind: FlowKind<true>) => Omit<EndVerdicts, "exits"> {
  const known = new Map<FlowKind<true>, Omit<EndVerdicts, "exits">>();
  const judgeAtEnd = buildEndJudge(kinds);
  return (kind) => {
    const found = known.get(kind);
    if (found !== undefined) return found;
    const judged = {
      before: judgeAtEnd(ends.before, kind),
      after: sortVerdicts(ends.after.flatMap((end) => judgeAtEnd(end, kind))),
    };
    known.set(kind, judged);
    return judged;
  };
}

/** Judges single flows; where few hosts are alike, all senders of a destination at once before that. */
function buildEndJudge(
  kinds: readonly FlowKind<true>[],
): (world: World, kind: FlowKind<true>) => readonly Verdict[] {
  const reaches = new Map<World, Reach>();
  return (world, { key }) => {
    if (kinds.length >= world.hosts.length) {
      const reach = reaches.get(world) ?? buildReach(world);
      reaches.set(world, reach);
      if (reach.isDelivered(key)) return ["delivered"];
    }
    return judgeFlow(world, key, false).verdicts;
  };
}

/** Of each flow for itself: exits are hosts by name, and those of a flow are not those of another one that it stands for. */
function memoiseExits(ends: Ends): (flow: Flow) => OutsideEnds | null {
  const known = new Map<string, OutsideEnds>();
  return ({ from, to }) => {
    const host = ends.before.indexOf.get(from);
    if (host === undefined) return null;
    const name = `${host} ${to}`;
    const exits = known.get(name) ?? exitsAtEnds(ends, { host, to });
    known.set(name, exits);
    return exits;
  };
}

function exitsAtEnds({ before, after }: Ends, key: FlowKind<true>["key"]): OutsideEnds {
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
