import { contains, formatPrefix } from "#ip/index.js";
import { compareRoutes, type Host, linkName, type Operation, operation, type Route } from "#model/index.js";
import type { MacSource } from "./mac.js";
import type { OverlayNode } from "./overlay-nodes.js";
import { carryOut, type LaidHost, podBridge } from "./overlay-operations.js";

/**
 * Lays one node's end of flannel's host-gw: `cni0`, and for each other node a route by its address; the kernel refuses it where that
 * address is not on-link; flannel, pkg/backend/hostgw/hostgw.go.
 */
export function layHostGateway(
  host: Host,
  given: { readonly node: OverlayNode; readonly nodes: readonly OverlayNode[]; readonly macOf: MacSource },
): LaidHost {
  const { node, nodes, macOf } = given;
  const peers = nodes.filter((peer) => peer.host !== node.host);
  const bridged = carryOut(
    host,
    node,
    podBridge(node, { mtu: node.mtu, mac: macOf(node.host, linkName("cni0")) }),
  );
  const isApart = peers.every(
    ({ subnet, address }) => !contains(subnet, node.address) && !contains(subnet, address),
  );
  const routed = isApart ? layEach(bridged.host, node, peers) : layInTurn(bridged.host, node, peers);
  return { host: routed.host, issues: [...bridged.issues, ...routed.issues] };
}

function routeTo(peer: OverlayNode, node: OverlayNode): Operation {
  const { subnet: destination, address: gateway } = peer;
  const route = operation.route({ destination, gateway, link: node.link, source: node.source });
  return { kind: "route-replace", route };
}

/** A pod network that holds a node's address may decide about the routes after it. */
function layInTurn(host: Host, node: OverlayNode, peers: readonly OverlayNode[]): LaidHost {
  return carryOut(
    host,
    node,
    peers.map((peer) => routeTo(peer, node)),
  );
}

/**
 * Each route is tried on the host without the others, which have no say in whether its gateway is on-link: one after the other
 * would take the square of the nodes in time.
 */
function layEach(host: Host, node: OverlayNode, peers: readonly OverlayNode[]): LaidHost {
  const own = new Set(host.routes);
  const tried = peers.map((peer) => carryOut(host, node, [routeTo(peer, node)]));
  const added = tried.flatMap((each) => each.host.routes.filter((route) => !own.has(route)));
  const taken = new Set(added.map(slotOf));
  const kept = host.routes.filter((route) => !taken.has(slotOf(route)));
  return {
    host: { ...host, routes: [...kept, ...added].sort(compareRoutes) },
    issues: tried.flatMap(({ issues }) => issues),
  };
}

/** What `ip route replace` takes the place of. */
function slotOf({ table, destination, metric }: Route): string {
  return `${table} ${formatPrefix(destination)} ${metric}`;
}
