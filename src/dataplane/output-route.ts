import { type IPv4, ipv4, isMulticastIPv4 } from "#ip/index.js";
import type { Route } from "#model/index.js";
import type { CompiledHost, CompiledLink } from "./compiled-host.js";
import { lookupRoute } from "./route-lookup.js";
import { sourceFor } from "./source-address.js";

export type OutputRoute =
  | { readonly kind: "local"; readonly source: IPv4; readonly route: Route }
  | {
      readonly kind: "out";
      readonly source: IPv4;
      readonly route: Route;
      readonly out: CompiledLink;
    }
  /** Only what the host answers of itself (a source is given) may go to a broadcast address. */
  | {
      readonly kind: "broadcast";
      readonly source: IPv4;
      readonly route: Route;
      readonly out: CompiledLink;
    }
  | { readonly kind: "drop"; readonly rule: string; readonly why: string }
  | { readonly kind: "unknown"; readonly why: string };

/** Where a packet of the host itself goes; net/ipv4/route.c, ip_route_output_key_hash_rcu. `source` null: the kernel chooses. */
export function routeOutput(
  host: CompiledHost,
  source: IPv4 | null,
  destination: IPv4,
  select: (rivals: readonly Route[]) => Route | null = () => null,
): OutputRoute {
  if (source !== null && !host.ownAddresses.has(source)) {
    return {
      kind: "drop",
      rule: "source not own",
      why: "the source address is no longer an address of this host",
    };
  }
  if (destination === 0 || destination === 0xffffffff || isMulticastIPv4(destination)) {
    return {
      kind: "drop",
      rule: "no unicast address",
      why: "the destination is no unicast address",
    };
  }
  const found = lookupRoute(host, {
    source: source ?? ipv4(0),
    destination,
    incoming: null,
    outgoing: null,
  });
  if (found.kind === "unknown") return found;
  if (found.kind === "refused") {
    return {
      kind: "drop",
      rule: found.type,
      why: `a route or rule of type ${found.type} matches the destination`,
    };
  }
  if (found.kind === "none")
    return {
      kind: "drop",
      rule: "no route",
      why: "no route leads to the destination",
    };
  const route = select(found.rivals) ?? found.route;
  return follow(host, route, source, destination);
}

function follow(host: CompiledHost, route: Route, source: IPv4 | null, destination: IPv4): OutputRoute {
  if (route.type === "local") {
    return {
      kind: "local",
      source: source ?? route.preferredSource ?? destination,
      route,
    };
  }
  const out = route.link === null ? undefined : host.linkByName.get(route.link);
  if (route.type === "broadcast" && source !== null && out !== undefined)
    return { kind: "broadcast", source, route, out };
  if (route.type === "broadcast") {
    return {
      kind: "drop",
      rule: "broadcast",
      why: "the destination is a broadcast address here: a plain socket may not send to it",
    };
  }
  if (route.type !== "unicast" || out === undefined) {
    return {
      kind: "unknown",
      why: `a route of type ${route.type} is not modelled`,
    };
  }
  return {
    kind: "out",
    source: source ?? sourceFor(host, route, out),
    route,
    out,
  };
}
