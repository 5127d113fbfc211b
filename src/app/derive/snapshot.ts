import {
  bootHost,
  type Cluster,
  type Fleet,
  type FleetHost,
  type Host,
  type HostConfiguration,
  type HostId,
  type Issue,
  type Snapshot,
} from "#model/index.js";
import { assume } from "./assumptions.js";
import { deriveEtcdMembers } from "./etcd-members.js";
import { deriveHardware } from "./hardware.js";
import { buildMacSource, type MacSource } from "./mac.js";
import { deriveOverlay } from "./overlay.js";
import { platformSysctls } from "./platform-defaults.js";

/** What a cold boot of a whole fleet gives, with all that had to be said or assumed on the way. */
export interface DerivedNetwork {
  readonly snapshot: Snapshot;
  readonly configurations: ReadonlyMap<HostId, HostConfiguration>;
  readonly issues: readonly Issue[];
  readonly assumptions: readonly string[];
}

/**
 * Derives the snapshot that the hosts of a fleet have after a cold boot with these configurations: platform defaults, the
 * kernel's own work, and then the pod networks that flannel lays when k3s starts. A function of its arguments alone.
 */
export function deriveSnapshot(
  fleet: Fleet,
  configurations: ReadonlyMap<HostId, HostConfiguration>,
): DerivedNetwork {
  const macOf = buildMacSource(fleet.hosts.flatMap((host) => [...host.macs.values()]));
  const booted = fleet.hosts.map((host) => boot(fleet, host, { configurations, macOf }));
  let hosts: ReadonlyMap<HostId, Host> = new Map(booted.map(({ host }) => [host.id, host]));
  const issues = booted.flatMap((each) => [...each.issues]);
  const assumptions = [...assume.stated(fleet), ...assumedPlatforms(fleet)];
  for (const cluster of fleet.clusters) {
    const overlay = deriveOverlay({ cluster, hosts, configurations }, macOf);
    hosts = new Map([...hosts, ...overlay.hosts]);
    hosts = new Map([...hosts, ...deriveEtcdMembers({ cluster, hosts, configurations })]);
    issues.push(...overlay.issues);
    assumptions.push(...overlay.assumptions);
  }
  const segments = fleet.segments.map(({ id, ports }) => ({ id, ports }));
  return { snapshot: { hosts, segments }, configurations, issues, assumptions };
}

interface BootedHost {
  readonly host: Host;
  readonly issues: readonly Issue[];
}

function boot(
  fleet: Fleet,
  host: FleetHost,
  given: { readonly configurations: ReadonlyMap<HostId, HostConfiguration>; readonly macOf: MacSource },
): BootedHost {
  const configuration = given.configurations.get(host.id);
  if (configuration === undefined) throw new RangeError(`no configuration of \`${host.id}\``);
  const hardware = deriveHardware(fleet, host, { configuration, macOf: given.macOf });
  const result = bootHost({
    id: host.id,
    configuration,
    hardware,
    sysctls: platformSysctls(host, isK3sNode(fleet, host.id)),
  });
  const unread = configuration.issues.filter(
    (issue) => issue.severity === "error" && !result.host.unmodelled.includes(issue),
  );
  return {
    // What could not be read may say anything: verdicts that depend on this host are unknown, not wrong.
    host: { ...result.host, unmodelled: [...result.host.unmodelled, ...unread] },
    issues: [...new Set([...configuration.issues, ...result.issues])],
  };
}

function assumedPlatforms(fleet: Fleet): readonly string[] {
  const routers = fleet.hosts.filter((host) => host.os === "openwrt").map((host) => host.id);
  const nodes = fleet.hosts.map((host) => host.id).filter((id) => isK3sNode(fleet, id));
  const wired = new Set(
    fleet.segments.flatMap(({ ports }) => ports.map((port) => `${port.host} ${port.link}`)),
  );
  const known = new Set(
    fleet.hosts.flatMap((host) => [...host.macs.keys()].map((link) => `${host.id} ${link}`)),
  );
  const derived = [...wired].filter((port) => !known.has(port)).length;
  return [
    ...(routers.length > 0 ? [assume.forwardingRouters(routers)] : []),
    ...(nodes.length > 0 ? [assume.forwardingNodes(nodes)] : []),
    assume.kernelDefaults(),
    ...(derived > 0 ? [assume.derivedMacs(derived)] : []),
  ];
}

function isK3sNode(fleet: Fleet, id: HostId): boolean {
  const isMember = (cluster: Cluster): boolean =>
    [...cluster.servers, ...cluster.agents].some((member) => member.host === id);
  return fleet.clusters.some((cluster) => cluster.distribution === "k3s" && isMember(cluster));
}
