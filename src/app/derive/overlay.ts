import type { Prefix } from "#ip/index.js";
import type { FlannelBackend, Host, HostId, Issue, K3sConfiguration } from "#model/index.js";
import { assume } from "./assumptions.js";
import type { MacSource } from "./mac.js";
import { layHostGateway } from "./overlay-host-gateway.js";
import { overlayIssue } from "./overlay-issues.js";
import { findOverlayNodes, type Members, type OverlayNode } from "./overlay-nodes.js";
import type { LaidHost } from "./overlay-operations.js";
import { buildVxlanWays, layVxlan } from "./overlay-vxlan.js";
import { assignLeases } from "./pod-leases.js";

/** The hosts of a cluster with the pod network that flannel makes when k3s starts. */
export interface Overlay {
  readonly hosts: ReadonlyMap<HostId, Host>;
  readonly issues: readonly Issue[];
  readonly assumptions: readonly string[];
}

/**
 * Adds to booted hosts what flannel makes of their cluster: links, addresses, routes, neighbours and forwarding entries, as the
 * kernel takes them. A member that has no address for it stays as it is. Hosts outside the cluster are not in the result.
 */
export function deriveOverlay(members: Members, macOf: MacSource): Overlay {
  const { cluster } = members;
  const none = (why: string, issues: readonly Issue[] = []): Overlay => ({
    hosts: new Map(),
    issues,
    assumptions: [assume.noOverlay(cluster.name, why)],
  });
  if (cluster.distribution !== "k3s") return none("it is not k3s");
  const { backend, podCidr, issues } = readSettings(members);
  if (backend === "none") return none("its flannel backend is `none`", issues);
  if (backend === "wireguard-native") {
    return none("its flannel backend is `wireguard-native`", [
      ...issues,
      overlayIssue.notModelled(cluster, backend),
    ]);
  }
  const leases = assignLeases(cluster, podCidr);
  const found = findOverlayNodes(members, leases.leases);
  const laid = layAll(members, { nodes: found.nodes, backend, macOf });
  return {
    hosts: new Map(laid.map(({ host }) => [host.id, host])),
    issues: [...issues, ...leases.issues, ...found.issues, ...laid.flatMap((each) => each.issues)],
    assumptions: [
      ...(leases.isGuessed ? [assume.podLeases(cluster.name, leases.leases)] : []),
      assume.podBridge(cluster.name),
    ],
  };
}

interface Laying {
  readonly nodes: readonly OverlayNode[];
  readonly backend: "vxlan" | "host-gw";
  readonly macOf: MacSource;
}

function layAll({ hosts }: Members, { backend, nodes, macOf }: Laying): readonly LaidHost[] {
  const layOne = backend === "vxlan" ? vxlanLayer(nodes, macOf) : hostGatewayLayer(nodes, macOf);
  return nodes.flatMap((node) => {
    const host = hosts.get(node.host);
    return host === undefined ? [] : [layOne(host, node)];
  });
}

type Layer = (host: Host, node: OverlayNode) => LaidHost;

function vxlanLayer(nodes: readonly OverlayNode[], macOf: MacSource): Layer {
  const ways = buildVxlanWays(nodes, macOf);
  return (host, node) => layVxlan(host, { node, ways, macOf });
}

function hostGatewayLayer(nodes: readonly OverlayNode[], macOf: MacSource): Layer {
  return (host, node) => layHostGateway(host, { node, nodes, macOf });
}

interface Settings {
  readonly backend: FlannelBackend;
  readonly podCidr: Prefix;
  readonly issues: readonly Issue[];
}

/** The servers' configuration goes before the fleet file; k3s agents take both from the servers. */
function readSettings({ cluster, configurations }: Members): Settings {
  const servers = cluster.servers.flatMap(({ host }) => configurations.get(host)?.k3s ?? []);
  const speaking = servers.filter((k3s) => k3s.flannelBackend !== null);
  const [first] = speaking;
  return {
    backend: first?.flannelBackend ?? cluster.backend,
    podCidr: firstPodCidr(servers) ?? cluster.podCidr,
    issues:
      first === undefined
        ? []
        : speaking
            .filter((k3s) => k3s.flannelBackend !== first.flannelBackend)
            .map((k3s) => overlayIssue.backendsDiffer(cluster, k3s, first)),
  };
}

function firstPodCidr(servers: readonly K3sConfiguration[]): Prefix | null {
  return servers.find((k3s) => k3s.podCidr !== null)?.podCidr ?? null;
}
