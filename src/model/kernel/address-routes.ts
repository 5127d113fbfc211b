import type { IPv4, Prefix } from "#ip/index.js";
import { hostPrefix } from "#ip/index.js";
import { type Address, type Link, LOCAL_TABLE, MAIN_TABLE, type Route, type RouteType } from "../host.js";
import {
  hasNetwork,
  isSameNetwork,
  LIMITED_BROADCAST,
  networkBroadcast,
  networkOf,
} from "./address-network.js";
import { compareRoutes, isSameRoute } from "./route-order.js";

/** A route as the kernel itself makes it for an address (net/ipv4/fib_frontend.c, fib_magic). */
export function magicRoute(given: {
  readonly type: RouteType;
  readonly destination: Prefix;
  readonly link: Link;
  readonly preferredSource: IPv4;
}): Route {
  return {
    table: given.type === "unicast" ? MAIN_TABLE : LOCAL_TABLE,
    type: given.type,
    destination: given.destination,
    gateway: null,
    link: given.link.name,
    metric: 0,
    scope: given.type === "local" ? "host" : "link",
    preferredSource: given.preferredSource,
    isOnlink: false,
    isDead: false,
    protocol: "kernel",
    source: null,
  };
}

/**
 * The routes that come with an address, in the order in which the kernel adds them: the local one always, broadcast and connected
 * ones while the link is up (net/ipv4/fib_frontend.c, fib_add_ifaddr). A secondary address prefers its primary's as source.
 */
export function routesOfAddress(link: Link, address: Address, onLink: readonly Address[]): Route[] {
  const primary = address.isSecondary ? primaryOf(address, onLink) : address;
  if (primary === null) return [];
  const make = (type: RouteType, destination: Prefix): Route => ({
    ...magicRoute({ type, destination, link, preferredSource: primary.ip }),
    source: address.source,
  });
  const routes = [make("local", hostPrefix(address.ip))];
  if (!link.isUp) return routes;
  const { broadcast } = address;
  if (broadcast !== null && broadcast !== LIMITED_BROADCAST)
    routes.push(make("broadcast", hostPrefix(broadcast)));
  if (address.isSecondary || !hasNetwork(address)) return routes;
  if (!address.hasNoPrefixRoute) routes.push(make(connectedType(link), networkOf(address)));
  if (address.length < 31) routes.push(make("broadcast", hostPrefix(networkBroadcast(address))));
  return routes;
}

/** The type of a connected route: the loopback's whole network is local. */
export function connectedType(link: Link): RouteType {
  return link.type.kind === "loopback" ? "local" : "unicast";
}

/** The primary address whose network this one lies in (net/ipv4/devinet.c, inet_ifa_byprefix: the first that fits). */
export function primaryOf(address: Address, onLink: readonly Address[]): Address | null {
  return onLink.find((other) => isSameNetwork(other, address)) ?? null;
}

/**
 * The routes of table `local` that the addresses of a host come with: what `ip route show table local` prints, for a snapshot that was
 * taken without it.
 */
export function localRoutes(links: readonly Link[], addresses: readonly Address[]): readonly Route[] {
  const routes: Route[] = [];
  for (const address of addresses) {
    const link = links.find((candidate) => candidate.name === address.link);
    if (link === undefined) continue;
    const onLink = addresses.filter((other) => other.link === address.link);
    for (const route of routesOfAddress(link, address, onLink)) {
      if (route.table === LOCAL_TABLE && !routes.some((other) => isSameRoute(other, route)))
        routes.push(route);
    }
  }
  return routes.sort(compareRoutes);
}
