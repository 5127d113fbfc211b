import type { IPv4, Mac, Prefix } from "#ip/index.js";
import type { HostId, LinkName } from "./identifiers.js";
import type { Issue, Source } from "./issue.js";
import type { Sysctls } from "./sysctl.js";

/** Routing table numbers; /etc/iproute2/rt_tables. */
export const LOCAL_TABLE = 255;
export const MAIN_TABLE = 254;
export const DEFAULT_TABLE = 253;

/** The complete layer-2 and layer-3 state of one host: what `ip`, `bridge` and `sysctl` would print. Lists keep the kernel's order. */
export interface Host {
  readonly id: HostId;
  readonly links: readonly Link[];
  readonly addresses: readonly Address[];
  /** All tables, `local` included. Among routes of one prefix, table and metric the first inserted stands first. */
  readonly routes: readonly Route[];
  readonly rules: readonly Rule[];
  readonly neighbours: readonly Neighbour[];
  readonly fdb: readonly FdbEntry[];
  readonly sysctls: Sysctls;
  /** Where the other members dial the etcd member of this host; missing where there is none, or nothing is known of it. */
  readonly etcdPeer?: IPv4;
  /** What makes this host's behaviour uncertain; a walk that depends on it is `unknown`. */
  readonly unmodelled: readonly Issue[];
}

/** A network device. */
export interface Link {
  readonly name: LinkName;
  readonly type: LinkType;
  /** null where the link has no Ethernet address (loopback, tunnels). */
  readonly mac: Mac | null;
  /** Bytes of payload. */
  readonly mtu: number;
  /** IFF_UP. */
  readonly isUp: boolean;
  /** IFF_LOWER_UP: frames can pass. */
  readonly hasCarrier: boolean;
  /** The bridge, bond or VRF that this link is a port of. */
  readonly master: LinkName | null;
  /** IFF_NOARP: the link resolves no neighbours. */
  readonly isNoArp: boolean;
  /** The VLANs of a port of a VLAN-aware bridge, or of such a bridge itself; missing where they are not known or have no meaning. */
  readonly bridgeVlans?: PortVlans;
  readonly source: Source | null;
}

/** The VLANs that a bridge takes from and gives to one of its ports; bridge(8), `bridge vlan`. */
export interface PortVlans {
  /** The VLAN of frames that come in without a tag, or null: they are dropped. */
  readonly pvid: number | null;
  /** VLANs whose frames leave without a tag. */
  readonly untagged: readonly number[];
  readonly tagged: readonly number[];
}

export type LinkType =
  | { readonly kind: "loopback" }
  /** A physical port, veth, tap, or macvlan in bridge mode: a plain leg on a segment. */
  | { readonly kind: "ethernet" }
  | { readonly kind: "bridge"; readonly isVlanAware: boolean }
  | { readonly kind: "vlan"; readonly id: number; readonly lower: LinkName }
  | { readonly kind: "bond"; readonly mode: string }
  | { readonly kind: "dummy" }
  | {
      readonly kind: "vxlan";
      readonly id: number;
      readonly local: IPv4 | null;
      readonly lower: LinkName | null;
      /** UDP destination port; 8472 for flannel. */
      readonly port: number;
      readonly isLearning: boolean;
    }
  /** Known to be there, not modelled (`vrf`, `wireguard`, `tun`, ...): its traffic is `unknown`. */
  | { readonly kind: "other"; readonly name: string };

export type Scope = "global" | "site" | "link" | "host" | "nowhere";

/** An address on a link, as `ip addr` prints it. */
export interface Address {
  readonly link: LinkName;
  readonly ip: IPv4;
  readonly length: number;
  /** The other end of a point-to-point address (`peer`), else null. */
  readonly peer: IPv4 | null;
  readonly broadcast: IPv4 | null;
  readonly scope: Scope;
  /** IFA_F_SECONDARY: another address of the same network on this link came first. */
  readonly isSecondary: boolean;
  /** IFA_F_NOPREFIXROUTE: no connected route comes with it. */
  readonly hasNoPrefixRoute: boolean;
  readonly source: Source | null;
}

export type RouteType =
  | "unicast"
  | "local"
  | "broadcast"
  | "multicast"
  | "blackhole"
  | "unreachable"
  | "prohibit"
  | "throw"
  | "anycast";

/** A route of one next hop; a multipath route is reported as unmodelled and kept with its first one. */
export interface Route {
  readonly table: number;
  readonly type: RouteType;
  readonly destination: Prefix;
  readonly gateway: IPv4 | null;
  /** null for types that name no device (blackhole and its siblings). */
  readonly link: LinkName | null;
  /** Priority; lower wins among routes of one prefix. */
  readonly metric: number;
  readonly scope: Scope;
  /** The preferred source address (`src`). */
  readonly preferredSource: IPv4 | null;
  /** RTNH_F_ONLINK: the gateway is taken to be a neighbour on the link. */
  readonly isOnlink: boolean;
  /** RTNH_F_DEAD: the link is down and the route not in use. */
  readonly isDead: boolean;
  /** `kernel`, `boot`, `static`, `dhcp`, ... as `ip route` prints it. */
  readonly protocol: string;
  readonly source: Source | null;
}

export type RuleAction =
  | { readonly kind: "lookup"; readonly table: number; readonly suppressPrefixLength: number | null }
  | { readonly kind: "blackhole" }
  | { readonly kind: "unreachable" }
  | { readonly kind: "prohibit" }
  /** An action or selector outside the model; the rule's match makes the look-up `unknown`. */
  | { readonly kind: "unmodelled"; readonly text: string };

/** A routing policy rule; ip-rule(8). A null selector matches everything. */
export interface Rule {
  readonly priority: number;
  readonly isInverted: boolean;
  readonly from: Prefix | null;
  readonly to: Prefix | null;
  /** Incoming link; `lo` stands for packets of the host itself. */
  readonly incoming: LinkName | null;
  readonly outgoing: LinkName | null;
  readonly mark: { readonly value: number; readonly mask: number } | null;
  readonly action: RuleAction;
}

/** The rules of a new namespace. */
export const DEFAULT_RULES: readonly Rule[] = [
  lookupRule(0, LOCAL_TABLE),
  lookupRule(32766, MAIN_TABLE),
  lookupRule(32767, DEFAULT_TABLE),
];

function lookupRule(priority: number, table: number): Rule {
  return {
    priority,
    isInverted: false,
    from: null,
    to: null,
    incoming: null,
    outgoing: null,
    mark: null,
    action: { kind: "lookup", table, suppressPrefixLength: null },
  };
}

/** One entry of the neighbour (ARP) cache. */
export interface Neighbour {
  readonly link: LinkName;
  readonly ip: IPv4;
  /** null where resolution failed or has not ended. */
  readonly mac: Mac | null;
  /** `permanent`, `noarp`, `reachable`, `stale`, `delay`, `probe`, `failed`, `incomplete`, in lower case. */
  readonly state: string;
  /** An entry of `ip neigh add proxy`: the host answers ARP for `ip` on this link. */
  readonly isProxy: boolean;
}

/** One entry of a bridge's or VXLAN link's forwarding database. */
export interface FdbEntry {
  readonly mac: Mac;
  /** The bridge port, or the VXLAN link itself. */
  readonly link: LinkName;
  /** The bridge, or null for an entry of the link's own (`self`). */
  readonly master: LinkName | null;
  readonly vlan: number | null;
  /** The remote VTEP of a VXLAN entry. */
  readonly remote: IPv4 | null;
  /** `permanent` or `static`: it does not age. */
  readonly isPermanent: boolean;
  /** `static`: forwarded to the port. A `permanent` entry of a bridge is an address of the bridge itself, and so is one without this. */
  readonly isStatic?: boolean;
  /** `sticky`: the entry stays at its port wherever frames of its address come from (net/bridge/br_fdb.c, br_fdb_update). */
  readonly isSticky?: boolean;
}

/** The link of that name, or null. */
export function linkOf(host: Host, name: LinkName): Link | null {
  return host.links.find((link) => link.name === name) ?? null;
}
