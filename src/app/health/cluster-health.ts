import type { Cluster, HostId } from "#model/index.js";
import { inParallel, type SessionOf } from "#probe/index.js";
import type { HealthReading, HostServices, MeasureHealth } from "#rollout/index.js";
import { type HealthBaseline, noteBaseline } from "./baseline.js";
import { judgeKubernetes } from "./judge-kubernetes.js";
import { judgeLogs } from "./judge-logs.js";
import { judgeUnits } from "./judge-units.js";
import { askKubernetes, type KubernetesView } from "./kubernetes.js";
import { askLogs } from "./logs.js";
import { askMember } from "./member.js";
import { say } from "./messages.js";
import { joinReadings, judgeQuorum, type Members } from "./quorum.js";
import { askUnits, type HostUnits } from "./units.js";

/** What health is measured of. */
export interface HealthRequest {
  readonly clusters: readonly Cluster[];
  readonly sessionOf: SessionOf;
  /** Units that stand still meanwhile and have to run at the end; what their stop and start says is no distress. */
  readonly services: readonly HostServices[];
  /** What was noted before anything changed; null: not yet, or it was lost with the controller. */
  readonly baseline: HealthBaseline | null;
}

/** The health of the clusters of one run. */
export interface ClusterHealth {
  readonly measure: MeasureHealth;
  /** Notes members, units, nodes, pods and clocks before anything changes: what is not well then does not count later. */
  readonly takeBaseline: () => Promise<HealthBaseline>;
}

type Clocks = Readonly<Record<string, number>>;

const AT_ONCE = 16;

/**
 * Watches the health of clusters over probe sessions. `quorum`: more than half of the etcd members of each cluster are healthy; `all`: that,
 * the units of k3s, and nodes and pods as before where kubectl answered before; `logs`: no words of distress in the journals since the
 * baseline, or, where services stand still in the run, since `all` was first found well. Nothing of it throws, and all of it ends.
 */
export function watchHealth(request: HealthRequest): ClusterHealth {
  const { services } = request;
  let { baseline } = request;
  let since: Clocks | null = services.length === 0 ? (baseline?.clocks ?? null) : null;

  const all = async (): Promise<HealthReading> => {
    const units = await askAllUnits(request);
    const reading = joinReadings([
      judgeQuorum(request.clusters, await askMembers(request), membersOf(baseline)),
      ...[...units].map(([host, seen]) => judgeUnits({ host, seen, services, baseline })),
      ...(await askKubernetesOf(request)).map(([cluster, view]) => judgeKubernetes(cluster, view, baseline)),
    ]);
    if (reading.kind === "healthy") since ??= clocksOf(units);
    return reading;
  };

  return {
    measure: async (aspect) => {
      switch (aspect) {
        case "quorum":
          return judgeQuorum(request.clusters, await askMembers(request), membersOf(baseline));
        case "all":
          return all();
        case "logs":
          return readJournals(request, baseline, since);
      }
    },
    takeBaseline: async () => {
      const [members, units, views] = await Promise.all([
        askMembers(request),
        askAllUnits(request),
        askKubernetesOf(request),
      ]);
      const byName = new Map(views.map(([{ name }, view]) => [name, view]));
      baseline = noteBaseline({ members, units, views: byName });
      if (services.length === 0) since = baseline.clocks;
      return baseline;
    },
  };
}

function membersOf(baseline: HealthBaseline | null): ReadonlySet<HostId> | null {
  return baseline === null ? null : new Set(baseline.members);
}

async function askMembers({ clusters, sessionOf }: HealthRequest): Promise<Members> {
  const servers = clusters.flatMap((cluster) => cluster.servers.map(({ host }) => host));
  return new Map(
    await inParallel(servers, AT_ONCE, async (host) => [host, await askMember(sessionOf, host)] as const),
  );
}

async function askAllUnits(request: HealthRequest): Promise<ReadonlyMap<HostId, HostUnits>> {
  const { sessionOf, services } = request;
  const answers = await inParallel(hostsOf(request), AT_ONCE, async (host) => {
    const units = services.flatMap((service) => (service.host === host ? service.units : []));
    return [host, await askUnits(sessionOf, host, units)] as const;
  });
  return new Map(answers);
}

/** All members of the clusters, and whoever has services that stand still. */
function hostsOf({ clusters, services }: HealthRequest): readonly HostId[] {
  const members = clusters.flatMap(({ servers, agents }) => [...servers, ...agents].map(({ host }) => host));
  return [...new Set([...members, ...services.map(({ host }) => host)])];
}

function askKubernetesOf({
  clusters,
  sessionOf,
}: HealthRequest): Promise<readonly (readonly [Cluster, KubernetesView])[]> {
  return Promise.all(
    clusters.map(async (cluster) => [cluster, await askServers(sessionOf, cluster)] as const),
  );
}

/** The first server that has an answer counts; one that has none is not asked alone. */
async function askServers(sessionOf: SessionOf, { servers }: Cluster): Promise<KubernetesView> {
  let last: KubernetesView = { kind: "absent" };
  for (const { host } of servers) {
    const view = await askKubernetes(sessionOf, host);
    if (view.kind === "seen") return view;
    if (view.kind === "not-measured") last = view;
  }
  return last;
}

function clocksOf(units: ReadonlyMap<HostId, HostUnits>): Clocks {
  return Object.fromEntries(
    [...units].flatMap(([host, seen]) => (seen.kind === "seen" ? [[host, seen.clock]] : [])),
  );
}

/** Of hosts that are known to run units of k3s; the others have no journal of theirs. */
async function readJournals(
  request: HealthRequest,
  baseline: HealthBaseline | null,
  since: Clocks | null,
): Promise<HealthReading> {
  const stopped = new Set(request.services.map(({ host }) => host));
  const hosts = hostsOf(request).filter(
    (host) => baseline === null || stopped.has(host) || (baseline.units[host]?.length ?? 0) > 0,
  );
  const readings = await inParallel(hosts, AT_ONCE, async (host): Promise<HealthReading> => {
    const start = since?.[host];
    if (start === undefined) return { kind: "not-measured", why: say.logs(host, say.noStart) };
    return judgeLogs(host, await askLogs(request.sessionOf, host, start));
  });
  return joinReadings(readings);
}
