import type { LinkName } from "../identifiers.js";
import type { Operation } from "./operation.js";

/** The links that must be there before a boot's operation can succeed; what it deletes or matches need not be. */
export function linksNamed(operation: Operation): readonly LinkName[] {
  switch (operation.kind) {
    case "link-add": {
      const { type, master } = operation.link;
      const lower = type.kind === "vlan" || type.kind === "vxlan" ? type.lower : null;
      return [lower, master].filter((name) => name !== null);
    }
    case "link-master":
    case "link-up":
    case "link-mtu":
    case "link-mac":
      return [operation.link];
    case "address-add":
      return [operation.address.link];
    case "route-add":
    case "route-append":
    case "route-replace":
      return operation.route.link === null ? [] : [operation.route.link];
    case "neighbour-replace":
      return [operation.neighbour.link];
    case "bridge-vlan-add":
      return [operation.link];
    case "fdb-append":
      return [operation.entry.link];
    case "link-down":
    case "link-delete":
    case "address-delete":
    case "route-delete":
    case "rule-add":
    case "rule-delete":
    case "neighbour-delete":
    case "neighbour-flush":
    case "route-cache-flush":
    case "fdb-delete":
    case "fdb-flush":
    case "bridge-vlan-delete":
    case "etcd-peer":
    case "sysctl":
      return [];
  }
}
