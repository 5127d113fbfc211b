import { covers, type IPv4, type Prefix, parsePrefix, prefix } from "#ip/index.js";
import type {
  Cluster,
  ClusterMember,
  FlannelBackend,
  Host,
  HostConfiguration,
  HostId,
  K3sConfiguration,
  Link,
  Source,
} from "#model/index.js";
import type { CheckInput } from "./rule.js";

/** A cluster as it will run: what the fleet file says, overruled by what the servers' configuration says. */
export interface ClusterView {
  readonly name: string;
  /** Servers first. */
  readonly members: readonly MemberView[];
  readonly podCidr: Prefix;
  /** null where only live links speak of the cluster. */
  readonly serviceCidr: Prefix | null;
  readonly vip: IPv4 | null;
  readonly source: Source | null;
}

/** A host of the snapshot as a member. */
export interface MemberView {
  readonly host: Host;
  /** null where only live links speak of the cluster. */
  readonly isServer: boolean | null;
  readonly backend: FlannelBackend;
  /** null where no configuration of k3s is known. */
  readonly k3s: K3sConfiguration | null;
  /** The k3s configuration, else the line of the fleet file. */
  readonly source: Source | null;
}

/** What k3s takes where nothing is said; https://docs.k3s.io/cli/server. */
const DEFAULT_POD_CIDR = "10.42.0.0/16";
const DEFAULT_SERVICE_CIDR = "10.43.0.0/16";

/**
 * The clusters of the fleet file; without any, the hosts whose configuration speaks of k3s are one cluster; without
 * these, the hosts that have a VXLAN link of flannel, with the smallest network that has all their pod networks.
 */
export function clustersOf(input: CheckInput): readonly ClusterView[] {
  const stated = input.fleet?.clusters ?? [];
  if (stated.length > 0) return stated.map((cluster) => viewStated(input, cluster));
  const configured = viewConfigured(input);
  return configured.length > 0 ? configured : viewLive(input);
}

/** Links that the cluster makes for its own networks: their prefixes lie in the pod or service CIDR on purpose. */
export function isClusterLink(link: Link): boolean {
  return (
    link.type.kind === "vxlan" ||
    /^(?:cni|flannel|cali|cilium|lxc|kube-|nodelocaldns|weave|antrea|veth)/.test(link.name)
  );
}

function viewStated(input: CheckInput, cluster: Cluster): ClusterView {
  const servers = viewMembers(input, cluster.servers, { isServer: true, backend: cluster.backend });
  const backend = servers[0]?.backend ?? cluster.backend;
  const agents = viewMembers(input, cluster.agents, { isServer: false, backend });
  return {
    name: cluster.name,
    members: [...servers, ...agents],
    podCidr: firstOf(servers, (k3s) => k3s.podCidr) ?? cluster.podCidr,
    serviceCidr: firstOf(servers, (k3s) => k3s.serviceCidr) ?? cluster.serviceCidr,
    vip: cluster.vip,
    source: cluster.source,
  };
}

function viewMembers(
  input: CheckInput,
  members: readonly ClusterMember[],
  shared: Pick<MemberView, "isServer" | "backend">,
): readonly MemberView[] {
  return members.flatMap((member) => {
    const host = input.snapshot.hosts.get(member.host);
    if (host === undefined) return [];
    const k3s = input.configurations.get(member.host)?.k3s ?? null;
    const source = k3s?.source ?? member.source;
    return { ...shared, host, k3s, source, backend: k3s?.flannelBackend ?? shared.backend };
  });
}

function viewConfigured(input: CheckInput): readonly ClusterView[] {
  const found = [...input.configurations].flatMap(([id, configuration]) =>
    viewConfiguredMember(input, id, configuration),
  );
  if (found.length === 0) return [];
  const servers = found.filter((member) => member.isServer);
  const backend = firstOf(servers, (k3s) => k3s.flannelBackend) ?? "vxlan";
  const members = [...servers, ...found.filter((member) => !member.isServer)];
  const podCidr = firstOf(servers, (k3s) => k3s.podCidr) ?? parsePrefix(DEFAULT_POD_CIDR);
  const serviceCidr = firstOf(servers, (k3s) => k3s.serviceCidr) ?? parsePrefix(DEFAULT_SERVICE_CIDR);
  if (podCidr === null || serviceCidr === null) return [];
  return [
    {
      name: "k3s",
      members: members.map((member) => ({ ...member, backend: member.k3s?.flannelBackend ?? backend })),
      podCidr,
      serviceCidr,
      vip: null,
      source: members[0]?.source ?? null,
    },
  ];
}

function viewConfiguredMember(
  input: CheckInput,
  id: HostId,
  { k3s }: HostConfiguration,
): readonly MemberView[] {
  const host = input.snapshot.hosts.get(id);
  if (host === undefined || k3s === null || k3s.role === null) return [];
  return [{ host, isServer: k3s.role === "server", backend: "vxlan", k3s, source: k3s.source }];
}

function firstOf<T>(members: readonly MemberView[], read: (k3s: K3sConfiguration) => T | null): T | null {
  for (const { k3s } of members) {
    const value = k3s === null ? null : read(k3s);
    if (value !== null) return value;
  }
  return null;
}

function viewLive(input: CheckInput): readonly ClusterView[] {
  const hosts = [...input.snapshot.hosts.values()].filter((host) => host.links.some(isFlannelVxlan));
  const podCidr = smallestCover(hosts.flatMap(podNetworks));
  if (podCidr === null) return [];
  const shared = { isServer: null, backend: "vxlan", k3s: null, source: null } as const;
  const members = hosts.map((host) => ({ ...shared, host }));
  return [{ name: "flannel", members, podCidr, serviceCidr: null, vip: null, source: null }];
}

/** flanneld names the link after its VNI; https://github.com/flannel-io/flannel/blob/master/Documentation/backends.md. */
function isFlannelVxlan(link: Link): boolean {
  return link.type.kind === "vxlan" && link.name.startsWith("flannel.");
}

function podNetworks(host: Host): readonly Prefix[] {
  const links = new Set(host.links.filter(isClusterLink).map((link) => link.name));
  return host.routes
    .filter((route) => route.type === "unicast" && route.link !== null && links.has(route.link))
    .map((route) => route.destination)
    .filter((network) => network.length > 0);
}

function smallestCover(networks: readonly Prefix[]): Prefix | null {
  let cover = networks[0] ?? null;
  for (const network of networks) {
    while (cover !== null && !covers(cover, network)) cover = prefix(cover.address, cover.length - 1);
  }
  return cover;
}
