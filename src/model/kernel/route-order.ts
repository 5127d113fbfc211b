import type { Route } from "../host.js";

/**
 * The order of `ip route show table all`: by table, address, longest prefix first, then metric (net/ipv4/fib_trie.c keeps the
 * aliases of one key by suffix length and priority). Routes that compare equal stay in their order of insertion.
 */
export function compareRoutes(a: Route, b: Route): number {
  return (
    a.table - b.table ||
    a.destination.address - b.destination.address ||
    b.destination.length - a.destination.length ||
    a.metric - b.metric
  );
}

/** Whether the two stand in one list of the kernel's: same table and prefix. */
export function isSameDestination(
  a: Pick<Route, "table" | "destination">,
  b: Pick<Route, "table" | "destination">,
): boolean {
  return (
    a.table === b.table &&
    a.destination.address === b.destination.address &&
    a.destination.length === b.destination.length
  );
}

/** Whether the two are the same route in all that the kernel compares (fib_find_info and nh_comp in net/ipv4/fib_semantics.c). */
export function isSameRoute(a: Route, b: Route): boolean {
  return (
    isSameDestination(a, b) &&
    a.type === b.type &&
    a.metric === b.metric &&
    a.gateway === b.gateway &&
    a.link === b.link &&
    a.scope === b.scope &&
    a.preferredSource === b.preferredSource &&
    a.isOnlink === b.isOnlink &&
    a.protocol === b.protocol
  );
}
