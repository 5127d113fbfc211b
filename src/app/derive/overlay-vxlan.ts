import type { Mac } from "#ip/index.js";
import {
  type FdbEntry,
  type Host,
  type LinkName,
  linkName,
  type Neighbour,
  type Operation,
  operation,
  type Route,
} from "#model/index.js";
import type { MacSource } from "./mac.js";
import type { OverlayNode } from "./overlay-nodes.js";
import { carryOut, type LaidHost, podBridge } from "./overlay-operations.js";

const VXLAN: LinkName = linkName("flannel.1");
/** flannel's own defaults on Linux; flannel, Documentation/backends.md. */
const NETWORK_IDENTIFIER = 1;
const PORT = 8472;
/** Outer Ethernet, IPv4, UDP and VXLAN headers; RFC 7348, section 5. */
const OVERHEAD = 50;

interface Laying {
  readonly node: OverlayNode;
  readonly nodes: readonly OverlayNode[];
  readonly macOf: MacSource;
}

/**
 * Lays one node's end of flannel's VXLAN: `flannel.1` with the first address of the node's slice, `cni0`, and for each other node a
 * permanent neighbour, a forwarding entry and an `onlink` route; flannel, pkg/backend/vxlan (vxlan_network.go).
 */
export function layVxlan(host: Host, { node, nodes, macOf }: Laying): LaidHost {
  const mtu = node.mtu - OVERHEAD;
  const ends: readonly Operation[] = [
    { kind: "link-add", link: vxlanLink(node, macOf(node.host, VXLAN)) },
    {
      kind: "address-add",
      address: operation.address({ link: VXLAN, ip: node.subnet.address, length: 32, source: node.source }),
    },
    { kind: "link-up", link: VXLAN },
    ...podBridge(node, { mtu, mac: macOf(node.host, linkName("cni0")) }),
  ];
  const peers = nodes.filter((peer) => peer.host !== node.host);
  const laid = carryOut(host, node, ends);
  const routed = carryOut(
    laid.host,
    node,
    peers.map((peer) => ({ kind: "route-replace", route: routeTo(peer, node) }) as const),
  );
  return {
    host: {
      ...routed.host,
      neighbours: [...routed.host.neighbours, ...peers.map((peer) => neighbourOf(peer, macOf))],
      fdb: [...routed.host.fdb, ...peers.map((peer) => forwardingOf(peer, macOf))],
    },
    issues: [...laid.issues, ...routed.issues],
  };
}

function vxlanLink(node: OverlayNode, mac: Mac): Extract<Operation, { readonly kind: "link-add" }>["link"] {
  return {
    name: VXLAN,
    type: {
      kind: "vxlan",
      id: NETWORK_IDENTIFIER,
      local: node.address,
      lower: node.link,
      port: PORT,
      isLearning: false,
    },
    mac,
    mtu: node.mtu - OVERHEAD,
    isUp: false,
    hasCarrier: true,
    master: null,
    isNoArp: false,
    source: node.source,
  };
}

function routeTo(peer: OverlayNode, node: OverlayNode): Route {
  return operation.route({
    destination: peer.subnet,
    gateway: peer.subnet.address,
    link: VXLAN,
    isOnlink: true,
    source: node.source,
  });
}

function neighbourOf(peer: OverlayNode, macOf: MacSource): Neighbour {
  return {
    link: VXLAN,
    ip: peer.subnet.address,
    mac: macOf(peer.host, VXLAN),
    state: "permanent",
    isProxy: false,
  };
}

function forwardingOf(peer: OverlayNode, macOf: MacSource): FdbEntry {
  return {
    mac: macOf(peer.host, VXLAN),
    link: VXLAN,
    master: null,
    vlan: null,
    remote: peer.address,
    isPermanent: true,
  };
}
