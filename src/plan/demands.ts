import type { IPv4 } from "#ip/index.js";
import type { Cluster, Host, HostId } from "#model/index.js";
import type { Precedence } from "./constraints.js";
import type { DemandOf, HostChange, PlanFlow, Strategy } from "./plan.js";

/** The fate of a flow at both ends of the change. */
export interface FlowRating {
  readonly worksBefore: boolean;
  readonly worksAfter: boolean;
  /** What an invariant of the fleet says of the flow, else null. */
  readonly stated: "delivered" | "free" | null;
}

/** Rates any flow of the fleet. */
export type RateFlow = (flow: PlanFlow) => FlowRating;

/** The cluster members as the strategies see them. */
export interface Members {
  readonly hosts: ReadonlySet<HostId>;
  readonly owners: ReadonlyMap<IPv4, HostId>;
}

/**
 * The relational invariant as demands for one phase: what works before and after works in between, unless an invariant of
 * the fleet frees it or the strategy has stopped the services at one of its ends. Loops are never free.
 */
export function buildDemands(
  rate: RateFlow,
  strategy: Strategy,
  members: Members,
): (moving: ReadonlySet<HostId>) => DemandOf {
  return (moving) => (flow) => {
    const { worksBefore, worksAfter, stated } = rate(flow);
    const isDemanded = stated === null ? worksBefore && worksAfter : stated === "delivered";
    if (!isDemanded) return "free";
    return touches(flow, members, (host) => isStoppedIn(host, { strategy, members, moving }))
      ? "free"
      : "delivered";
  };
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
      return members.hosts.has(host) && moving.has(host);
    case "full-stop":
      return members.hosts.has(host);
  }
}

function touches(flow: PlanFlow, members: Members, isHit: (host: HostId) => boolean): boolean {
  const owner = members.owners.get(flow.to);
  return isHit(flow.from) || (owner !== undefined && isHit(owner));
}

/** Who is a member of a cluster, and whose each address is in any stage. */
export function collectMembers(clusters: readonly Cluster[], hosts: readonly Host[]): Members {
  return {
    hosts: new Set(
      clusters.flatMap(({ servers, agents }) => [...servers, ...agents].map((member) => member.host)),
    ),
    owners: new Map(hosts.flatMap((host) => host.addresses.map((address) => [address.ip, host.id] as const))),
  };
}

/** `rolling-stop` moves one cluster member after the other, in the order of the fleet. */
export function oneByOne(changes: readonly HostChange[], members: Members): readonly Precedence[] {
  const rolling = changes.filter(({ host, operations }) => members.hosts.has(host) && operations.length > 0);
  return rolling.slice(1).map((change, index) => {
    const before = rolling[index] ?? change;
    return {
      first: { host: before.host, stage: before.operations.length },
      second: { host: change.host, stage: 1 },
    };
  });
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
    const isTouched = servers.some((server) => changed.has(server.host));
    const left = servers.length - stopped - 1;
    if (isTouched && stopped > 0 && left < majority) {
      return `cluster \`${name}\`: with ${stopped} of ${servers.length} etcd members stopped and one more failing ${left} are left, and a majority is ${majority}`;
    }
  }
  return null;
}
