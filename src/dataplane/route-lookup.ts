import { contains, type IPv4 } from "#ip/index.js";
import { LOCAL_TABLE, type Route, type RouteType, type Rule } from "#model/index.js";
import type { CompiledHost, CompiledLink } from "./compiled-host.js";

/** What a look-up is asked for; `source` is 0.0.0.0 where a new packet has none yet. */
export interface LookupKey {
  readonly source: IPv4;
  readonly destination: IPv4;
  /** null for a packet of the host itself (the rules see `lo`). */
  readonly incoming: CompiledLink | null;
  /** Only routes out of this link, where it is given. */
  readonly outgoing: CompiledLink | null;
}

export type Lookup =
  | {
      readonly kind: "found";
      readonly route: Route;
      /** All default routes of this table, scope and metric that have a gateway, this one first; fewer than two where there is no choice. */
      readonly rivals: readonly Route[];
    }
  | {
      readonly kind: "refused";
      readonly type: "blackhole" | "unreachable" | "prohibit";
      readonly route: Route | null;
    }
  | { readonly kind: "none" }
  | { readonly kind: "unknown"; readonly why: string };

const NONE: Lookup = { kind: "none" };

/** Rules in order of priority, then in each table the longest prefix; net/ipv4/fib_rules.c and fib_trie.c (fib_table_lookup). */
export function lookupRoute(host: CompiledHost, key: LookupKey): Lookup {
  for (const rule of host.rules) {
    if (!matchesRule(rule, key)) continue;
    const found = followRule(host, rule, key);
    if (found !== null) return found;
  }
  return NONE;
}

/** The type that the local table alone gives an address; net/ipv4/fib_frontend.c, inet_addr_type_dev_table. */
export function isLocalAddress(host: CompiledHost, address: IPv4): boolean {
  return typeInLocalTable(host, address) === "local";
}

/** As `isLocalAddress`, for a broadcast address of some link. */
export function isBroadcastAddress(host: CompiledHost, address: IPv4): boolean {
  return typeInLocalTable(host, address) === "broadcast";
}

function typeInLocalTable(host: CompiledHost, address: IPv4): RouteType | null {
  const found = lookupTable(host, LOCAL_TABLE, {
    source: address,
    destination: address,
    incoming: null,
    outgoing: null,
  });
  return found?.kind === "found" ? found.route.type : null;
}

function matchesRule(rule: Rule, key: LookupKey): boolean {
  const isMatch =
    (rule.from === null || contains(rule.from, key.source)) &&
    (rule.to === null || contains(rule.to, key.destination)) &&
    (rule.incoming === null || rule.incoming === (key.incoming?.name ?? "lo")) &&
    (rule.outgoing === null || rule.outgoing === key.outgoing?.name) &&
    (rule.mark === null || (rule.mark.value & rule.mark.mask) === 0);
  return isMatch !== rule.isInverted;
}

/** null: go on with the next rule. */
function followRule(host: CompiledHost, rule: Rule, key: LookupKey): Lookup | null {
  switch (rule.action.kind) {
    case "lookup":
      return suppress(lookupTable(host, rule.action.table, key), rule.action.suppressPrefixLength);
    case "blackhole":
    case "unreachable":
    case "prohibit":
      return { kind: "refused", type: rule.action.kind, route: null };
    case "unmodelled":
      return {
        kind: "unknown",
        why: `rule ${rule.priority} is not modelled: \`${rule.action.text}\``,
      };
  }
}

function suppress(found: Lookup | null, length: number | null): Lookup | null {
  if (found === null || length === null || found.kind !== "found") return found;
  return found.route.destination.length <= length ? null : found;
}

function lookupTable(host: CompiledHost, table: number, key: LookupKey): Lookup | null {
  let result: Lookup | null = null;
  host.tables.get(table)?.search(key.destination, (routes) => {
    for (const route of routes) {
      const match = matchRoute(route, routes, key.outgoing);
      if (match === "next") continue;
      result = match === "throw" ? null : match;
      return true;
    }
    return false;
  });
  return result;
}

function matchRoute(
  route: Route,
  siblings: readonly Route[],
  outgoing: CompiledLink | null,
): Lookup | "next" | "throw" {
  switch (route.type) {
    case "blackhole":
    case "unreachable":
    case "prohibit":
      return { kind: "refused", type: route.type, route };
    case "throw":
      return "throw";
    default:
      return outgoing !== null && route.link !== outgoing.name
        ? "next"
        : { kind: "found", route, rivals: rivalsOf(route, siblings) };
  }
}

/** net/ipv4/fib_semantics.c, fib_select_default: which routes it looks at. */
function rivalsOf(route: Route, siblings: readonly Route[]): readonly Route[] {
  if (route.destination.length > 0 || siblings.length < 2) return [];
  const rivals = siblings.filter(
    (other) =>
      other.metric === route.metric &&
      other.scope === route.scope &&
      other.type === "unicast" &&
      other.gateway !== null,
  );
  return rivals[0] === route ? rivals : [];
}
