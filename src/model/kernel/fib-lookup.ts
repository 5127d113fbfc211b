import { contains, type IPv4, ipv4, isMulticastIPv4, isZeroIPv4 } from "#ip/index.js";
import {
  DEFAULT_RULES,
  DEFAULT_TABLE,
  LOCAL_TABLE,
  MAIN_TABLE,
  type Route,
  type RouteType,
  type Rule,
  type Scope,
} from "../host.js";
import type { LinkName } from "../identifiers.js";
import { type Draft, findLink } from "./draft.js";

/** A question to the FIB as the kernel asks it of itself, not as a packet does. */
export interface FibQuery {
  readonly address: IPv4;
  /** Routes of a wider scope than this do not count. */
  readonly scope: number;
  /** Only routes by this link, or any. */
  readonly link: LinkName | null;
}

const SCOPE_NUMBERS: Readonly<Record<Scope, number>> = {
  global: 0,
  site: 200,
  link: 253,
  host: 254,
  nowhere: 255,
};

/** The kernel's number of a scope (include/uapi/linux/rtnetlink.h); a larger number is nearer. */
export function scopeNumber(scope: Scope): number {
  return SCOPE_NUMBERS[scope];
}

const NO_DEVICE: ReadonlySet<RouteType> = new Set<RouteType>([
  "blackhole",
  "unreachable",
  "prohibit",
  "throw",
]);

/** Whether the type discards packets instead of sending them somewhere (fib_props[].error in net/ipv4/fib_semantics.c). */
export function isDiscard(type: RouteType): boolean {
  return NO_DEVICE.has(type);
}

/** A look-up ends with a route, with an error that ends it for good, or with nothing. */
type Outcome = Route | "error" | null;

/**
 * One table's answer (net/ipv4/fib_trie.c, fib_table_lookup): longest prefix, then the order of the list. Without rules of its own a
 * host keeps `local` and `main` in one trie (fib_trie_unmerge), so a longer prefix of either goes first.
 */
export function lookUpTable(draft: Draft, table: number, query: FibQuery): Outcome {
  const isMerged = (table === MAIN_TABLE || table === LOCAL_TABLE) && !hasCustomRules(draft.rules);
  const routes = draft.routes.filter(
    (route) =>
      (isMerged ? route.table === MAIN_TABLE || route.table === LOCAL_TABLE : route.table === table) &&
      contains(route.destination, query.address) &&
      scopeNumber(route.scope) >= query.scope,
  );
  routes.sort(
    (a, b) => b.destination.length - a.destination.length || b.table - a.table || a.metric - b.metric,
  );
  for (const route of routes) {
    if (isDiscard(route.type)) return route.type === "throw" ? null : "error";
    if (!route.isDead && (query.link === null || query.link === route.link)) return route;
  }
  return null;
}

/** The answer of all rules in their order (net/ipv4/fib_rules.c, __fib_lookup), for a packet of the host's own without a source. */
export function lookUp(draft: Draft, query: FibQuery): Outcome {
  if (!hasCustomRules(draft.rules)) {
    return lookUpTable(draft, MAIN_TABLE, query) ?? lookUpTable(draft, DEFAULT_TABLE, query);
  }
  for (const rule of draft.rules) {
    if (!matches(rule, query)) continue;
    const outcome = act(draft, rule, query);
    if (outcome !== null) return outcome;
  }
  return null;
}

function act(draft: Draft, { action }: Rule, query: FibQuery): Outcome {
  if (action.kind === "unmodelled") return null;
  if (action.kind !== "lookup") return "error";
  const outcome = lookUpTable(draft, action.table, query);
  const isSuppressed =
    outcome !== null &&
    outcome !== "error" &&
    action.suppressPrefixLength !== null &&
    outcome.destination.length <= action.suppressPrefixLength;
  return isSuppressed ? null : outcome;
}

function matches(rule: Rule, query: FibQuery): boolean {
  const isMatch =
    (rule.from === null || contains(rule.from, ipv4(0))) &&
    (rule.to === null || contains(rule.to, query.address)) &&
    (rule.incoming === null || rule.incoming === "lo") &&
    (rule.outgoing === null || rule.outgoing === query.link) &&
    (rule.mark === null || (rule.mark.value & rule.mark.mask) === 0);
  return isMatch !== rule.isInverted;
}

function hasCustomRules(rules: readonly Rule[]): boolean {
  return rules !== DEFAULT_RULES && JSON.stringify(rules) !== JSON.stringify(DEFAULT_RULES);
}

/** What an address is to this host by one table, `local` unless another is named (net/ipv4/fib_frontend.c, inet_addr_type_table). */
export function addressType(draft: Draft, address: IPv4, table: number = LOCAL_TABLE): RouteType {
  if (isZeroIPv4(address) || address === 0xffffffff) return "broadcast";
  if (isMulticastIPv4(address)) return "multicast";
  const found = lookUpTable(draft, table, { address, scope: 0, link: null });
  return found === null || found === "error" ? "unicast" : found.type;
}

/** Whether a link of that name is there and up. */
export function isLinkUp(draft: Draft, name: LinkName | null): boolean {
  return findLink(draft, name)?.isUp ?? false;
}
