import { hostPrefix, type IPv4 } from "#ip/index.js";
import type { Cluster, Host, HostId, Invariant, Snapshot } from "#model/index.js";
import type { Precedence } from "./constraints.js";
import type { FlowRating, RateFlow } from "./demands.js";
import type {
  HostChange,
  PhaseAnswer,
  PhaseQuestion,
  PhaseWitness,
  PlanFlow,
  Prove,
  Strategy,
} from "./plan.js";

/**
 * What the members of an embedded etcd need while their peer addresses change: a member is dialled at its old address until its own
 * update, and at the new one from then on. So for each both addresses have to be reached while it is updated, and only one member at a
 * time is; etcd.io, "Runtime reconfiguration", update advertise peer URLs.
 */
export function takePeerTurns(
  changes: readonly HostChange[],
  clusters: readonly Cluster[],
): readonly (readonly Precedence[])[] {
  const updates = updatesOf(changes);
  const alone = updates.flatMap(({ host, stage, last }) => [
    ...(stage > 1 ? [[before({ host, stage: stage - 1 }, { host, stage })]] : []),
    ...(stage < last ? [[before({ host, stage }, { host, stage: stage + 1 })]] : []),
  ]);
  const turns = clusters.flatMap(({ servers }) => {
    const own = updates.filter(({ host }) => servers.some((server) => server.host === host));
    return own.flatMap((one, index) => own.slice(index + 1).map((other) => inTurn(one, other, own.length)));
  });
  return [...alone, ...turns];
}

/** Beyond this many members only the order of the fleet is tried. */
const MAX_FREE_ORDER = 5;

function inTurn(one: Update, other: Update, members: number): readonly Precedence[] {
  return members > MAX_FREE_ORDER ? [before(one, other)] : [before(one, other), before(other, one)];
}

function before(first: Precedence["first"], second: Precedence["second"]): Precedence {
  return {
    first: { host: first.host, stage: first.stage },
    second: { host: second.host, stage: second.stage },
  };
}

/** The operation, numbered from 1, by which a member's peer address changes, of so many. */
interface Update {
  readonly host: HostId;
  readonly stage: number;
  readonly last: number;
}

function updatesOf(changes: readonly HostChange[]): readonly Update[] {
  return changes.flatMap(({ host, operations }) => {
    const index = operations.findIndex(({ kind }) => kind === "etcd-peer");
    return index < 0 ? [] : [{ host, stage: index + 1, last: operations.length }];
  });
}

/** Why the members cannot be told new addresses one after the other by a majority that runs, or null where they can. */
export function checkPeerQuorum(
  clusters: readonly Cluster[],
  strategy: Strategy,
  changes: readonly HostChange[],
): string | null {
  const updated = new Set(updatesOf(changes).map(({ host }) => host));
  for (const { name, servers } of clusters) {
    if (!servers.some(({ host }) => updated.has(host))) continue;
    if (strategy === "full-stop")
      return `cluster \`${name}\`: etcd is told the new peer addresses of its members while it runs, and \`full-stop\` has it stopped`;
    const majority = Math.floor(servers.length / 2) + 1;
    if (servers.length - 1 < majority)
      return `cluster \`${name}\`: while one of ${servers.length} etcd members restarts for its new peer address ${servers.length - 1} ${servers.length === 2 ? "is" : "are"} left, and a majority is ${majority}`;
  }
  return null;
}

/** At the end every member has to reach every other one at its new peer address: no address that nobody dials today would be missed. */
export function peerInvariants(
  clusters: readonly Cluster[],
  { before: old, after }: { readonly before: Snapshot; readonly after: Snapshot },
): readonly Invariant[] {
  return clusters.flatMap(({ name, servers, source }) =>
    servers.flatMap(({ host: member }) => {
      const peer = after.hosts.get(member)?.etcdPeer;
      if (peer === undefined || peer === old.hosts.get(member)?.etcdPeer) return [];
      const others = servers.filter(({ host }) => host !== member);
      return others.map(
        ({ host }): Invariant => ({
          from: { kind: "host", host },
          to: { kind: "prefix", prefix: hostPrefix(peer) },
          expect: "delivered",
          why: `etcd of cluster \`${name}\`: its members dial \`${member}\` at this address`,
          source,
        }),
      );
    }),
  );
}

interface Peering {
  readonly clusters: readonly Cluster[];
  readonly strategy: Strategy;
  readonly rate: RateFlow;
}

/** The same proof, with the demand that members reach each other wherever they are dialled in some stage of the phase. */
export function withPeers<P, W extends PhaseWitness & { readonly flow: PlanFlow }>(
  prove: Prove<P, W>,
  { clusters, strategy, rate }: Peering,
): Prove<P, W> {
  if (strategy === "full-stop") return prove;
  return (question) => {
    const dialled = indexPeers(question);
    if (dialled.size === 0) return prove(question);
    const isPeered = ({ from, to }: PlanFlow): boolean => {
      const member = dialled.get(to);
      return member !== undefined && areTogether(clusters, from, member);
    };
    const demandOf: typeof question.demandOf = (flow) => {
      const demand = question.demandOf(flow);
      if (demand !== "free" || !isPeered(flow) || isExcused(flow, dialled, { strategy, question }))
        return demand;
      return hasWorked(rate(flow)) ? "delivered" : demand;
    };
    return tieToPeer(prove({ ...question, demandOf }), question, dialled);
  };
}

function hasWorked({ worksBefore, worksAfter }: FlowRating): boolean {
  return worksBefore || worksAfter;
}

/** Whose peer address an address is in some stage of the phase, where the whole change changes that member's. */
function indexPeers({ hosts, whole }: PhaseQuestion): ReadonlyMap<IPv4, HostId> {
  const peersOf = (stages: readonly Host[]): ReadonlySet<IPv4> =>
    new Set(stages.flatMap(({ etcdPeer }) => (etcdPeer === undefined ? [] : [etcdPeer])));
  const moving = new Set(whole.flatMap(({ id, stages }) => (peersOf(stages).size > 1 ? [id] : [])));
  return new Map(
    hosts
      .filter(({ id }) => moving.has(id))
      .flatMap(({ id, stages }) => [...peersOf(stages)].map((peer) => [peer, id] as const)),
  );
}

function areTogether(clusters: readonly Cluster[], one: HostId, other: HostId): boolean {
  const has = ({ servers }: Cluster, id: HostId): boolean => servers.some(({ host }) => host === id);
  return one !== other && clusters.some((cluster) => has(cluster, one) && has(cluster, other));
}

/** Under `rolling-stop` the member that moves stands still, and nobody dials it. */
function isExcused(
  { from, to }: PlanFlow,
  dialled: ReadonlyMap<IPv4, HostId>,
  { strategy, question }: { readonly strategy: Strategy; readonly question: PhaseQuestion },
): boolean {
  const member = dialled.get(to);
  const isStopped = (host: HostId): boolean => strategy === "rolling-stop" && question.moving.has(host);
  return isStopped(from) || (member !== undefined && isStopped(member));
}

/**
 * A flow to a peer address is bad only while that member is dialled there. The update changes no packet's way, so the stages beside it
 * are the same to the walk, and the witness names the one in which the address is dialled.
 */
function tieToPeer<P, W extends PhaseWitness & { readonly flow: PlanFlow }>(
  answer: PhaseAnswer<P, W>,
  { hosts }: PhaseQuestion,
  dialled: ReadonlyMap<IPv4, HostId>,
): PhaseAnswer<P, W> {
  if (answer.kind !== "hazard") return answer;
  const { witness } = answer;
  const member = dialled.get(witness.flow.to);
  const stages = hosts.find(({ id }) => id === member)?.stages ?? [];
  const isDialled = (index: number): boolean => stages[index]?.etcdPeer === witness.flow.to;
  const named = witness.stages.find(({ host }) => host === member);
  if (member === undefined || (named !== undefined && isDialled(named.stage))) return answer;
  if (named === undefined && stages.every((_, index) => isDialled(index)))
    return { kind: "hazard", witness: { ...witness, conditions: [...witness.conditions, member] } };
  const near = stages.findIndex((_, index) => isDialled(index));
  const others = witness.stages.filter(({ host }) => host !== member);
  return { kind: "hazard", witness: { ...witness, stages: [...others, { host: member, stage: near }] } };
}
