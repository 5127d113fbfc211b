import type { Address, FdbEntry, Host, Link, Neighbour, Route, Rule } from "../host.js";
import type { LinkName } from "../identifiers.js";

/**
 * A host while one operation changes it. It lives inside one call of `applyOperation` and nobody else sees it, so its lists may be
 * replaced; the elements are the host's own and are never changed in place.
 */
export interface Draft {
  readonly host: Host;
  links: readonly Link[];
  addresses: readonly Address[];
  routes: readonly Route[];
  rules: readonly Rule[];
  neighbours: readonly Neighbour[];
  fdb: readonly FdbEntry[];
  sysctls: ReadonlyMap<string, number>;
}

/** A draft that still is the host. */
export function draftOf(host: Host): Draft {
  const { links, addresses, routes, rules, neighbours, fdb, sysctls } = host;
  return { host, links, addresses, routes, rules, neighbours, fdb, sysctls };
}

/** The draft as a host; the same value where nothing has changed. */
export function hostOf(draft: Draft): Host {
  const { host, ...lists } = draft;
  const isSame =
    lists.links === host.links &&
    lists.addresses === host.addresses &&
    lists.routes === host.routes &&
    lists.rules === host.rules &&
    lists.neighbours === host.neighbours &&
    lists.fdb === host.fdb &&
    lists.sysctls === host.sysctls;
  return isSame ? host : { ...host, ...lists };
}

/** The link of that name, or null. */
export function findLink(draft: Draft, name: LinkName | null): Link | null {
  return draft.links.find((link) => link.name === name) ?? null;
}

/** Puts a changed link in the place of the one that has its name. */
export function changeLink(draft: Draft, name: LinkName, change: Partial<Link>): void {
  draft.links = draft.links.map((link) => (link.name === name ? { ...link, ...change } : link));
}

/** The addresses of one link, in the kernel's order. */
export function addressesOn(draft: Draft, link: LinkName): readonly Address[] {
  return draft.addresses.filter((address) => address.link === link);
}

/** What is left of a list; the list itself where nothing goes. */
export function keep<T>(list: readonly T[], isKept: (value: T) => boolean): readonly T[] {
  const kept = list.filter(isKept);
  return kept.length === list.length ? list : kept;
}
