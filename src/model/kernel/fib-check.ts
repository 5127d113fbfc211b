import { type IPv4, isZeroIPv4 } from "#ip/index.js";
import { LOCAL_TABLE, MAIN_TABLE, type Route } from "../host.js";
import { err, ok, type Result } from "../result.js";
import { type Draft, findLink } from "./draft.js";
import { addressType, isDiscard, isLinkUp, lookUp, lookUpTable, scopeNumber } from "./fib-lookup.js";
import { refuse } from "./messages.js";
import type { Refusal } from "./refusal.js";

const HOST_SCOPE = scopeNumber("host");
const LINK_SCOPE = scopeNumber("link");

/**
 * Whether the kernel takes a route, and the route as it then holds it, its link filled in from the gateway
 * (net/ipv4/fib_semantics.c, fib_create_info).
 */
export function checkRoute(draft: Draft, route: Route): Result<Route, Refusal> {
  if (route.link !== null && findLink(draft, route.link) === null) return err(refuse.noSuchLink(route.link));
  const scope = scopeNumber(route.scope);
  if (scope < leastScope(route)) return err(refuse.routeScope());
  if (isDiscard(route.type)) {
    return route.gateway === null && route.link === null ? ok(route) : err(refuse.discardWithNextHop());
  }
  if (scope > HOST_SCOPE) return err(refuse.routeScope());
  const hop = scope === HOST_SCOPE ? checkHostScope(route) : checkNextHop(draft, route);
  if (!hop.ok) return hop;
  return isSourceValid(draft, hop.value) ? hop : err(refuse.sourceNotOwn());
}

/** fib_props[].scope: a local route must be of scope host, a broadcast one at least of scope link. */
function leastScope({ type }: Route): number {
  if (type === "local") return HOST_SCOPE;
  return type === "broadcast" || type === "anycast" ? LINK_SCOPE : 0;
}

function checkHostScope(route: Route): Result<Route, Refusal> {
  if (route.gateway !== null) return err(refuse.hostScopeWithGateway());
  return route.link === null ? err(refuse.noLink()) : ok(route);
}

/** fib_check_nh. */
function checkNextHop(draft: Draft, route: Route): Result<Route, Refusal> {
  if (route.gateway === null) return checkDirect(draft, route);
  return route.isOnlink
    ? checkOnlink(draft, route, route.gateway)
    : checkGateway(draft, route, route.gateway);
}

/** fib_check_nh_nongw. */
function checkDirect(draft: Draft, route: Route): Result<Route, Refusal> {
  if (route.isOnlink) return err(refuse.onlinkWithoutGateway());
  if (route.link === null) return err(refuse.noLink());
  return isLinkUp(draft, route.link) ? ok(route) : err(refuse.routeLinkIsDown());
}

/** The first half of fib_check_nh_v4_gw: an on-link gateway need only be no address or broadcast address of this host. */
function checkOnlink(draft: Draft, route: Route, gateway: IPv4): Result<Route, Refusal> {
  if (scopeNumber(route.scope) >= LINK_SCOPE) return err(refuse.gatewayScope());
  if (route.link === null) return err(refuse.onlinkWithoutLink());
  if (!isLinkUp(draft, route.link)) return err(refuse.onlinkLinkIsDown());
  const type = addressType(draft, gateway);
  return type === "unicast" ? ok(route) : err(refuse.invalidGateway());
}

/** The second half of fib_check_nh_v4_gw: the gateway must be reachable by a route of nearer scope, first in the route's own table. */
function checkGateway(draft: Draft, route: Route, gateway: IPv4): Result<Route, Refusal> {
  const scope = Math.max(scopeNumber(route.scope) + 1, LINK_SCOPE);
  const query = { address: gateway, scope, link: route.link };
  const own = route.table === MAIN_TABLE ? null : lookUpTable(draft, route.table, query);
  const found = own === null || own === "error" ? lookUp(draft, query) : own;
  if (found === null || found === "error") return err(refuse.invalidGateway());
  if (found.type !== "unicast" && found.type !== "local") return err(refuse.invalidGateway());
  if (found.link === null || !isLinkUp(draft, found.link)) return err(refuse.gatewayLinkIsDown());
  return ok({ ...route, link: found.link });
}

/** fib_valid_prefsrc: the preferred source is an own address, except where the route itself makes it one. */
function isSourceValid(draft: Draft, route: Route): boolean {
  const source = route.preferredSource;
  if (source === null) return true;
  const makesItself =
    route.type === "local" && !isZeroIPv4(route.destination.address) && route.destination.address === source;
  if (makesItself) return true;
  const table = route.table === MAIN_TABLE ? LOCAL_TABLE : route.table;
  if (addressType(draft, source, table) === "local") return true;
  return table !== LOCAL_TABLE && addressType(draft, source) === "local";
}
