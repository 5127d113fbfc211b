import type { IPv4, Prefix } from "#ip/index.js";
import type { FlannelBackend } from "./fleet.js";
import type { LinkName } from "./identifiers.js";
import type { Issue, Source } from "./issue.js";
import type { Operation } from "./kernel/operation.js";

/**
 * What one host's configuration means, whatever its dialect: the kernel operations that a boot carries out, in their
 * order, and the facts that are no kernel operation.
 */
export interface HostConfiguration {
  readonly steps: readonly BootStep[];
  /** Links that get addresses at run time: what they will be is not known from the files. */
  readonly dynamicLinks: readonly DynamicLink[];
  readonly ipv6: readonly Ipv6Fact[];
  readonly dhcpRanges: readonly DhcpRange[];
  /** null where the files say nothing of k3s. */
  readonly k3s: K3sConfiguration | null;
  readonly issues: readonly Issue[];
}

/** One kernel operation of the boot. */
export interface BootStep {
  readonly operation: Operation;
  readonly source: Source;
  /** What the boot runs as one script (a stanza, a systemd unit): see `onRefusal`. */
  readonly unit: string;
  /** What the platform does when the kernel refuses: go on, or leave out the rest of this unit. */
  readonly onRefusal: "continue" | "stop-unit";
}

/** A link configured by DHCP, RA, PPP or the like. */
export interface DynamicLink {
  readonly link: LinkName;
  readonly protocol: string;
  /** The metric that the files set for the routes it learns; missing where they set none. */
  readonly metric?: number;
  readonly source: Source;
}

/** An IPv6 fact, kept as text: IPv6 is read and reported, not modelled. */
export interface Ipv6Fact {
  readonly link: LinkName | null;
  readonly kind: "address" | "gateway" | "route";
  readonly text: string;
  readonly source: Source;
}

/** Addresses that a DHCP server on this host hands out, first to last inclusive. */
export interface DhcpRange {
  readonly link: LinkName | null;
  readonly network: Prefix | null;
  readonly first: IPv4;
  readonly last: IPv4;
  readonly source: Source;
}

/** What the files say of k3s; a key that is not set is null and the k3s default applies. */
export interface K3sConfiguration {
  readonly role: "server" | "agent" | null;
  readonly nodeIp: IPv4 | null;
  readonly flannelBackend: FlannelBackend | null;
  readonly flannelLink: LinkName | null;
  readonly podCidr: Prefix | null;
  readonly serviceCidr: Prefix | null;
  readonly server: string | null;
  readonly tlsSans: readonly string[];
  readonly isClusterInit: boolean;
  /** Network settings that the model has no field for, as written (`node-external-ip`, `advertise-address`, `cluster-dns`, ...); missing where there are none. */
  readonly otherSettings?: readonly K3sSetting[];
  readonly source: Source;
}

/** One k3s setting by the name of its flag. */
export interface K3sSetting {
  readonly key: string;
  readonly value: string;
  readonly source: Source;
}

/** A configuration that says nothing. */
export function emptyConfiguration(): HostConfiguration {
  return { steps: [], dynamicLinks: [], ipv6: [], dhcpRanges: [], k3s: null, issues: [] };
}

/** Joins the configurations of several files of one host in their order; the first that speaks of k3s gives each of its keys. */
export function mergeConfigurations(parts: readonly HostConfiguration[]): HostConfiguration {
  return {
    steps: parts.flatMap((part) => part.steps),
    dynamicLinks: parts.flatMap((part) => part.dynamicLinks),
    ipv6: parts.flatMap((part) => part.ipv6),
    dhcpRanges: parts.flatMap((part) => part.dhcpRanges),
    k3s: parts.map((part) => part.k3s).reduce(mergeK3s, null),
    issues: parts.flatMap((part) => part.issues),
  };
}

function mergeK3s(first: K3sConfiguration | null, next: K3sConfiguration | null): K3sConfiguration | null {
  if (first === null || next === null) return first ?? next;
  return {
    role: first.role ?? next.role,
    nodeIp: first.nodeIp ?? next.nodeIp,
    flannelBackend: first.flannelBackend ?? next.flannelBackend,
    flannelLink: first.flannelLink ?? next.flannelLink,
    podCidr: first.podCidr ?? next.podCidr,
    serviceCidr: first.serviceCidr ?? next.serviceCidr,
    server: first.server ?? next.server,
    tlsSans: [...first.tlsSans, ...next.tlsSans],
    isClusterInit: first.isClusterInit || next.isClusterInit,
    ...joinSettings(first, next),
    source: first.source,
  };
}

function joinSettings(
  first: K3sConfiguration,
  next: K3sConfiguration,
): Pick<K3sConfiguration, "otherSettings"> {
  const joined = [...(first.otherSettings ?? []), ...(next.otherSettings ?? [])];
  return joined.length === 0 ? {} : { otherSettings: joined };
}
