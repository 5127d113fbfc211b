import { formatPrefix, type Mac } from "#ip/index.js";
import {
  compareRoutes,
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
  readonly ways: readonly VxlanWay[];
  readonly macOf: MacSource;
}

/**
 * Lays one node's end of flannel's VXLAN: `flannel.1` with the first address of the node's slice, `cni0`, and for each other node a
 * permanent neighbour, a forwarding entry and an `onlink` route; flannel, pkg/backend/vxlan (vxlan_network.go).
 */
export function layVxlan(host: Host, { node, ways, macOf }: Laying): LaidHost {
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
  const laid = carryOut(host, node, ends);
  const peers = ways.filter((way) => way.peer.host !== node.host);
  const routed = addRoutes(laid.host, node, peers);
  return {
    host: {
      ...routed.host,
      neighbours: [...routed.host.neighbours, ...peers.map((way) => way.neighbour)],
      fdb: [...routed.host.fdb, ...peers.map((way) => way.entry)],
    },
    issues: [...laid.issues, ...routed.issues],
  };
}

/** What every other node holds of a peer. */
export interface VxlanWay {
  readonly peer: OverlayNode;
  readonly neighbour: Neighbour;
  readonly entry: FdbEntry;
}

/** The entries of all nodes; made once, as the others share them. */
export function buildVxlanWays(nodes: readonly OverlayNode[], macOf: MacSource): readonly VxlanWay[] {
  return nodes.map((peer) => ({
    peer,
    neighbour: neighbourOf(peer, macOf),
    entry: forwardingOf(peer, macOf),
  }));
}

/**
 * The kernel is asked about the first route; the others differ from it in nothing that it checks, and asking one by one would take
 * the square of the nodes in time.
 */
function addRoutes(host: Host, node: OverlayNode, ways: readonly VxlanWay[]): LaidHost {
  const [first, ...others] = ways.map(({ peer }) => routeTo(peer, node));
  if (first === undefined) return { host, issues: [] };
  const asked = carryOut(host, node, [{ kind: "route-replace", route: first }]);
  if (asked.issues.length > 0) return asked;
  const keys = new Set(others.map(keyOf));
  const kept = asked.host.routes.filter((route) => !keys.has(keyOf(route)));
  return { host: { ...asked.host, routes: [...kept, ...others].sort(compareRoutes) }, issues: [] };
}

/** What `ip route replace` takes the place of. */
function keyOf({ table, destination, metric }: Route): string {
  return `${table} ${formatPrefix(destination)} ${metric}`;
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
