import type { IPv4, Mac, Prefix } from "#ip/index.js";
import type { HostId, LinkName, SegmentId } from "./identifiers.js";
import type { Source } from "./issue.js";
import type { Port } from "./snapshot.js";

export type HostRole = "node" | "hypervisor" | "router" | "other";
export type OperatingSystem = "nixos" | "proxmox" | "debian" | "openwrt" | "ubuntu" | "other";
export type Dialect = "nixos" | "ifupdown" | "uci" | "netplan" | "networkd" | "k3s";
export type FlannelBackend = "vxlan" | "host-gw" | "wireguard-native" | "none";

/** What no configuration file says: the inventory, `pointsman.yaml`. */
export interface Fleet {
  readonly name: string;
  readonly hosts: readonly FleetHost[];
  readonly segments: readonly FleetSegment[];
  readonly clusters: readonly Cluster[];
  readonly zones: readonly Zone[];
  /** The host the operator works from, or null where that is outside the fleet. */
  readonly operator: HostId | null;
  /** Added to the default invariant (what works before must work after and in between), or loosening it. */
  readonly invariants: readonly Invariant[];
  /** What the operator states and no file says, in free text; shown with each plan. */
  readonly assumptions: readonly string[];
}

/** One host of the fleet. */
export interface FleetHost {
  readonly id: HostId;
  readonly role: HostRole;
  readonly os: OperatingSystem;
  /** What `ssh` is given to reach it, such as `root@nl-k8s-01.lan`. */
  readonly ssh: string | null;
  /** How to reach it when its network does not, in free text, such as `BMC 10.99.0.7`; missing: nobody has noted it. */
  readonly console?: string;
  /** Relative to the configuration tree (`--from`, `--to`). */
  readonly configuration: readonly ConfigurationFile[];
  /** Ethernet addresses of physical links that are known. */
  readonly macs: ReadonlyMap<LinkName, Mac>;
  /** Sysctls of the platform below `net.ipv4.`, before its configuration is applied. */
  readonly sysctls: ReadonlyMap<string, number>;
  readonly source: Source;
}

/** One configuration file or folder of a host. */
export interface ConfigurationFile {
  readonly dialect: Dialect;
  readonly path: string;
  /** The absolute path on the host; missing: where its platform looks for it by default. */
  readonly at?: string;
  readonly source: Source;
}

/** The wiring: which links share a layer-2 broadcast domain. */
export interface FleetSegment {
  readonly id: SegmentId;
  readonly ports: readonly Port[];
  /** Bytes of payload that the switches carry, or null where it is not stated. */
  readonly mtu: number | null;
  readonly source: Source;
}

/** A Kubernetes cluster that runs on hosts of the fleet. */
export interface Cluster {
  readonly name: string;
  readonly distribution: "k3s" | "other";
  readonly servers: readonly ClusterMember[];
  readonly agents: readonly ClusterMember[];
  /** What the configuration of a member says goes before this. */
  readonly backend: FlannelBackend;
  readonly podCidr: Prefix;
  readonly serviceCidr: Prefix;
  readonly vip: IPv4 | null;
  readonly source: Source;
}

/** A host as a member of a cluster. */
export interface ClusterMember {
  readonly host: HostId;
  /** The slice of the pod network of this node, or null: then it is taken in the order of members, servers first. */
  readonly podCidr: Prefix | null;
  readonly source: Source;
}

/** Addresses of one trust zone; ADR-001 of the incident. */
export interface Zone {
  readonly name: string;
  readonly prefix: Prefix;
  /** Roles whose addresses belong here. */
  readonly roles: readonly HostRole[];
  readonly source: Source;
}

/** What must hold of some flows, whatever they did before. */
export interface Invariant {
  readonly from: FlowSource;
  readonly to: FlowTarget;
  /** `free`: these flows may change, the default invariant does not hold for them. */
  readonly expect: "delivered" | "lost" | "free";
  /** The operator's reason; shown where the invariant breaks. */
  readonly why: string;
  readonly source: Source;
}

/** Who sends: one host, or each host of the fleet. */
export type FlowSource = { readonly kind: "any" } | { readonly kind: "host"; readonly host: HostId };

/** To which addresses: all that a host owns, those of a prefix (one address is a /32), or all that the fleet owns. */
export type FlowTarget = FlowSource | { readonly kind: "prefix"; readonly prefix: Prefix };
