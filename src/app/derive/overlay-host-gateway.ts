import { type Host, linkName, operation } from "#model/index.js";
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
  return carryOut(host, node, [
    ...podBridge(node, { mtu: node.mtu, mac: macOf(node.host, linkName("cni0")) }),
    ...peers.map(
      (peer) =>
        ({
          kind: "route-replace",
          route: operation.route({
            destination: peer.subnet,
            gateway: peer.address,
            link: node.link,
            source: node.source,
          }),
        }) as const,
    ),
  ]);
}
