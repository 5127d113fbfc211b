import type { IPv4 } from "#ip/index.js";
import type { CompiledHost, CompiledLink } from "./compiled-host.js";
import { isBroadcastAddress, isLocalAddress } from "./route-lookup.js";
import { isOnlink } from "./source-address.js";

/** net/ipv4/route.c, __mkroute_input: the source is a direct neighbour on the link by which the packet leaves again. */
export function isRedirecting(
  incoming: CompiledLink,
  out: CompiledLink,
  source: IPv4,
  gateway: IPv4 | null,
): boolean {
  return incoming === out && out.sendsRedirects && (out.hasSharedMedia || isOnlink(out, source, gateway));
}

/** net/ipv4/route.c, __ip_do_redirect: whether a host takes a new next hop from a gateway. */
export function acceptsRedirect(
  state: CompiledHost,
  incoming: CompiledLink,
  gateway: IPv4,
  by: IPv4,
): boolean {
  if (!incoming.acceptsRedirects) return false;
  if (incoming.hasSharedMedia) return !isLocalAddress(state, gateway) && !isBroadcastAddress(state, gateway);
  if (!isOnlink(incoming, gateway, by)) return false;
  const isGateway = state.host.routes.some(
    (route) => route.gateway === gateway && route.link === incoming.name,
  );
  return !incoming.hasSecureRedirects || isGateway;
}
