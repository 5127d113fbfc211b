import { DEFAULT_PREFIX, type IPv4, samePrefix } from "#ip/index.js";
import {
  type Cluster,
  type Host,
  type HostConfiguration,
  type HostId,
  type Issue,
  type K3sConfiguration,
  type LinkName,
  MAIN_TABLE,
  type Source,
} from "#model/index.js";
import { overlayIssue } from "./overlay-issues.js";
import type { Lease } from "./pod-leases.js";

/** A member as flannel sees it at its start. */
export interface OverlayNode extends Lease {
  /** The link and address by which the other nodes reach it. */
  readonly link: LinkName;
  readonly address: IPv4;
  readonly mtu: number;
  readonly source: Source;
}

/** What is known of a cluster's hosts. */
export interface Members {
  readonly cluster: Cluster;
  readonly hosts: ReadonlyMap<HostId, Host>;
  readonly configurations: ReadonlyMap<HostId, HostConfiguration>;
}

/**
 * Finds the link and address that flannel takes on each node: `flannel-iface`, else the link of the default route, and
 * that link's first global address; k3s, pkg/agent/flannel (LookupExtInterface). `node-ip` has no say in it.
 */
export function findOverlayNodes(
  members: Members,
  leases: readonly Lease[],
): { readonly nodes: readonly OverlayNode[]; readonly issues: readonly Issue[] } {
  const nodes: OverlayNode[] = [];
  const issues: Issue[] = [];
  for (const lease of leases) {
    const host = members.hosts.get(lease.host);
    if (host === undefined) continue;
    const k3s = members.configurations.get(lease.host)?.k3s ?? null;
    const found = findNode(host, { lease, k3s, source: k3s?.source ?? members.cluster.source });
    if ("node" in found) nodes.push(found.node);
    issues.push(...found.issues);
  }
  return { nodes, issues };
}

type Found =
  | { readonly node: OverlayNode; readonly issues: readonly Issue[] }
  | { readonly issues: readonly Issue[] };

function findNode(
  host: Host,
  given: { readonly lease: Lease; readonly k3s: K3sConfiguration | null; readonly source: Source },
): Found {
  const { lease, k3s, source } = given;
  const name = k3s?.flannelLink ?? defaultLink(host);
  const link = host.links.find((each) => each.name === name);
  if (link === undefined) return { issues: [overlayIssue.noNodeLink(host.id, source)] };
  const address = host.addresses.find((each) => each.link === link.name && each.scope === "global")?.ip;
  if (address === undefined) return { issues: [overlayIssue.noNodeAddress(host.id, link.name, source)] };
  const nodeIp = k3s?.nodeIp ?? null;
  return {
    node: { ...lease, link: link.name, address, mtu: link.mtu, source },
    issues:
      nodeIp === null || nodeIp === address
        ? []
        : [overlayIssue.nodeIpElsewhere(host.id, nodeIp, address, source)],
  };
}

/** The first global address of the link that a node takes for itself, or null. */
export function nodeAddress(host: Host, k3s: K3sConfiguration | null): IPv4 | null {
  const name = k3s?.flannelLink ?? defaultLink(host);
  return host.addresses.find((each) => each.link === name && each.scope === "global")?.ip ?? null;
}

/** The link of the default route that the kernel prefers. */
function defaultLink(host: Host): LinkName | null {
  const defaults = host.routes
    .filter(
      (route) =>
        route.table === MAIN_TABLE &&
        route.type === "unicast" &&
        route.link !== null &&
        samePrefix(route.destination, DEFAULT_PREFIX),
    )
    .sort((a, b) => a.metric - b.metric);
  return defaults[0]?.link ?? null;
}
