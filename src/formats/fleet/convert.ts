import { keySourceAt, type PathStep, parseNetwork, sourceAt } from "#formats/document/index.js";
import type { YamlTree } from "#formats/yaml/index.js";
import { type Prefix, parseIPv4, parseMac } from "#ip/index.js";
import {
  type Cluster,
  type ClusterMember,
  type ConfigurationFile,
  type Dialect,
  type Fleet,
  type FleetHost,
  type FleetSegment,
  hostId,
  type Issue,
  linkName,
  type Port,
  type Source,
  segmentId,
  type Zone,
} from "#model/index.js";
import { findContradictions } from "./contradictions.js";
import { convertInvariant } from "./convert-invariant.js";
import { DEFAULT_POD_CIDR, DEFAULT_SERVICE_CIDR } from "./defaults.js";
import { message } from "./messages.js";
import { namingIssues } from "./naming-issues.js";
import type { ClusterDocument, FleetDocument, HostDocument, MemberDocument } from "./schema.js";

const SYSCTL_PREFIX = "net.ipv4.";

/** Turns a document of the right shape into a fleet, in the order of the file, and looks its names up. */
export function convertFleet(
  document: FleetDocument,
  tree: YamlTree,
): { readonly fleet: Fleet; readonly issues: readonly Issue[] } {
  const issues: Issue[] = [];
  const hosts = inOrder(document.hosts, (name, host) => convertHost(name, host, tree));
  const known = hosts.map((host) => host.id);
  const fleet: Fleet = {
    name: document.name,
    hosts,
    segments: inOrder(document.segments, (name, segment) => convertSegment(name, segment, tree)),
    clusters: inOrder(document.clusters, (name, cluster) => convertCluster(name, cluster, tree)),
    zones: inOrder(document.zones, (name, zone) => convertZone(name, zone, tree)),
    operator: document.operator === undefined ? null : hostId(document.operator),
    invariants: (document.invariants ?? []).flatMap((invariant, index) => {
      const converted = convertInvariant({
        invariant,
        known,
        sourceAt: (path) => sourceAt(tree, ["invariants", index, ...path]),
      });
      issues.push(...converted.issues);
      return converted.invariant === null ? [] : [converted.invariant];
    }),
    assumptions: document.assumptions ?? [],
  };
  issues.push(
    ...sysctlIssues(document, tree),
    ...namingIssues(document, tree),
    ...findContradictions(fleet.invariants),
  );
  return { fleet, issues };
}

/** JavaScript lists keys that look like integers first; the file's own order is in the sources. */
function inOrder<Entry, Value extends { readonly source: Source }>(
  entries: Readonly<Record<string, Entry>> | undefined,
  convert: (name: string, entry: Entry) => Value,
): readonly Value[] {
  return Object.entries(entries ?? {})
    .map(([name, entry]) => convert(name, entry))
    .sort((a, b) => a.source.line - b.source.line || a.source.column - b.source.column);
}

function convertHost(name: string, host: HostDocument, tree: YamlTree): FleetHost {
  const path: readonly PathStep[] = ["hosts", name];
  return {
    id: hostId(name),
    role: host.role ?? "other",
    os: host.os ?? "other",
    ssh: host.ssh ?? null,
    ...(host.console === undefined ? {} : { console: host.console }),
    configuration: (host.configuration ?? []).flatMap((entry, index) =>
      convertConfiguration(entry, keySourceAt(tree, [...path, "configuration", index])),
    ),
    macs: new Map(
      Object.entries(host.macs ?? {}).flatMap(([link, text]) => {
        const mac = parseMac(text);
        return mac === null ? [] : [[linkName(link), mac] as const];
      }),
    ),
    sysctls: new Map(
      Object.entries(host.sysctls ?? {})
        .filter(([key]) => key.startsWith(SYSCTL_PREFIX))
        .map(([key, value]) => [key.slice(SYSCTL_PREFIX.length), value]),
    ),
    source: keySourceAt(tree, path),
  };
}

const DIALECTS: readonly Dialect[] = ["nixos", "ifupdown", "uci", "netplan", "networkd", "k3s"];

function convertConfiguration(
  entry: NonNullable<HostDocument["configuration"]>[number],
  source: Source,
): readonly ConfigurationFile[] {
  return DIALECTS.flatMap((dialect) => {
    const path = entry[dialect];
    const at = entry.at === undefined ? {} : { at: entry.at };
    return path === undefined ? [] : [{ dialect, path, ...at, source }];
  });
}

function convertSegment(
  name: string,
  segment: NonNullable<FleetDocument["segments"]>[string],
  tree: YamlTree,
): FleetSegment {
  const ports: readonly Port[] = segment.ports.map((port) => ({
    host: hostId(port.host),
    link: linkName(port.link),
  }));
  return {
    id: segmentId(name),
    ports,
    mtu: segment.mtu ?? null,
    source: keySourceAt(tree, ["segments", name]),
  };
}

function convertCluster(name: string, cluster: ClusterDocument, tree: YamlTree): Cluster {
  const path: readonly PathStep[] = ["clusters", name];
  const members = (list: readonly MemberDocument[] | undefined, key: string): readonly ClusterMember[] =>
    (list ?? []).map((member, index) => convertMember(member, sourceAt(tree, [...path, key, index])));
  return {
    name,
    distribution: cluster.distribution ?? "k3s",
    servers: members(cluster.servers, "servers"),
    agents: members(cluster.agents, "agents"),
    backend: cluster.backend ?? "vxlan",
    podCidr: network(cluster.podCidr ?? DEFAULT_POD_CIDR),
    serviceCidr: network(cluster.serviceCidr ?? DEFAULT_SERVICE_CIDR),
    vip: cluster.vip === undefined ? null : parseIPv4(cluster.vip),
    source: keySourceAt(tree, path),
  };
}

function convertMember(member: MemberDocument, source: Source): ClusterMember {
  if (typeof member === "string") return { host: hostId(member), podCidr: null, source };
  const podCidr = member.podCidr === undefined ? null : network(member.podCidr);
  return { host: hostId(member.host), podCidr, source };
}

function convertZone(name: string, zone: NonNullable<FleetDocument["zones"]>[string], tree: YamlTree): Zone {
  return {
    name,
    prefix: network(zone.prefix),
    roles: zone.roles,
    source: keySourceAt(tree, ["zones", name]),
  };
}

/** A text that the schema has let pass. */
function network(text: string): Prefix {
  const parsed = parseNetwork(text);
  if (parsed === null) throw new TypeError(`the schema let \`${text}\` pass as a network`);
  return parsed;
}

function sysctlIssues(document: FleetDocument, tree: YamlTree): readonly Issue[] {
  return Object.entries(document.hosts).flatMap(([name, host]) =>
    Object.keys(host.sysctls ?? {})
      .filter((key) => !key.startsWith(SYSCTL_PREFIX))
      .map((key) => message.sysctlOutside(keySourceAt(tree, ["hosts", name, "sysctls", key]), key)),
  );
}
