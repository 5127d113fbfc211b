import {
  buildLongestPrefixMatch,
  formatPrefix,
  type IPv4,
  type LongestPrefixMatch,
  type Prefix,
  prefix,
} from "#ip/index.js";
import type { Host, HostId, Segment } from "#model/index.js";
import type { StagedHost } from "./world.js";

/**
 * Groups hosts that are interchangeable: exchanging two of a group, with their addresses and MACs, maps the fleet onto
 * itself, so a flow's verdicts depend on the groups of its ends alone. A host is alone in its group where another host names
 * one of its addresses or MACs, or where some prefix tells its addresses from those of the others.
 */
export function classifyHosts(hosts: readonly StagedHost[], segments: readonly Segment[]): readonly string[] {
  const named = countNames(hosts);
  const prefixes = collectPrefixes(hosts);
  const wiring = indexWiring(segments);
  return hosts.map((host) => {
    const own = ownNames(host);
    const isNamedElsewhere = [...own].some((name) => (named.get(name) ?? 0) > 1);
    return isNamedElsewhere
      ? `alone ${host.id}`
      : shapeOf(host, { own, prefixes, wiring: wiring.get(host.id) ?? "" });
  });
}

/** By how many hosts each address and MAC is named, as owner or otherwise. */
function countNames(hosts: readonly StagedHost[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const host of hosts) {
    for (const name of new Set(host.stages.flatMap(allNames))) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

function allNames(host: Host): readonly string[] {
  return [
    ...ownNamesOf(host),
    ...host.addresses.flatMap((address) => addressNames([address.peer])),
    ...host.routes.flatMap((route) =>
      addressNames([route.gateway, route.preferredSource, ...single(route.destination)]),
    ),
    ...host.rules.flatMap((rule) => addressNames([...single(rule.from), ...single(rule.to)])),
    ...host.neighbours.flatMap((entry) => [
      ...addressNames([entry.ip]),
      ...(entry.mac === null ? [] : [entry.mac]),
    ]),
    ...host.fdb.flatMap((entry) => [entry.mac, ...addressNames([entry.remote])]),
  ];
}

function single(network: Prefix | null): readonly IPv4[] {
  return network !== null && network.length === 32 ? [network.address] : [];
}

function addressNames(addresses: readonly (IPv4 | null)[]): readonly string[] {
  return addresses.flatMap((address) =>
    address === null || address >>> 24 === 127 ? [] : [String(address)],
  );
}

function ownNames(host: StagedHost): ReadonlySet<string> {
  return new Set(host.stages.flatMap(ownNamesOf));
}

function ownNamesOf(host: Host): readonly string[] {
  return [
    ...addressNames(host.addresses.map((address) => address.ip)),
    ...host.links.flatMap((link) => (link.mac === null ? [] : [link.mac])),
    ...host.links.flatMap((link) => (link.type.kind === "vxlan" ? addressNames([link.type.local]) : [])),
  ];
}

function collectPrefixes(hosts: readonly StagedHost[]): LongestPrefixMatch<string> {
  const all = new Map<string, Prefix>();
  const add = (network: Prefix | null): void => {
    if (network !== null && network.length < 32) all.set(formatPrefix(network), network);
  };
  for (const host of hosts.flatMap(({ stages }) => stages)) {
    for (const address of host.addresses) add(prefix(address.ip, address.length));
    for (const route of host.routes) add(route.destination);
    for (const rule of host.rules) {
      add(rule.from);
      add(rule.to);
    }
  }
  return buildLongestPrefixMatch([...all].map(([name, network]) => ({ prefix: network, value: name })));
}

function indexWiring(segments: readonly Segment[]): ReadonlyMap<HostId, string> {
  const wiring = new Map<HostId, string>();
  for (const segment of segments) {
    for (const port of segment.ports) {
      wiring.set(port.host, `${wiring.get(port.host) ?? ""} ${port.link}@${segment.id}`);
    }
  }
  return wiring;
}

interface Surroundings {
  readonly own: ReadonlySet<string>;
  readonly prefixes: LongestPrefixMatch<string>;
  readonly wiring: string;
}

/** The host's stages as a text in which its own addresses are places and not numbers. */
function shapeOf(host: StagedHost, { own, prefixes, wiring }: Surroundings): string {
  const places = new Map([...own].map((name, index) => [name, `@${index}`]));
  const atoms = [...own].map((name) =>
    /^\d+$/.test(name) ? containing(prefixes, Number(name) as IPv4) : "",
  );
  const stages = host.stages.map((stage) =>
    JSON.stringify(facts(stage), (_key, value: unknown) => rename(places, value)),
  );
  return [wiring, atoms.join(";"), ...stages].join("\n");
}

function rename(places: ReadonlyMap<string, string>, value: unknown): unknown {
  if (typeof value === "number" || typeof value === "string") return places.get(String(value)) ?? value;
  return value;
}

function containing(prefixes: LongestPrefixMatch<string>, address: IPv4): string {
  const names: string[] = [];
  prefixes.search(address, (values) => {
    names.push(...values);
    return false;
  });
  return names.join(",");
}

/** Everything of a host but its name and where its facts were written. */
function facts(host: Host): unknown {
  const bare = ({ source: _, ...rest }: { readonly source: unknown }): object => rest;
  return [
    host.links.map(bare),
    host.addresses.map(bare),
    host.routes.map(bare),
    host.rules,
    host.neighbours,
    host.fdb,
    [...host.sysctls],
    host.unmodelled.map((issue) => issue.code),
  ];
}
