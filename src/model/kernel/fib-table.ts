import { LOCAL_TABLE, MAIN_TABLE, type Route } from "../host.js";
import type { Draft } from "./draft.js";
import { findLink, keep } from "./draft.js";
import { checkRoute } from "./fib-check.js";
import { isDiscard } from "./fib-lookup.js";
import { refuse } from "./messages.js";
import type { RouteKey } from "./operation.js";
import type { Refusal } from "./refusal.js";
import { compareRoutes, isSameDestination, isSameRoute } from "./route-order.js";

/** `add`: NLM_F_CREATE|NLM_F_EXCL, `append`: NLM_F_CREATE|NLM_F_APPEND, `replace`: NLM_F_CREATE|NLM_F_REPLACE. */
export type InsertMode = "add" | "append" | "replace";

/** Puts a route into its table, or gives the kernel's refusal (net/ipv4/fib_trie.c, fib_table_insert). */
export function insertRoute(draft: Draft, route: Route, mode: InsertMode): Refusal | null {
  const checked = checkRoute(draft, route);
  if (!checked.ok) return checked.error;
  const inserted = checked.value;
  const twins = draft.routes.filter(
    (other) => isSameDestination(other, inserted) && other.metric === inserted.metric,
  );
  const [first] = twins;
  if (first === undefined || mode === "append") {
    if (twins.some((other) => isSameRoute(other, inserted))) return refuse.routeExists();
    draft.routes = withRoute(draft.routes, inserted);
    return null;
  }
  return mode === "add" ? refuse.routeExists() : replaceFirst(draft, first, twins, inserted);
}

/** The first of the routes with this prefix and metric gives way; a twin of the new one that stands further back is in the way. */
function replaceFirst(draft: Draft, first: Route, twins: readonly Route[], inserted: Route): Refusal | null {
  const same = twins.find((other) => isSameRoute(other, inserted));
  if (same === first) return null;
  if (same !== undefined) return refuse.routeExists();
  draft.routes = draft.routes.map((other) => (other === first ? inserted : other));
  return null;
}

/** Behind all that come before it or compare equal. */
function withRoute(routes: readonly Route[], inserted: Route): readonly Route[] {
  const at = routes.findIndex((other) => compareRoutes(other, inserted) > 0);
  return at < 0 ? [...routes, inserted] : [...routes.slice(0, at), inserted, ...routes.slice(at)];
}

/** Removes the first route that fits (net/ipv4/fib_trie.c, fib_table_delete). */
export function deleteRoute(draft: Draft, key: RouteKey): Refusal | null {
  if (key.link !== null && findLink(draft, key.link) === null) return refuse.noSuchLink(key.link);
  const found = draft.routes.find((route) => isSameDestination(route, key) && fits(route, key));
  if (found === undefined) return hasTable(draft, key.table) ? refuse.noSuchRoute() : refuse.noSuchTable();
  draft.routes = draft.routes.filter((route) => route !== found);
  return null;
}

/** fib_nh_match among others; a metric of 0 is "not given" to the kernel. */
function fits(route: Route, key: RouteKey): boolean {
  return (
    (key.type === null || key.type === route.type) &&
    (key.scope === null || key.scope === route.scope) &&
    (key.metric === null || key.metric === 0 || key.metric === route.metric) &&
    (key.link === null || key.link === route.link) &&
    (key.gateway === null || key.gateway === route.gateway)
  );
}

/** A table that once held a route stays; of that history a host's state tells only what is in it now. */
function hasTable(draft: Draft, table: number): boolean {
  return table === MAIN_TABLE || table === LOCAL_TABLE || draft.routes.some((route) => route.table === table);
}

/** Removes what the kernel itself made for an address (net/ipv4/fib_frontend.c, fib_magic with RTM_DELROUTE). */
export function deleteMagicRoute(draft: Draft, magic: Route): void {
  const found = draft.routes.find(
    (route) =>
      isSameDestination(route, magic) &&
      route.type === magic.type &&
      route.scope === magic.scope &&
      route.link === magic.link &&
      route.preferredSource === magic.preferredSource &&
      route.protocol === magic.protocol,
  );
  if (found !== undefined) draft.routes = draft.routes.filter((route) => route !== found);
}

/** Takes the routes that `isDead` names out of use; those that discard packets stay (net/ipv4/fib_trie.c, fib_table_flush). */
export function flushRoutes(draft: Draft, isDead: (route: Route) => boolean): void {
  draft.routes = keep(draft.routes, (route) => isDiscard(route.type) || !isDead(route));
}
