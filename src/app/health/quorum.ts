import type { Cluster, HostId } from "#model/index.js";
import type { HealthReading } from "#rollout/index.js";
import type { MemberHealth } from "./member.js";
import { say } from "./messages.js";

/** The members of the clusters, by host. */
export type Members = ReadonlyMap<HostId, MemberHealth>;

/** How many of so many members are more than half. */
function majorityOf(members: number): number {
  return Math.floor(members / 2) + 1;
}

/**
 * Whether each cluster keeps its quorum: more than half of its servers have a healthy member. `before`: how they were before the change, or
 * null where nobody looked; a cluster without a single member that listened then keeps its state elsewhere (SQLite, an external database),
 * and so does one of a single server without a member. Enough members that were not measured make the answer `not-measured`.
 */
export function judgeQuorum(
  clusters: readonly Cluster[],
  members: Members,
  before: ReadonlySet<HostId> | null,
): HealthReading {
  const readings = clusters.map((cluster) => judgeCluster(cluster, members, before));
  return joinReadings(readings);
}

function judgeCluster(cluster: Cluster, members: Members, before: ReadonlySet<HostId> | null): HealthReading {
  const servers = cluster.servers.map(({ host }) => host);
  const states = servers.map((host): [HostId, MemberHealth] => [
    host,
    members.get(host) ?? { kind: "not-measured", why: say.notAsked },
  ]);
  const isSilent = states.every(([, { kind }]) => kind === "silent");
  const hadMembers = before === null ? servers.length > 1 : servers.some((host) => before.has(host));
  if (isSilent && !hadMembers) return { kind: "healthy" };
  const healthy = states.filter(([, { kind }]) => kind === "healthy").length;
  const unknown = states.filter(([, { kind }]) => kind === "not-measured").length;
  const needed = majorityOf(servers.length);
  if (healthy >= needed) return { kind: "healthy" };
  const counted = { cluster: cluster.name, healthy, members: servers.length, needed };
  const details = states.flatMap(([host, state]) => wordsOf(host, state));
  if (healthy + unknown >= needed)
    return { kind: "not-measured", why: say.quorumUnknown({ ...counted, details }) };
  return { kind: "unhealthy", what: [say.noQuorum(counted), ...details] };
}

/** One sentence of a member that is not healthy; none of one that is. */
export function wordsOf(host: HostId, state: MemberHealth): readonly string[] {
  switch (state.kind) {
    case "healthy":
      return [];
    case "silent":
      return [say.silent(host)];
    case "unhealthy":
      return [say.memberUnhealthy(host, state.what)];
    case "not-measured":
      return [say.memberNotMeasured(host, state.why)];
  }
}

/** The worst of several: unhealthy before not measured before healthy; what is unhealthy is told together. */
export function joinReadings(readings: readonly HealthReading[]): HealthReading {
  const what = readings.flatMap((reading) => (reading.kind === "unhealthy" ? reading.what : []));
  if (what.length > 0) return { kind: "unhealthy", what };
  const why = readings.flatMap((reading) => (reading.kind === "not-measured" ? [reading.why] : []));
  return why.length > 0 ? { kind: "not-measured", why: why.join("; ") } : { kind: "healthy" };
}
