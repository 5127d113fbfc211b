import { compileHost } from "#dataplane/index.js";
import { contains, formatIPv4, formatPrefix, type IPv4 } from "#ip/index.js";
import type { Host, LinkName, Route, Snapshot } from "#model/index.js";
import { isClusterLink } from "./cluster-view.js";
import { addressesOf, topologyOf } from "./topology.js";

/** A route through a gateway, with its host. */
export interface GatewayRoute {
  readonly host: Host;
  readonly route: Route;
  readonly gateway: IPv4;
  readonly link: LinkName;
}

/** The unicast routes of a host that name a gateway and are in use; those out of links that the cluster makes are left out. */
export function gatewayRoutes(host: Host): readonly GatewayRoute[] {
  const cluster = new Set(host.links.filter(isClusterLink).map((link) => link.name));
  return host.routes.flatMap((route) => {
    const { gateway, link } = route;
    if (route.type !== "unicast" || route.isDead || gateway === null || link === null) return [];
    return cluster.has(link) ? [] : [{ host, route, gateway, link }];
  });
}

/** The routes that make a gateway on-link; net/ipv4/fib_semantics.c, fib_check_nh: a unicast route of link scope without gateway. */
function connectedRoutes(host: Host, link: LinkName | null): readonly Route[] {
  return host.routes.filter(
    (route) =>
      route.type === "unicast" &&
      route.gateway === null &&
      route.scope === "link" &&
      !route.isDead &&
      (link === null || route.link === link),
  );
}

/** Whether the kernel would take the gateway today without `onlink`. */
export function isGatewayOnlink(host: Host, link: LinkName | null, gateway: IPv4): boolean {
  return connectedRoutes(host, link).some((route) => contains(route.destination, gateway));
}

/** `connected prefixes: 10.10.0.0/16 on enp1s0`, for evidence. */
export function connectedLine(host: Host, link: LinkName | null): string {
  const routes = connectedRoutes(host, link).map(
    (route) => `\`${formatPrefix(route.destination)}\` on \`${route.link}\``,
  );
  return routes.length === 0
    ? "the host has no connected prefix"
    : `connected prefixes of \`${host.id}\`: ${routes.join(", ")}`;
}

/** A gateway for the host to use instead. */
export interface Alternative {
  readonly address: IPv4;
  readonly owner: Host;
}

/** Addresses of forwarding neighbours inside the host's connected prefixes; those of the owner of `instead` first. */
export function alternatives(snapshot: Snapshot, host: Host, instead: IPv4): readonly Alternative[] {
  const topology = topologyOf(snapshot);
  const owners = new Set(topology.ownersOf(instead).map((owner) => owner.id));
  const found = host.links.flatMap((link) =>
    addressesOf(topology.neighboursOf(host, link.name))
      .filter((placed) => placed.host.id !== host.id && forwardsOn(placed.host, placed.link.name))
      .filter(({ address }) => isGatewayOnlink(host, link.name, address.ip))
      .map((placed) => ({ address: placed.address.ip, owner: placed.host })),
  );
  const isPreferred = (one: Alternative): number => (owners.has(one.owner.id) ? 0 : 1);
  return found.sort((a, b) => isPreferred(a) - isPreferred(b) || a.address - b.address);
}

/** Whether the host forwards what arrives on the link. */
export function forwardsOn(host: Host, link: LinkName): boolean {
  return compileHost(host).linkByName.get(link)?.forwards ?? false;
}

/** `10.0.0.0/16 via 10.0.0.1`, with `default` in the kernel's word. */
export function routeText(route: Route): string {
  const destination = route.destination.length === 0 ? "default" : formatPrefix(route.destination);
  return route.gateway === null ? destination : `${destination} via ${formatIPv4(route.gateway)}`;
}
