import { type IPv4, ipv4, maskOf } from "#ip/index.js";
import type { Address, LinkName, Route, Scope } from "#model/index.js";
import type { CompiledHost, CompiledLink } from "./compiled-host.js";

/** include/uapi/linux/rtnetlink.h, enum rt_scope_t: larger is nearer. */
const SCOPE: Readonly<Record<Scope, number>> = {
  global: 0,
  site: 200,
  link: 253,
  host: 254,
  nowhere: 255,
};

const ANY = ipv4(0);

/** The source of a new packet on this route: its `src`, else a choice among the link's addresses; net/ipv4/fib_semantics.c, fib_result_prefsrc. */
export function sourceFor(host: CompiledHost, route: Route, out: CompiledLink): IPv4 {
  if (route.preferredSource !== null) return route.preferredSource;
  return selectAddress(host, out, route.gateway, route.scope);
}

/**
 * The address that the kernel would use towards `target` on this link, or 0.0.0.0 where it has none; net/ipv4/devinet.c,
 * inet_select_addr.
 */
export function selectAddress(
  host: CompiledHost,
  out: CompiledLink,
  target: IPv4 | null,
  scope: Scope,
): IPv4 {
  const limit = SCOPE[scope];
  let first: IPv4 | null = null;
  for (const address of out.addresses) {
    if (address.isSecondary || localScope(address, out) > limit) continue;
    if (target === null || target === 0 || matches(address, target)) return address.ip;
    first ??= address.ip;
  }
  return first ?? selectElsewhere(host, limit);
}

/** net/ipv4/devinet.c, inet_addr_onlink: whether one address of the link has both in its network. */
export function isOnlink(link: CompiledLink, a: IPv4, b: IPv4 | null): boolean {
  return link.addresses.some(
    (address) => matches(address, a) && (b === null || b === 0 || matches(address, b)),
  );
}

/** net/ipv4/devinet.c, inet_ifa_match: the network of an address with a peer is the peer's. */
export function matches(address: Address, other: IPv4): boolean {
  return (((address.peer ?? address.ip) ^ other) & maskOf(address.length)) === 0;
}

/** The scope of an address for a choice on this link: `route_localnet` makes host addresses usable on it. */
export function localScope(address: Address, link: CompiledLink): number {
  return Math.min(SCOPE[address.scope], link.routesLocalnet ? SCOPE.link : SCOPE.host);
}

/**
 * Whom a packet on this route is handed to. A gateway that is an own address of this link makes a device route of it: its next hop has
 * scope host, and only one of scope link is asked for; net/ipv4/route.c, rt_set_nexthop.
 */
export function nextHopOf(host: CompiledHost, route: Route, destination: IPv4): IPv4 {
  return isDirect(host, route) ? destination : (route.gateway ?? destination);
}

/** The gateway that is really asked for, or null. */
export function nextHopGateway(host: CompiledHost, route: Route): IPv4 | null {
  return isDirect(host, route) ? null : route.gateway;
}

/** Whether the route's destinations are neighbours themselves (next hop of scope host). */
export function isDirect(host: CompiledHost, route: Route): boolean {
  const { gateway, link } = route;
  if (gateway === null) return true;
  return host.linkByName.get(link ?? ("" as LinkName))?.addresses.some(({ ip }) => ip === gateway) === true;
}

/** The number of a scope. */
export function scopeNumber(scope: Scope): number {
  return SCOPE[scope];
}

function selectElsewhere(host: CompiledHost, limit: number): IPv4 {
  for (const link of host.links) {
    for (const address of link.addresses) {
      const scope = SCOPE[address.scope];
      if (!address.isSecondary && scope !== SCOPE.link && scope <= limit) return address.ip;
    }
  }
  return ANY;
}
