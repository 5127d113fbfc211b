import { contains, type IPv4, type Prefix, prefix } from "#ip/index.js";
import {
  type Address,
  type Host,
  type HostId,
  type Link,
  type LinkName,
  MAIN_TABLE,
  type Route,
  type Segment,
  type Snapshot,
} from "#model/index.js";
import { wiringPartOf } from "../wiring-hosts.js";

/** The fleet at both ends of the change, as far as proposals need it. They may be wrong about it: the proof is not. */
export interface Surroundings {
  readonly hosts: readonly HostId[];
  /** Before and after. */
  readonly endsOf: (host: HostId) => readonly Host[];
  /** Whose an address is at either end. */
  readonly ownersOf: (address: IPv4) => readonly HostId[];
  /** The addresses of a host at either end, loopback left out. */
  readonly addressesOf: (host: HostId) => readonly IPv4[];
  /** Every link that has an address at either end and frames can reach, with its broadcast domain. */
  readonly legs: readonly Leg[];
  readonly legsOf: (host: HostId) => readonly Leg[];
  /** Legs of other hosts that hear this one. */
  readonly near: (leg: Leg) => readonly Leg[];
}

/** A host's link in a broadcast domain. */
export interface Leg {
  readonly host: HostId;
  readonly link: Link;
  readonly domain: string;
  /** Its addresses at either end. */
  readonly addresses: readonly Address[];
}

/** Looks both ends over once. */
export function survey(before: Snapshot, after: Snapshot): Surroundings {
  const hosts = [...before.hosts.keys()].filter((host) => wiringPartOf(host) === null);
  const ends = (host: HostId): readonly Host[] =>
    [before.hosts.get(host), after.hosts.get(host)].filter((end) => end !== undefined);
  const domainOf = joinDomains(hosts.flatMap(ends), [...before.segments, ...after.segments]);
  const legs = hosts.flatMap((host) => collectLegs(ends(host), domainOf));
  const byHost = groupBy(legs, ({ host }) => host);
  const byDomain = groupBy(legs, ({ domain }) => domain);
  const owners = groupBy(
    hosts.flatMap((host) => ownAddresses(ends(host)).map((ip) => ({ host, ip }))),
    ({ ip }) => ip,
  );
  return {
    hosts,
    endsOf: ends,
    ownersOf: (address) => [...new Set((owners.get(address) ?? []).map(({ host }) => host))],
    addressesOf: (host) => ownAddresses(ends(host)),
    legs,
    legsOf: (host) => byHost.get(host) ?? [],
    near: (leg) => (byDomain.get(leg.domain) ?? []).filter(({ host }) => host !== leg.host),
  };
}

function ownAddresses(ends: readonly Host[]): readonly IPv4[] {
  const all = ends.flatMap((end) => end.addresses.map(({ ip }) => ip));
  return [...new Set(all)].filter((ip) => ip >>> 24 !== 127);
}

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

type DomainOf = (host: Host, link: Link) => string | null;

/** Segments that some bridge joins are one domain; each VLAN on it is one of its own. */
function joinDomains(ends: readonly Host[], segments: readonly Segment[]): DomainOf {
  const parents = new Map<string, string>();
  const root = (name: string): string => {
    const parent = parents.get(name);
    return parent === undefined ? name : root(parent);
  };
  const wires = new Map<string, string>();
  for (const { id, ports } of segments) for (const { host, link } of ports) wires.set(`${host} ${link}`, id);
  const portOf = (host: HostId, link: LinkName): string | undefined => wires.get(`${host} ${link}`);
  for (const host of ends) {
    for (const { name, master } of host.links) {
      const port = portOf(host.id, name);
      const bridge = `${host.id} ${master}`;
      if (master === null || port === undefined || root(port) === root(bridge)) continue;
      parents.set(root(port), root(bridge));
    }
  }
  return (host, link) => {
    const vlan = link.type.kind === "vlan" ? link.type : null;
    const base = vlan?.lower ?? link.name;
    const tag = vlan === null ? "" : `#${vlan.id}`;
    const isBridge = host.links.some(({ master }) => master === base);
    const port = isBridge ? `${host.id} ${base}` : portOf(host.id, base);
    return port === undefined ? null : `${root(port)}${tag}`;
  };
}

/** A link that is in another domain after the change has two legs. */
function collectLegs(ends: readonly Host[], domainOf: DomainOf): readonly Leg[] {
  const legs = new Map<string, Leg>();
  for (const end of ends) {
    for (const link of end.links) {
      const domain = domainOf(end, link);
      if (domain === null) continue;
      const key = `${link.name} ${domain}`;
      const own = end.addresses.filter((address) => address.link === link.name);
      const known = legs.get(key);
      const fresh = own.filter(
        ({ ip, length }) => !known?.addresses.some((a) => a.ip === ip && a.length === length),
      );
      legs.set(key, { host: end.id, link, domain, addresses: [...(known?.addresses ?? []), ...fresh] });
    }
  }
  return [...legs.values()];
}

/** The network of an address. */
export function networkOf(address: Address): Prefix {
  return prefix(address.peer ?? address.ip, address.length);
}

/** The route of the table main that a host takes for a destination, policy rules left out of account; null where there is none. */
export function routeTo(host: Host | undefined, destination: IPv4): Route | null {
  let best: Route | null = null;
  for (const route of host?.routes ?? []) {
    if (route.table !== MAIN_TABLE || !contains(route.destination, destination)) continue;
    const isBetter =
      best === null ||
      route.destination.length > best.destination.length ||
      (route.destination.length === best.destination.length && route.metric < best.metric);
    if (isBetter) best = route;
  }
  return best;
}

/** Whether a host forwards at either end. */
export function forwards(ends: readonly Host[]): boolean {
  return ends.some(({ sysctls }) =>
    [...sysctls].some(([key, value]) => value !== 0 && (key === "ip_forward" || key.endsWith(".forwarding"))),
  );
}
