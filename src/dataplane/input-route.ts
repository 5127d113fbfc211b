import { type IPv4, isMulticastIPv4, isZeroIPv4 } from "#ip/index.js";
import type { Route } from "#model/index.js";
import type { CompiledHost, CompiledLink } from "./compiled-host.js";
import { type Lookup, lookupRoute } from "./route-lookup.js";
import { isDirect } from "./source-address.js";

/** A packet, or an ARP request seen as one: from the asking address to the address asked for. */
export interface Arrival {
  readonly incoming: CompiledLink;
  readonly source: IPv4;
  readonly destination: IPv4;
  readonly isArp: boolean;
}

export type InputRoute =
  | { readonly kind: "local"; readonly route: Route }
  | {
      readonly kind: "forward";
      readonly route: Route;
      readonly out: CompiledLink;
      /** Whether the source is a direct neighbour on the incoming link: a redirect may be sent. */
      readonly isDirectSource: boolean;
    }
  | { readonly kind: "drop"; readonly rule: string; readonly why: string }
  | { readonly kind: "unknown"; readonly why: string };

/** What a host does with a packet that arrives; net/ipv4/route.c, ip_route_input_slow and __mkroute_input. */
export function routeInput(host: CompiledHost, arrival: Arrival): InputRoute {
  const martian = checkMartian(arrival);
  if (martian !== null) return martian;
  const { source, destination, incoming } = arrival;
  const found = lookupRoute(host, {
    source,
    destination,
    incoming,
    outgoing: null,
  });
  if (found.kind === "unknown") return found;
  if (found.kind !== "found") return dropUnrouted(found, incoming);
  switch (found.route.type) {
    case "local":
      return acceptLocal(host, arrival, found.route);
    case "broadcast":
      return drop(
        "broadcast",
        "the destination is a broadcast address here: it is neither answered nor forwarded",
      );
    default:
      return forward(host, arrival, found.route);
  }
}

/** Martian sources and destinations; net/ipv4/route.c. */
function checkMartian(arrival: Arrival): InputRoute | null {
  const { source, destination, incoming } = arrival;
  const isLoopback = (address: IPv4): boolean => address >>> 24 === 127;
  if (isMulticastIPv4(source) || source === 0xffffffff || isZeroIPv4(source)) {
    return drop("martian source", "the source is a multicast, broadcast or zero address");
  }
  if (isZeroIPv4(destination) || isMulticastIPv4(destination) || destination === 0xffffffff) {
    return drop("martian destination", "the destination is no unicast address");
  }
  if ((isLoopback(destination) || isLoopback(source)) && !incoming.routesLocalnet) {
    return drop("martian loopback", "a loopback address arrived on a link without `route_localnet`");
  }
  return null;
}

function dropUnrouted(found: Lookup, incoming: CompiledLink): InputRoute {
  if (!incoming.forwards)
    return drop("not local", `\`${incoming.name}\` does not forward and the destination is not local`);
  if (found.kind === "refused")
    return drop(found.type, `a route or rule of type ${found.type} matches the destination`);
  return drop("no route", "no route leads to the destination");
}

function acceptLocal(host: CompiledHost, arrival: Arrival, route: Route): InputRoute {
  const validated = validateSource(host, arrival, null);
  if (validated.kind !== "valid") return validated;
  return { kind: "local", route };
}

function forward(host: CompiledHost, arrival: Arrival, route: Route): InputRoute {
  if (!arrival.incoming.forwards) {
    return drop(
      "not local",
      `\`${arrival.incoming.name}\` does not forward and the destination is not local`,
    );
  }
  const out = route.link === null ? undefined : host.linkByName.get(route.link);
  if (route.type !== "unicast" || out === undefined) {
    return drop("martian destination", `the destination's route has type ${route.type}`);
  }
  const validated = validateSource(host, arrival, out);
  if (validated.kind !== "valid") return validated;
  if (arrival.isArp && out === arrival.incoming && !arrival.incoming.isPvlanProxy) {
    return drop("same link", "the target is reached by the link on which it was asked for");
  }
  return { kind: "forward", route, out, isDirectSource: validated.isDirect };
}

type Validation =
  | { readonly kind: "valid"; readonly isDirect: boolean }
  | Extract<InputRoute, { readonly kind: "drop" | "unknown" }>;

/** Source validation; net/ipv4/fib_frontend.c, fib_validate_source. `out` is where the packet would leave, null for local delivery. */
function validateSource(host: CompiledHost, arrival: Arrival, out: CompiledLink | null): Validation {
  const { incoming, source } = arrival;
  const isQuick = incoming.rpFilter === 0 && (out !== incoming || !incoming.sendsRedirects);
  if (isQuick) {
    if (incoming.acceptsLocal) return { kind: "valid", isDirect: false };
    if (!host.needsFullSourceCheck) {
      return host.ownAddresses.has(source) ? ownSource() : { kind: "valid", isDirect: false };
    }
  }
  return validateByRoute(host, arrival, out);
}

/** net/ipv4/fib_frontend.c, __fib_validate_source. */
function validateByRoute(host: CompiledHost, arrival: Arrival, out: CompiledLink | null): Validation {
  const { incoming, source, destination } = arrival;
  const back = lookupRoute(host, {
    source: destination,
    destination: source,
    incoming: out,
    outgoing: null,
  });
  if (back.kind === "unknown") return back;
  if (back.kind !== "found") return lastResort(incoming, "no route leads back to the source");
  if (back.route.type !== "unicast" && !(back.route.type === "local" && incoming.acceptsLocal))
    return ownSource();
  if (back.route.link === incoming.name) return { kind: "valid", isDirect: isDirect(host, back.route) };
  if (incoming.addresses.length === 0) return lastResort(incoming, "the link has no address");
  if (incoming.rpFilter === 1) {
    return drop(
      "rp_filter 1",
      `the route back to the source leaves by \`${back.route.link}\`, not \`${incoming.name}\``,
    );
  }
  const byLink = lookupRoute(host, {
    source: destination,
    destination: source,
    incoming: out,
    outgoing: incoming,
  });
  if (byLink.kind === "unknown") return byLink;
  return {
    kind: "valid",
    isDirect: byLink.kind === "found" && byLink.route.type === "unicast" && isDirect(host, byLink.route),
  };
}

function lastResort(incoming: CompiledLink, why: string): Validation {
  if (incoming.rpFilter === 0) return { kind: "valid", isDirect: false };
  return drop(`rp_filter ${incoming.rpFilter}`, why);
}

function ownSource(): Extract<InputRoute, { readonly kind: "drop" }> {
  return drop(
    "martian source",
    "the source is an own, broadcast or otherwise impossible address of this host",
  );
}

function drop(rule: string, why: string): Extract<InputRoute, { readonly kind: "drop" }> {
  return { kind: "drop", rule, why };
}
