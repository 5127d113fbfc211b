import type { IPv4 } from "#ip/index.js";
import type { Cluster, Host, HostId } from "#model/index.js";
import type { Precedence } from "./constraints.js";
import type { DemandOf, Exits, HostChange, PlanFlow, Strategy } from "./plan.js";
import { wiringPartOf } from "./wiring-hosts.js";

/** The fate of a flow at both ends of the change. */
export interface FlowRating {
  readonly worksBefore: boolean;
  readonly worksAfter: boolean;
  /** At neither end there is a way for it to arrive. */
  readonly isLostAtBothEnds: boolean;
  /** It may go in a circle before the change: no order can forbid what is there already. */
  readonly loopsBefore: boolean;
  /** For an address of no host: where the flow leaves the fleet at either end of the change; else null. */
  readonly exits: Exits["exits"] | null;
  /** What an invariant of the fleet says of the flow, else null. */
  readonly stated: "delivered" | "lost" | "free" | null;
}

/** Rates any flow of the fleet. */
export type RateFlow = (flow: PlanFlow) => FlowRating;

/** The cluster members as the strategies see them. */
export interface Members {
  readonly hosts: ReadonlySet<HostId>;
  readonly owners: ReadonlyMap<IPv4, HostId>;
  /** Whoever works from here needs a way to each host at all times: stopped services are no excuse. */
  readonly operator: HostId | null;
}

/**
 * The relational invariant as demands for one phase: what works before and after works in between, unless an invariant of
 * the fleet frees it or the strategy has stopped the services at one of its ends; what an invariant wants lost and is so at
 * both ends is so in between. A flow to an address of no host leaves the fleet where it does so before or after. What an
 * invariant wants changed is a matter of the end alone. The operator's flows are freed by no strategy. A loop is never free,
 * unless it is there before the change. Full-size packets are only asked about where they are to be delivered.
 */
export function buildDemands(
  rate: RateFlow,
  strategy: Strategy,
  members: Members,
): (moving: ReadonlySet<HostId>) => DemandOf {
  return (moving) => (flow) => {
    if (wiringPartOf(flow.from) !== null) return null;
    const wanted = wantedOf(rate(flow));
    const isStopped = (host: HostId): boolean => isStoppedIn(host, { strategy, members, moving });
    const isDemanded = wanted === "delivered" || typeof wanted === "object";
    const isExcused = flow.from !== members.operator && touches(flow, members, isStopped);
    const demand = isDemanded && isExcused ? "free" : wanted;
    return flow.size === "full" && demand !== "delivered" ? null : demand;
  };
}

/** What must hold when all phases are over and every service runs again, whatever caches remember: what the target itself gives. */
export function buildEndDemands(rate: RateFlow): DemandOf {
  return (flow) => {
    if (wiringPartOf(flow.from) !== null) return null;
    const rating = rate(flow);
    const demand = wantedOf({ ...rating, worksBefore: true });
    return flow.size === "full" && demand !== "delivered" ? null : demand;
  };
}

function wantedOf(rating: FlowRating): "delivered" | "lost" | "free" | "any" | Exits {
  if (rating.loopsBefore) return "any";
  if (rating.stated === "lost") return rating.isLostAtBothEnds ? "lost" : "free";
  if (rating.stated === "free") return "free";
  if (rating.exits !== null) return { exits: rating.exits };
  return rating.worksBefore && rating.worksAfter ? "delivered" : "free";
}

interface Stop {
  readonly strategy: Strategy;
  readonly members: Members;
  readonly moving: ReadonlySet<HostId>;
}

function isStoppedIn(host: HostId, { strategy, members, moving }: Stop): boolean {
  switch (strategy) {
    case "live":
      return false;
    case "rolling-stop":
      return members.hosts.has(host) && [...moving].some((mover) => hostOfMover(mover) === host);
    case "full-stop":
      return members.hosts.has(host);
  }
}

function touches(flow: PlanFlow, members: Members, isHit: (host: HostId) => boolean): boolean {
  const owner = members.owners.get(flow.to);
  return isHit(flow.from) || (owner !== undefined && isHit(owner));
}

/** Who is a member of a cluster, and whose each address is in any stage. */
export function collectMembers(
  clusters: readonly Cluster[],
  hosts: readonly Host[],
  operator: HostId | null = null,
): Members {
  return {
    operator,
    hosts: new Set(
      clusters.flatMap(({ servers, agents }) => [...servers, ...agents].map((member) => member.host)),
    ),
    owners: new Map(hosts.flatMap((host) => host.addresses.map((address) => [address.ip, host.id] as const))),
  };
}

/** The host that moves: where its switch port is put elsewhere it moves as well. */
function hostOfMover(id: HostId): HostId {
  const part = wiringPartOf(id);
  return part?.kind === "port" ? part.host : id;
}

/** Beyond this many members only the order of the fleet is tried: every order of n is n factorial of them. */
const MAX_FREE_ORDER = 6;

/** One cluster member after the other, as clauses, with the number of phases that takes. */
export interface Turns {
  readonly clauses: readonly (readonly Precedence[])[];
  readonly phases: number;
}

/** `rolling-stop` moves one cluster member after the other: in any order where they are few, else in that of the fleet. */
export function takeTurns(changes: readonly HostChange[], members: Members): Turns {
  const rolling = changes.filter(
    ({ host, operations }) => members.hosts.has(hostOfMover(host)) && operations.length > 0,
  );
  const groups = [...new Set(rolling.map(({ host }) => hostOfMover(host)))].map((member) =>
    rolling.filter(({ host }) => hostOfMover(host) === member),
  );
  const isFree = groups.length <= MAX_FREE_ORDER;
  const clauses = groups.flatMap((group, index) => {
    const others = isFree ? groups.slice(index + 1) : groups.slice(index + 1, index + 2);
    return others
      .flat()
      .flatMap((other) =>
        group.map((one) => (isFree ? [turn(one, other), turn(other, one)] : [turn(one, other)])),
      );
  });
  return { clauses, phases: Math.max(1, groups.length) };
}

function turn(one: HostChange, next: HostChange): Precedence {
  return {
    first: { host: one.host, stage: one.operations.length },
    second: { host: next.host, stage: 1 },
  };
}

/** Why a strategy does not keep etcd's quorum with one more independent failure, or null where it does. */
export function checkQuorum(
  clusters: readonly Cluster[],
  strategy: Strategy,
  changed: ReadonlySet<HostId>,
): string | null {
  if (strategy === "full-stop") return null;
  const stopped = strategy === "rolling-stop" ? 1 : 0;
  for (const { name, servers } of clusters) {
    const majority = Math.floor(servers.length / 2) + 1;
    const touched = new Set([...changed].map(hostOfMover));
    const isTouched = servers.some((server) => touched.has(server.host));
    const left = servers.length - stopped - 1;
    if (isTouched && stopped > 0 && left < majority) {
      return `cluster \`${name}\`: with ${stopped} of ${servers.length} etcd members stopped and one more failing ${left} are left, and a majority is ${majority}`;
    }
  }
  return null;
}
