import { contains, type IPv4, ipv4, type Prefix } from "#ip/index.js";
import type { Host } from "#model/index.js";

/**
 * For each network that some of these host states has a route by a gateway to: an address in it that nobody owns and no longer route covers, or
 * none. Found anew here, so that brute force does not look where the planner looked.
 */
export function outsideOf(hosts: readonly Host[]): readonly IPv4[] {
  const routes = hosts.flatMap((host) => host.routes);
  const owned = new Set(hosts.flatMap((host) => host.addresses.map(({ ip }) => ip)));
  const routed = new Map(
    routes
      .filter(({ gateway, type }) => gateway !== null && type === "unicast")
      .map(({ destination }) => [`${destination.address}/${destination.length}`, destination]),
  );
  return [...routed.values()].flatMap((network) => {
    const longer = routes
      .map((route) => route.destination)
      .filter((other) => other.length > network.length && contains(network, other.address));
    return placesIn(network)
      .filter((address) => !owned.has(address) && !longer.some((other) => contains(other, address)))
      .slice(0, 1);
  });
}

/** Some addresses of a network, none of them where multicast or 127.0.0.0/8 is. */
function placesIn({ address, length }: Prefix): readonly IPv4[] {
  if (length === 0) return [ipv4(0xcb007107), ipv4(0xc6336407)];
  const size = 2 ** (32 - length);
  return [0.9, 0.7, 0.55, 0.4, 0.3, 0.15, 0].map((part) =>
    ipv4(address + Math.min(size - 1, Math.floor(size * part) + 3)),
  );
}
