import { type IPv4, ipv4, type Prefix } from "#ip/index.js";
import type { Host, HostId } from "#model/index.js";
import { unicastRoute } from "./flow-cause.js";
import { forwardsOn, gatewayRoutes } from "./next-hop.js";
import type { CheckInput } from "./rule.js";
import { topologyOf } from "./topology.js";

/** Hosts that hand packets for an address that nobody owns on in a circle. */
export interface Circle {
  readonly to: IPv4;
  readonly hosts: readonly HostId[];
}

/**
 * Follows the gateways of each routed network for one address that nobody owns. The source does not matter here: each
 * host of a circle would drop its own packet when it comes back, but not one of a device outside the fleet.
 */
export function unownedCircles(input: CheckInput): readonly Circle[] {
  const { ownersOf } = topologyOf(input.snapshot);
  const networks = new Map<string, Prefix>();
  for (const { route } of [...input.snapshot.hosts.values()].flatMap(gatewayRoutes)) {
    networks.set(`${route.destination.address}/${route.destination.length}`, route.destination);
  }
  const isFree = (address: IPv4): boolean => ownersOf(address).length === 0;
  return [...networks.values()].flatMap((network) => {
    const to = strangerOf(network, isFree);
    return to === null ? [] : circlesTo(input, to).map((hosts) => ({ to, hosts }));
  });
}

/** TEST-NET-1 (RFC 5737) for the default route, else the highest free host address among the last few. */
function strangerOf(network: Prefix, isFree: (address: IPv4) => boolean): IPv4 | null {
  if (network.length === 0) return ipv4(0xc0000201);
  const size = 2 ** (32 - network.length);
  for (let offset = size - 2; offset > 0 && offset > size - 18; offset--) {
    const candidate = ipv4(network.address + offset);
    if (isFree(candidate)) return candidate;
  }
  return null;
}

/** Each host has at most one next host, so each circle is met once by walking on from every host not yet seen. */
function circlesTo(input: CheckInput, to: IPv4): readonly (readonly HostId[])[] {
  const circles: (readonly HostId[])[] = [];
  const seen = new Set<HostId>();
  for (const start of input.snapshot.hosts.values()) {
    const path: HostId[] = [];
    let host: Host | null = start;
    while (host !== null && !seen.has(host.id)) {
      seen.add(host.id);
      path.push(host.id);
      host = nextHost(input, host, to);
    }
    const back = host === null ? -1 : path.indexOf(host.id);
    if (back >= 0) circles.push(path.slice(back));
  }
  return circles;
}

function nextHost(input: CheckInput, host: Host, to: IPv4): Host | null {
  const route = unicastRoute(input, host.id, to);
  if (route === null || route.gateway === null || route.link === null) return null;
  const topology = topologyOf(input.snapshot);
  const owners = topology.ownersOf(route.gateway);
  const leg = topology
    .neighboursOf(host, route.link)
    .find((member) => owners.includes(member.host) && member.host.id !== host.id);
  return leg !== undefined && forwardsOn(leg.host, leg.link.name) ? leg.host : null;
}
