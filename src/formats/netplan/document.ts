import type { Placed } from "#formats/systemd/index.js";
import type { IPv4, Mac, Prefix } from "#ip/index.js";
import type { Issue, RouteType, Scope, Source } from "#model/index.js";

/** The kinds of link below `network:`, by netplan's own keys. */
export type DeviceKind =
  | "ethernets"
  | "wifis"
  | "modems"
  | "bridges"
  | "bonds"
  | "vlans"
  | "vrfs"
  | "tunnels"
  | "dummy-devices"
  | "virtual-ethernets"
  | "nm-devices";

/** What the netplan files of one host say, merged; positions point into the file of each fact. */
export interface NetplanDocument {
  readonly devices: readonly NetplanDevice[];
  readonly issues: readonly Issue[];
}

/** One link definition. */
export interface NetplanDevice {
  readonly kind: DeviceKind;
  readonly id: string;
  readonly source: Source;
  readonly renderer: Placed<string> | null;
  readonly match: NetplanMatch | null;
  readonly setName: Placed<string> | null;
  readonly activation: "up" | "down" | "untouched";
  readonly mtu: Placed<number> | null;
  readonly mac: Placed<Mac> | null;
  readonly dynamic: readonly NetplanDynamic[];
  readonly addresses: readonly NetplanAddress[];
  readonly ipv6: readonly {
    readonly kind: "address" | "gateway" | "route";
    readonly text: string;
    readonly source: Source;
  }[];
  readonly routes: readonly NetplanRoute[];
  readonly rules: readonly NetplanRule[];
  readonly ports: readonly Placed<string>[];
  readonly own: DeviceOwn;
}

/** What only one kind of link has. */
export type DeviceOwn =
  | { readonly kind: "plain" }
  | { readonly kind: "bond"; readonly mode: string }
  | { readonly kind: "vlan"; readonly id: number; readonly lower: Placed<string> }
  | { readonly kind: "vrf"; readonly table: number }
  | {
      readonly kind: "vxlan";
      readonly id: number;
      readonly local: IPv4 | null;
      readonly lower: Placed<string> | null;
      readonly port: number;
      readonly isLearning: boolean;
    }
  | { readonly kind: "tunnel"; readonly mode: string; readonly ends: string }
  | { readonly kind: "veth"; readonly peer: string }
  /** Lacks what it cannot be created without; reported. */
  | { readonly kind: "incomplete" };

/** The properties by which hardware is found. */
export interface NetplanMatch {
  readonly name: Placed<string> | null;
  readonly mac: Placed<string> | null;
  readonly driver: Placed<string> | null;
  readonly source: Source;
}

/** DHCP or link-local addressing. */
export interface NetplanDynamic {
  readonly protocol: string;
  readonly metric: number | null;
  readonly source: Source;
}

/** An IPv4 address. */
export interface NetplanAddress {
  readonly ip: IPv4;
  readonly length: number;
  readonly source: Source;
}

/** An IPv4 route. */
export interface NetplanRoute {
  readonly destination: Prefix;
  readonly gateway: IPv4 | null;
  readonly isOnlink: boolean;
  readonly metric: number;
  readonly table: number | null;
  readonly scope: Scope | null;
  readonly type: RouteType;
  readonly preferredSource: IPv4 | null;
  readonly source: Source;
}

/** An IPv4 routing policy rule; null priority leaves the choice to the kernel. */
export interface NetplanRule {
  readonly from: Prefix | null;
  readonly to: Prefix | null;
  readonly table: number | null;
  readonly priority: number | null;
  readonly mark: number | null;
  readonly typeOfService: number | null;
  readonly source: Source;
}
