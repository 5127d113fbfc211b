import type { Mac } from "#ip/index.js";
import type { LinkName, LinkType, Segment } from "#model/index.js";
import type { CompiledHost, CompiledLink } from "./compiled-host.js";
import { DomainGraph, type HostStates, TUNNEL_BYTES } from "./domain-graph.js";
import type { Leg } from "./leg.js";
import type { Place } from "./packet.js";
import { buildPortPaths } from "./port-paths.js";
import { buildWiring, type Wiring } from "./wiring.js";

/** Everything that hears a broadcast of one of its legs. */
export interface Domain {
  readonly legs: readonly Leg[];
  readonly byMac: LegIndex<Mac>;
  readonly byHost: LegIndex<number>;
  /** Why frames of this domain cannot be followed, or null. */
  readonly unknown: string | null;
  /** Why more than is known may hear its frames, or null: what nobody here takes may still have a taker. */
  readonly fog: string | null;
  /** The way of frames from bridge to bridge; null where every frame finds the owner of its MAC by itself. */
  readonly wiring: Wiring | null;
  /** The ports of bridges and bonds that a frame goes through from leg to leg. */
  readonly portsBetween: (from: Leg, to: Leg) => readonly Place[];
}

/** Legs by what they have; a key without any has none. */
export interface LegIndex<K> {
  readonly get: (key: K) => readonly Leg[] | undefined;
  readonly has: (key: K) => boolean;
}

/** Which domain a host's link sends into. */
export interface Layer2 {
  readonly domainOf: (host: number, link: LinkName) => Domain | null;
  /** Whether the host has a leg in a domain of which not everything is known. */
  readonly isInFog: (host: number) => boolean;
}

/** Outside a bridge these are in no domain: a tunnel that comes or goes changes nothing for those on the wire. */
const HEARS_NOBODY: ReadonlySet<LinkType["kind"]> = new Set(["loopback", "dummy", "vxlan"]);

/** The part of a host on which layer 2 depends, as a text to compare: addresses and routes have no say in it. */
export function layer2Shape({ links, host }: CompiledHost): string {
  const shapes = links
    .filter(({ link }) => link.master !== null || !HEARS_NOBODY.has(link.type.kind))
    .map(({ link }) =>
      JSON.stringify([
        [link.name, link.type, link.mac, link.isUp, link.hasCarrier, link.master],
        link.bridgeVlans,
        link.mtu < TUNNEL_BYTES,
      ]),
    );
  const entries = host.fdb.filter((entry) => entry.master !== null).map((entry) => JSON.stringify(entry));
  return [...shapes, ...entries].join();
}

/** Whether layer 2 may differ between stages of a host. */
export function variesInLayer2(stages: readonly CompiledHost[]): boolean {
  const first = stages[0]?.host;
  const others = stages.filter(({ host }) => host.links !== first?.links || host.fdb !== first?.fdb);
  return others.length > 0 && new Set(stages.map(layer2Shape)).size > 1;
}

/**
 * Joins links to broadcast domains: through segments, through bridges and bonds inside hosts, and for each VLAN apart.
 * Segments learn perfectly; bridges follow their forwarding entries. No spanning tree is modelled: a domain in which frames could
 * go round, or with a VXLAN port in a bridge, is unknown.
 */
export function buildLayer2(hosts: HostStates, segments: readonly Segment[]): Layer2 {
  const graph = new DomainGraph(hosts, segments);
  graph.joinPorts();
  const domains = collect(hosts, graph);
  const known = new Map<number, Map<LinkName, Domain | null>>();
  const fogged = new Set(
    [...domains.values()].flatMap(({ fog, legs }) => (fog === null ? [] : legs.map(({ host }) => host))),
  );
  return {
    domainOf: (host, link) => {
      const own = known.get(host) ?? new Map<LinkName, Domain | null>();
      known.set(host, own);
      const found = own.get(link);
      if (found !== undefined) return found;
      const plug = graph.plugOf(host, link);
      const domain = plug === null ? null : (domains.get(graph.find(plug)) ?? null);
      own.set(link, domain);
      return domain;
    },
    isInFog: (host) => fogged.has(host),
  };
}

/** The last one that was built of some segments. */
const lastBuilt = new WeakMap<readonly Segment[], { readonly hosts: HostStates; readonly layer2: Layer2 }>();

/** As `buildLayer2`; the same one again where no link and no forwarding entry has changed: both ends of many a change have one layer 2. */
export function shareLayer2(hosts: HostStates, segments: readonly Segment[]): Layer2 {
  const last = lastBuilt.get(segments);
  if (last !== undefined && haveSameLinks(last.hosts, hosts)) return last.layer2;
  const layer2 = buildLayer2(hosts, segments);
  lastBuilt.set(segments, { hosts, layer2 });
  return layer2;
}

function haveSameLinks(some: HostStates, others: HostStates): boolean {
  const isSame = ({ host }: CompiledHost, index: number): boolean => {
    const other = others[index]?.host;
    return host.id === other?.id && host.links === other.links && host.fdb === other.fdb;
  };
  return some.length === others.length && some.every(isSame);
}

function collect(hosts: HostStates, graph: DomainGraph): ReadonlyMap<string, Domain> {
  const members = new Map<string, { readonly legs: Leg[]; readonly plugs: Map<Leg, string> }>();
  hosts.forEach((host, index) => {
    for (const link of host.links) {
      const leg = legOf(host, index, link);
      const plug = leg === null ? null : graph.plugOf(index, leg.link);
      if (leg === null || plug === null) continue;
      const root = graph.find(plug);
      const found = members.get(root) ?? { legs: [], plugs: new Map<Leg, string>() };
      members.set(root, found);
      found.legs.push(leg);
      found.plugs.set(leg, plug);
    }
  });
  const marks = graph.marks();
  return new Map(
    [...members].map(([root, { legs, plugs }]) => {
      const unknown = marks.unknown.get(root) ?? null;
      const domain = { ...indexLegs(legs), unknown, fog: marks.fog.get(root) ?? null };
      const wiring = unknown === null ? buildWiring({ domain, plugs, hosts, edgesOf: graph.edgesOf }) : null;
      return [root, { ...domain, wiring, portsBetween: buildPortPaths(plugs, graph.edgesOf) }];
    }),
  );
}

/** A port's frames are taken by its bridge, also those for the port's own address; a plain link takes its own. */
function legOf(host: CompiledHost, index: number, { link }: CompiledLink): Leg | null {
  if (link.mac === null) return null;
  const own = { host: index, link: link.name, mac: link.mac, port: null };
  if (link.master === null) return own;
  const master = host.linkByName.get(link.master)?.link;
  if (master === undefined) return own;
  if (master.type.kind === "bond") return null;
  if (master.type.kind !== "bridge") return own;
  if (link.mac === master.mac || !link.isUp || !link.hasCarrier) return null;
  return { host: index, link: master.name, mac: link.mac, port: link.name };
}

function indexLegs(legs: readonly Leg[]): Pick<Domain, "legs" | "byMac" | "byHost"> {
  const byMac = new Map<Mac, Leg[]>();
  const byHost = new Map<number, Leg[]>();
  for (const leg of legs) {
    push(byMac, leg.mac, leg);
    push(byHost, leg.host, leg);
  }
  return { legs, byMac, byHost };
}

function push<K>(lists: Map<K, Leg[]>, key: K, leg: Leg): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [leg]);
  else list.push(leg);
}
