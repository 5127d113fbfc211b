import { type Mac, mac } from "#ip/index.js";
import type { Host, HostId, Link, LinkName, Segment } from "#model/index.js";
import { type CompiledHost, compileHost } from "./compiled-host.js";
import type { Domain, Layer2, LegIndex } from "./layer2.js";
import type { Leg } from "./leg.js";

/**
 * A host that is one switch port: in all its stages it is the same but for the bridge that its plug is a port of, and into the plug goes
 * one link of one host, which sends and takes frames without a tag and hands nothing on, and whose address no bridge has an entry for. Wherever it is plugged in, it joins no segments:
 * who wants to know of other links need not ask where this one is.
 */
export interface PlugSwitch {
  readonly host: number;
  /** The host and its link behind the plug. */
  readonly end: { readonly host: number; readonly link: LinkName };
  /** The bridge of each stage, or null where the plug is plugged in nowhere. */
  readonly bridges: readonly (LinkName | null)[];
  /** The switch with nothing plugged in. */
  readonly unplugged: CompiledHost;
}

interface Staged {
  readonly id: HostId;
  readonly stages: readonly CompiledHost[];
}

/** The switch ports among the hosts of which layer 2 is made and that vary. */
export function findPlugSwitches(
  hosts: readonly Staged[],
  segments: readonly Segment[],
  varying: readonly number[],
): readonly PlugSwitch[] {
  if (varying.length < 2) return [];
  const drawn = new Set(
    hosts.flatMap(({ stages }) =>
      stages.flatMap(({ host }) => host.fdb.flatMap(({ master, mac }) => (master === null ? [] : [mac]))),
    ),
  );
  const indexOf = new Map(hosts.map(({ id }, index) => [id, index]));
  const segmentOf = new Map(
    segments.flatMap((segment) => segment.ports.map(({ host, link }) => [`${host} ${link}`, segment])),
  );
  return varying.flatMap((host): readonly PlugSwitch[] => {
    const own = hosts[host];
    const plug = own === undefined ? null : plugOf(own.stages);
    if (own === undefined || plug === null) return [];
    const [other, more] = (segmentOf.get(`${own.id} ${plug.name}`)?.ports ?? []).filter(
      (port) => port.host !== own.id || port.link !== plug.name,
    );
    const end = other === undefined ? undefined : indexOf.get(other.host);
    if (other === undefined || more !== undefined || end === undefined || end === host) return [];
    const hasMore = (stage: CompiledHost): boolean => {
      const link = stage.linkByName.get(other.link)?.link;
      return link !== undefined && (!isPlain(stage, link) || drawn.has(link.mac ?? NO_MAC));
    };
    if (hosts[end]?.stages.some(hasMore) !== false) return [];
    const bridges = own.stages.map((stage) => stage.linkByName.get(plug.name)?.link.master ?? null);
    const first = own.stages[0];
    if (first === undefined) return [];
    const unplugged = pullPlug(first.host, plug.name);
    return [{ host, end: { host: end, link: other.link }, bridges, unplugged }];
  });
}

const NO_MAC = mac([0, 0, 0, 0, 0, 0]);

/** The one link whose master differs between the stages, where nothing else of layer 2 does. */
function plugOf(stages: readonly CompiledHost[]): Link | null {
  const [first] = stages;
  const moving = first?.links.find(({ name, link }) =>
    stages.some((stage) => stage.linkByName.get(name)?.link.master !== link.master),
  )?.link;
  if (moving === undefined || moving.type.kind !== "ethernet" || moving.mac !== null) return null;
  const shapes = new Set(stages.map(({ host }) => shapeWithout(host, moving.name)));
  const isInBridges = stages.every((stage) => {
    const master = stage.linkByName.get(moving.name)?.link.master ?? null;
    const type = master === null ? null : stage.linkByName.get(master)?.link.type;
    return master === null || (type?.kind === "bridge" && !type.isVlanAware);
  });
  return shapes.size === 1 && isInBridges ? moving : null;
}

function shapeWithout(host: Host, plug: LinkName): string {
  return JSON.stringify([unplug(host, plug).links, host.fdb]);
}

const pulled = new WeakMap<Host, CompiledHost>();

/** The same value for the same host, so that what is built of it can be shared. */
function pullPlug(host: Host, plug: LinkName): CompiledHost {
  const known = pulled.get(host) ?? compileHost(unplug(host, plug));
  pulled.set(host, known);
  return known;
}

function unplug(host: Host, plug: LinkName): Host {
  return {
    ...host,
    links: host.links.map((link) => (link.name === plug ? { ...link, master: null } : link)),
  };
}

/** Nothing stands on the link and it is a port of nothing. */
function isPlain({ links }: CompiledHost, { name, type, master }: Link): boolean {
  const isLower = links.some(({ link }) => link.type.kind === "vlan" && link.type.lower === name);
  return type.kind === "ethernet" && master === null && !isLower;
}

/** What is joined while nothing is plugged in, and which of its domains each plug may join. */
export interface UnpluggedLayer2 {
  readonly layer2: Layer2;
  readonly plugs: readonly Plug[];
  readonly byHost: ReadonlyMap<number, readonly Plug[]>;
  readonly byMac: ReadonlyMap<Mac, readonly Plug[]>;
}

interface Plug {
  readonly host: number;
  /** The leg that is plugged in, or null where the link is down. */
  readonly leg: Leg | null;
  /** By stage: the domain that the plug joins, with the leg by which the switch stands in it. */
  readonly places: readonly ({ readonly domain: Domain; readonly anchor: Leg | null } | null)[];
}

/** null where a plug has more behind it than one link, or frames may go astray: then everything has to be asked at once. */
export function readPlugs(layer2: Layer2, switches: readonly PlugSwitch[]): UnpluggedLayer2 | null {
  const plugs: Plug[] = [];
  for (const { host, end, bridges } of switches) {
    const alone = layer2.domainOf(end.host, end.link);
    const places = bridges.map((bridge) => {
      const domain = bridge === null ? null : layer2.domainOf(host, bridge);
      const anchor = domain?.byHost.get(host)?.find((leg) => leg.link === bridge) ?? null;
      return domain === null ? null : { domain, anchor };
    });
    const isPlain = places.every((place) => place === null || isClear(place.domain));
    if (!isPlain || (alone !== null && !isOnly(alone, end))) return null;
    plugs.push({ host, leg: alone?.legs[0] ?? null, places });
  }
  const legs = plugs.flatMap((plug) => (plug.leg === null ? [] : [{ plug, leg: plug.leg }]));
  return {
    layer2,
    plugs,
    byHost: groupBy(legs, ({ host }) => host),
    byMac: groupBy(legs, ({ mac }) => mac),
  };
}

function isClear({ fog, wiring }: Domain): boolean {
  return fog === null && wiring === null;
}

function isOnly(domain: Domain, { host, link }: PlugSwitch["end"]): boolean {
  const [leg, more] = domain.legs;
  const isOwn = leg?.host === host && leg.link === link && leg.port === null;
  return isOwn && more === undefined && isClear(domain) && domain.unknown === null;
}

function groupBy<K>(
  legs: readonly { readonly plug: Plug; readonly leg: Leg }[],
  keyOf: (leg: Leg) => K,
): ReadonlyMap<K, readonly Plug[]> {
  const groups = new Map<K, Plug[]>();
  for (const { plug, leg } of legs) groups.set(keyOf(leg), [...(groups.get(keyOf(leg)) ?? []), plug]);
  return groups;
}

/** The domains of one walk: where a plug is plugged in is asked when somebody wants to know. */
export function plugIn(unplugged: UnpluggedLayer2, stageOf: (host: number) => number): Layer2 {
  const { layer2, byHost } = unplugged;
  const known = new Map<Domain, Domain>();
  const full = (domain: Domain | null): Domain | null => {
    if (domain === null) return null;
    const found = known.get(domain) ?? fillDomain(domain, unplugged, stageOf);
    known.set(domain, found);
    return found;
  };
  return {
    domainOf: (host, link) => {
      const plug = byHost.get(host)?.find(({ leg }) => leg?.link === link);
      const alone = layer2.domainOf(host, link);
      return full(plug === undefined ? alone : (placeOf(plug, stageOf)?.domain ?? alone));
    },
    isInFog: layer2.isInFog,
  };
}

function placeOf(plug: Plug, stageOf: (host: number) => number): Plug["places"][number] {
  return plug.places[stageOf(plug.host)] ?? null;
}

function fillDomain(
  domain: Domain,
  { plugs, byHost, byMac }: UnpluggedLayer2,
  stageOf: (host: number) => number,
): Domain {
  const mayJoin = (plug: Plug): boolean => plug.places.some((place) => place?.domain === domain);
  const legsOf = (some: readonly Plug[]): readonly Leg[] =>
    some
      .filter((plug) => mayJoin(plug) && placeOf(plug, stageOf)?.domain === domain)
      .flatMap(({ leg }) => (leg === null ? [] : [leg]));
  const anchorOf = (leg: Leg): Leg => {
    const plug = byHost.get(leg.host)?.find((each) => each.leg === leg);
    return (plug === undefined ? null : placeOf(plug, stageOf)?.anchor) ?? leg;
  };
  let all: readonly Leg[] | null = null;
  return {
    get legs() {
      all ??= [...domain.legs, ...legsOf(plugs)];
      return all;
    },
    byHost: joinIndexes(domain.byHost, (host) => legsOf(byHost.get(host) ?? [])),
    byMac: joinIndexes(domain.byMac, (mac) => legsOf(byMac.get(mac) ?? [])),
    unknown: domain.unknown,
    fog: domain.fog,
    wiring: domain.wiring,
    portsBetween: (from, to) => domain.portsBetween(anchorOf(from), anchorOf(to)),
  };
}

function joinIndexes<K>(own: LegIndex<K>, more: (key: K) => readonly Leg[]): LegIndex<K> {
  const known = new Map<K, readonly Leg[]>();
  const get = (key: K): readonly Leg[] | undefined => {
    const found = known.get(key) ?? [...(own.get(key) ?? []), ...more(key)];
    known.set(key, found);
    return found.length === 0 ? undefined : found;
  };
  return { get, has: (key) => get(key) !== undefined };
}
