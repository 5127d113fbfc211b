import type { IPv4, Mac, Prefix } from "#ip/index.js";
import type { Address, FdbEntry, Link, Neighbour, Route, Rule, Scope } from "../host.js";
import type { LinkName } from "../identifiers.js";

/**
 * One change of a host's network state that the kernel carries out or refuses as a whole. Each ends in a stage of its
 * own: there is no operation that does two of these at once.
 */
export type Operation =
  | { readonly kind: "link-add"; readonly link: Link }
  | { readonly kind: "link-delete"; readonly link: LinkName }
  | { readonly kind: "link-up"; readonly link: LinkName }
  | { readonly kind: "link-down"; readonly link: LinkName }
  | { readonly kind: "link-mtu"; readonly link: LinkName; readonly mtu: number }
  | { readonly kind: "link-mac"; readonly link: LinkName; readonly mac: Mac }
  | { readonly kind: "link-master"; readonly link: LinkName; readonly master: LinkName | null }
  /** `ip addr add`; `isSecondary` of the address is ignored, the kernel decides it. */
  | { readonly kind: "address-add"; readonly address: Address }
  /** `ip addr del IP/LENGTH`; an address that has a peer is found only with it. */
  | {
      readonly kind: "address-delete";
      readonly link: LinkName;
      readonly ip: IPv4;
      readonly length: number;
      readonly peer?: IPv4 | null;
    }
  /** `ip route add`: refused where a route of this prefix, table and metric is there. */
  | { readonly kind: "route-add"; readonly route: Route }
  /** `ip route append`: behind the routes of this prefix, table and metric. */
  | { readonly kind: "route-append"; readonly route: Route }
  /** `ip route replace`: takes the place of the first route of this prefix, table and metric in one step. */
  | { readonly kind: "route-replace"; readonly route: Route }
  | { readonly kind: "route-delete"; readonly route: RouteKey }
  | { readonly kind: "rule-add"; readonly rule: Rule }
  | { readonly kind: "rule-delete"; readonly rule: Rule }
  | { readonly kind: "neighbour-replace"; readonly neighbour: Neighbour }
  /** `ip neigh del`, or `ip neigh del proxy`. */
  | {
      readonly kind: "neighbour-delete";
      readonly link: LinkName;
      readonly ip: IPv4;
      readonly isProxy?: boolean;
    }
  /** `ip neigh flush [dev LINK]`: permanent and noarp entries stay. */
  | { readonly kind: "neighbour-flush"; readonly link: LinkName | null }
  /** `ip route flush cache`: what redirects and path MTU messages taught is forgotten; no route changes. */
  | { readonly kind: "route-cache-flush" }
  | { readonly kind: "fdb-append"; readonly entry: FdbEntry }
  | { readonly kind: "fdb-delete"; readonly entry: FdbEntry }
  /** `ip link set dev BRIDGE type bridge fdb_flush`: permanent and static entries stay. */
  | { readonly kind: "fdb-flush"; readonly link: LinkName }
  /** `bridge vlan add vid VLAN[-LASTVLAN]`, in one message: a VLAN that the port has already gets these flags. Only one VLAN may be a PVID. */
  | {
      readonly kind: "bridge-vlan-add";
      /** A port, or with `isSelf` the bridge itself. */
      readonly link: LinkName;
      readonly vlan: number;
      /** The end of the range, `vlan` for one VLAN alone. */
      readonly lastVlan: number;
      readonly isPvid: boolean;
      readonly isUntagged: boolean;
      readonly isSelf: boolean;
    }
  /** `bridge vlan del vid VLAN[-LASTVLAN]`. */
  | {
      readonly kind: "bridge-vlan-delete";
      readonly link: LinkName;
      readonly vlan: number;
      readonly lastVlan: number;
      readonly isSelf: boolean;
    }
  /** The etcd member of this host gets another peer address (`etcdctl member update`, and a restart): no packet goes another way. */
  | { readonly kind: "etcd-peer"; readonly ip: IPv4 }
  /** `sysctl -w net.ipv4.KEY=VALUE`; the key is written without `net.ipv4.`. */
  | { readonly kind: "sysctl"; readonly key: string; readonly value: number };

/** What `ip route del` matches: null selectors match any; the first route that fits is removed (net/ipv4/fib_trie.c, fib_table_delete). */
export interface RouteKey {
  readonly table: number;
  readonly destination: Prefix;
  readonly type: Route["type"] | null;
  readonly gateway: IPv4 | null;
  readonly link: LinkName | null;
  readonly metric: number | null;
  readonly scope: Scope | null;
}

/** Builds the two records that have many fields, with the defaults that `ip` gives them. */
export const operation = { address: buildAddress, route: buildRoute } as const;

function buildAddress(given: Pick<Address, "link" | "ip" | "length"> & Partial<Address>): Address {
  return {
    peer: null,
    broadcast: null,
    scope: "global",
    isSecondary: false,
    hasNoPrefixRoute: false,
    source: null,
    ...given,
  };
}

function buildRoute(given: Pick<Route, "destination"> & Partial<Route>): Route {
  const type = given.type ?? "unicast";
  const isDirect = (given.gateway ?? null) === null && type === "unicast";
  return {
    table: 254,
    type,
    gateway: null,
    link: null,
    metric: 0,
    scope: isDirect ? "link" : "global",
    preferredSource: null,
    isOnlink: false,
    isDead: false,
    protocol: "boot",
    source: null,
    ...given,
  };
}
