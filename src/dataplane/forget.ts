import type { IPv4 } from "#ip/index.js";
import type { LinkName, Operation } from "#model/index.js";

/** A cache, or the one entry of it that is asked for. */
export type Cache =
  | { readonly kind: "neighbour"; readonly link: LinkName; readonly ip: IPv4 }
  | { readonly kind: "redirect"; readonly link: LinkName };

/**
 * Whether a host that carries out the operation has nothing left of what it learnt before: flushes; a link that goes down or away takes
 * its entries along (net/core/neighbour.c, neigh_ifdown); an entry set by hand takes the
 * place of the learnt one.
 */
export function forgets(operation: Operation, cache: Cache): boolean {
  switch (cache.kind) {
    case "neighbour":
      return forgetsNeighbour(operation, cache);
    case "redirect":
      return operation.kind === "route-cache-flush" || losesLink(operation, cache.link);
  }
}

function forgetsNeighbour(
  operation: Operation,
  { link, ip }: Extract<Cache, { readonly kind: "neighbour" }>,
): boolean {
  switch (operation.kind) {
    case "neighbour-flush":
      return operation.link === null || operation.link === link;
    case "neighbour-replace": {
      const { neighbour } = operation;
      return !neighbour.isProxy && neighbour.link === link && neighbour.ip === ip;
    }
    case "neighbour-delete":
      return operation.isProxy !== true && operation.link === link && operation.ip === ip;
    case "link-mac":
      return operation.link === link;
    default:
      return losesLink(operation, link);
  }
}

function losesLink(operation: Operation, link: LinkName): boolean {
  return (operation.kind === "link-down" || operation.kind === "link-delete") && operation.link === link;
}
