import type { Operation } from "#model/index.js";

/** The operation that takes one back when a configuration no longer asks for it; null where nothing is to be done or known. */
export function undoOperation(done: Operation): Operation | null {
  switch (done.kind) {
    case "address-add": {
      const { link, ip, length, peer } = done.address;
      return { kind: "address-delete", link, ip, length, peer };
    }
    case "route-add":
    case "route-append":
    case "route-replace": {
      const { table, destination, type, gateway, link, metric, scope } = done.route;
      return { kind: "route-delete", route: { table, destination, type, gateway, link, metric, scope } };
    }
    case "rule-add":
      return { kind: "rule-delete", rule: done.rule };
    case "link-add":
      return { kind: "link-delete", link: done.link.name };
    case "link-master":
      return done.master === null ? null : { ...done, master: null };
    case "neighbour-replace":
      return {
        kind: "neighbour-delete",
        link: done.neighbour.link,
        ip: done.neighbour.ip,
        isProxy: done.neighbour.isProxy,
      };
    case "fdb-append":
      return { kind: "fdb-delete", entry: done.entry };
    default:
      return null;
  }
}
