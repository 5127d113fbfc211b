import type { Placed, UnrankedRule } from "#formats/systemd/index.js";
import type { IPv4, Mac, Prefix } from "#ip/index.js";
import type { Ipv6Fact, LinkType, RouteType, Scope, Source } from "#model/index.js";

/** What one `.network` file with its drop-ins says; it may be for several links. */
export interface NetworkDocument {
  /** The file's own name. */
  readonly name: string;
  readonly source: Source;
  readonly match: NetworkMatch;
  readonly isUnmanaged: boolean;
  readonly activation: "up" | "down" | "untouched";
  readonly mtu: Placed<number> | null;
  readonly mac: Placed<Mac> | null;
  readonly master: Placed<string> | null;
  /** Links that stand on this one: VLAN, VXLAN, MACVLAN. */
  readonly stacked: readonly Placed<string>[];
  readonly addresses: readonly NetworkAddress[];
  readonly routes: readonly NetworkRoute[];
  readonly rules: readonly Placed<UnrankedRule>[];
  readonly dynamic: readonly Placed<string>[];
  /** The metric of the routes that DHCP gives, or null where networkd chooses. */
  readonly dhcpMetric: number | null;
  /** `conf.LINK.KEY` values, with the key alone. */
  readonly linkSysctls: readonly Placed<{ readonly key: string; readonly value: number }>[];
  readonly isForwarding: Placed<boolean> | null;
  readonly pool: DhcpPool | null;
  readonly ipv6: readonly Omit<Ipv6Fact, "link">[];
}

/** Which links a file is for. */
export interface NetworkMatch {
  /** Shell globs; empty where `Name=` is not set. */
  readonly names: readonly Placed<string>[];
  readonly isInverted: boolean;
  /** What else must hold, as text for a message; empty where only names are matched. */
  readonly others: readonly Placed<string>[];
  readonly source: Source;
}

/** An IPv4 address of a link. */
export interface NetworkAddress {
  readonly ip: IPv4;
  readonly length: number;
  readonly peer: IPv4 | null;
  readonly broadcast: IPv4 | "default" | "none";
  readonly scope: Scope | null;
  readonly hasNoPrefixRoute: boolean;
  readonly source: Source;
}

/** An IPv4 route of a link. */
export interface NetworkRoute {
  readonly destination: Prefix;
  readonly gateway: IPv4 | null;
  /** Another link than the file's own: the first next hop of a multipath route may name one. */
  readonly viaLink: string | null;
  readonly isOnlink: boolean;
  readonly metric: number;
  readonly table: number | null;
  readonly scope: Scope | null;
  readonly type: RouteType;
  readonly preferredSource: IPv4 | null;
  readonly source: Source;
}

/** The pool of a link's DHCP server; 0 stands for networkd's own choice. */
export interface DhcpPool {
  readonly offset: number;
  readonly size: number;
  readonly server: { readonly ip: IPv4; readonly length: number } | null;
  readonly source: Source;
}

/** What one `.netdev` file says. */
export interface NetdevDocument {
  readonly name: string;
  readonly kind: string;
  readonly source: Source;
  readonly mtu: Placed<number> | null;
  readonly mac: Placed<Mac> | null;
  readonly own: NetdevOwn;
}

/** What a kind of link has of its own. */
export type NetdevOwn =
  | { readonly kind: "ready"; readonly type: LinkType }
  /** Created only when a `.network` file names it on its lower link. */
  | { readonly kind: "vlan"; readonly id: number }
  | { readonly kind: "macvlan" }
  | {
      readonly kind: "vxlan";
      readonly type: Extract<LinkType, { kind: "vxlan" }>;
      readonly isIndependent: boolean;
    }
  | { readonly kind: "vrf"; readonly table: number }
  | { readonly kind: "veth"; readonly peer: string }
  | { readonly kind: "incomplete" };
