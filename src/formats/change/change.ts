import type { Cidr, IPv4, Prefix } from "#ip/index.js";
import type { FlannelBackend, HostRole, LinkName, RouteKey, Source } from "#model/index.js";

/** What an operator wants to be different, in the order of the file. */
export interface Change {
  readonly entries: readonly ChangeEntry[];
}

/** One item of the list `changes`. */
export type ChangeEntry =
  | {
      readonly kind: "hosts";
      readonly hosts: readonly HostSelector[];
      readonly scope: ChangeScope;
      /** In the order in which they are carried out, which is not that of the file. */
      readonly wishes: readonly Wish[];
      readonly source: Source;
    }
  | { readonly kind: "renumber-hosts"; readonly hosts: readonly NewAddress[]; readonly scope: ChangeScope }
  | {
      readonly kind: "backend";
      readonly cluster: string;
      readonly clusterSource: Source;
      readonly backend: FlannelBackend;
      readonly source: Source;
    };

/** Who: the names are not yet looked up. */
export type HostSelector =
  | { readonly kind: "all"; readonly source: Source }
  | { readonly kind: "role"; readonly role: HostRole; readonly source: Source }
  | { readonly kind: "cluster" | "segment" | "host"; readonly name: string; readonly source: Source };

/** Which links and addresses of a host are meant; null: all of them. */
export interface ChangeScope {
  readonly links: { readonly names: readonly LinkName[]; readonly source: Source } | null;
  readonly segment: { readonly name: string; readonly source: Source } | null;
  /** Addresses in this network. */
  readonly within: Prefix | null;
}

/** The new address of one host; null keeps the prefix length. */
export interface NewAddress {
  readonly host: string;
  readonly ip: IPv4;
  readonly length: number | null;
  readonly source: Source;
}

/** What is to be, of each host that is selected. */
export type Wish =
  | { readonly kind: "renumber"; readonly from: Prefix; readonly to: Prefix; readonly source: Source }
  | { readonly kind: "prefix"; readonly length: number; readonly source: Source }
  | {
      readonly kind: "address-remove";
      readonly ip: IPv4;
      readonly length: number | null;
      readonly source: Source;
    }
  | { readonly kind: "address-add"; readonly address: Cidr; readonly source: Source }
  | {
      readonly kind: "gateway";
      /** null takes the default route away. */
      readonly gateway: IPv4 | null;
      /** null leaves it as it is. */
      readonly isOnlink: boolean | null;
      readonly source: Source;
    }
  | { readonly kind: "route-remove"; readonly route: RouteKey; readonly source: Source }
  | { readonly kind: "route-add"; readonly route: NewRoute; readonly source: Source }
  | { readonly kind: "mtu"; readonly mtu: number; readonly source: Source };

/** A route as the file writes it; a missing link is found from the gateway. */
export interface NewRoute {
  readonly destination: Prefix;
  readonly gateway: IPv4 | null;
  readonly link: LinkName | null;
  readonly metric: number | null;
  readonly isOnlink: boolean;
}
