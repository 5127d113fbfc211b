import {
  formatIPv4,
  formatPrefix,
  type IPv4,
  ipv4,
  type Mac,
  type Prefix,
  prefix,
  samePrefix,
} from "#ip/index.js";
import type { Cluster, Host, HostId, Snapshot } from "#model/index.js";
import type { PlatformHost } from "./platform-host.js";

/**
 * What `standin/k3s` needs to know of its cluster, one fact a line; null where the host is no member of a k3s cluster. All of it follows
 * from the derived snapshot, so that the kernel holds in the end what was derived.
 */
export function clusterFacts({ fleet, host, snapshot }: PlatformHost): string | null {
  const cluster = fleet.clusters.find((each) => each.distribution === "k3s" && hasMember(each, host.id));
  const state = snapshot.hosts.get(host.id);
  if (cluster === undefined || state === undefined) return null;
  const isServer = cluster.servers.some((member) => member.host === host.id);
  const lines = [
    `role ${isServer ? "server" : "agent"}`,
    ...(isServer ? etcdLines(cluster, state, snapshot) : []),
    ...overlayLines(cluster, state, snapshot),
  ];
  return `${lines.join("\n")}\n`;
}

function hasMember(cluster: Cluster, id: HostId): boolean {
  return [...cluster.servers, ...cluster.agents].some((member) => member.host === id);
}

function etcdLines(cluster: Cluster, state: Host, snapshot: Snapshot): readonly string[] {
  if (state.etcdPeer === undefined) return [];
  const peers = cluster.servers.flatMap((member) => snapshot.hosts.get(member.host)?.etcdPeer ?? []);
  return [
    `address ${formatIPv4(state.etcdPeer)}`,
    ...peers.map((peer) => `member standin-${formatIPv4(peer).replaceAll(".", "-")} ${formatIPv4(peer)}`),
  ];
}

function overlayLines(cluster: Cluster, state: Host, snapshot: Snapshot): readonly string[] {
  const bridge = bridgeOf(state);
  if (bridge === null) return [];
  const peers = [...cluster.servers, ...cluster.agents].flatMap((member) => {
    const peer = snapshot.hosts.get(member.host);
    const subnet = peer === undefined || peer === state ? null : (bridgeOf(peer)?.subnet ?? null);
    return subnet === null ? [] : [{ subnet, ...wayTo(state, subnet) }];
  });
  const link = vxlanOf(state)?.lower ?? peers.find((peer) => peer.link !== null)?.link ?? null;
  if (link === null) return [];
  const vtep = vxlanOf(state)?.mac ?? null;
  return [
    `backend ${vtep === null ? "host-gw" : "vxlan"}`,
    `link ${link}`,
    `subnet ${formatPrefix(bridge.subnet)}`,
    ...(vtep === null ? [] : [`vtep ${vtep}`]),
    `bridge ${cidr(bridge.address, bridge.subnet)} ${bridge.mac}`,
    `pod ${cidr(ipv4(bridge.address + 1), bridge.subnet)}`,
    ...peers.flatMap(({ subnet, remote, mac }) => {
      if (remote === null) return [];
      return [`peer ${formatPrefix(subnet)} ${formatIPv4(remote)}${mac === null ? "" : ` ${mac}`}`];
    }),
  ];
}

function cidr(address: IPv4, { length }: Prefix): string {
  return formatPrefix({ address, length });
}

interface PodBridge {
  readonly address: IPv4;
  readonly subnet: Prefix;
  readonly mac: Mac;
}

function bridgeOf(state: Host): PodBridge | null {
  const mac = state.links.find((link) => link.name === "cni0")?.mac ?? null;
  const address = state.addresses.find((each) => each.link === "cni0");
  if (mac === null || address === undefined) return null;
  return { address: address.ip, subnet: prefix(address.ip, address.length), mac };
}

function vxlanOf(state: Host): { readonly lower: string | null; readonly mac: Mac | null } | null {
  const link = state.links.find((each) => each.name === "flannel.1");
  return link?.type.kind === "vxlan" ? { lower: link.type.lower, mac: link.mac } : null;
}

/** How a node sends to the pods of another: to a tunnel end, or to a gateway on a link. */
interface PodWay {
  readonly remote: IPv4 | null;
  readonly mac: Mac | null;
  readonly link: string | null;
}

function wayTo(state: Host, subnet: Prefix): PodWay {
  const route = state.routes.find((each) => samePrefix(each.destination, subnet) && each.gateway !== null);
  if (route === undefined) return { remote: null, mac: null, link: null };
  if (route.link !== "flannel.1") return { remote: route.gateway, mac: null, link: route.link };
  const neighbour = state.neighbours.find((each) => each.link === route.link && each.ip === route.gateway);
  const entry = state.fdb.find((each) => each.link === route.link && each.mac === neighbour?.mac);
  return { remote: entry?.remote ?? null, mac: neighbour?.mac ?? null, link: null };
}
