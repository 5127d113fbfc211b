import { type Mac, mac } from "#ip/index.js";
import {
  DEFAULT_RULES,
  type Host,
  type HostId,
  hostId,
  type Link,
  type LinkName,
  type LinkType,
  linkName,
  type Port,
  type Segment,
  type SegmentId,
  segmentId,
} from "#model/index.js";
import type { Cable, MatchedPort } from "./wiring-match.js";

/** A part of the wiring as a host of bridges, at both ends of the change, with the ports that join it to segments. */
export interface WiringHost {
  readonly before: Host;
  readonly after: Host;
  readonly plugs: readonly (Port & { readonly segment: SegmentId })[];
  /** The segment between a switch port and the link that is plugged into it. */
  readonly own: readonly Segment[];
}

/** What changes where: which port is put into which segment, or which segments are joined or cut. */
export type WiringPart =
  | { readonly kind: "port"; readonly host: HostId; readonly link: LinkName }
  | { readonly kind: "cable"; readonly joint: string };

/** No host of a fleet or a snapshot has a slash in its name. */
const NAME = /^(?:port:([^/]*)\/(.*)|cable:(.*\/.*))$/s;

/** What a host of the model stands for, where it is a part of the wiring and no host of the fleet; else null. */
export function wiringPartOf(id: HostId): WiringPart | null {
  const [, host, link, joint] = NAME.exec(id) ?? [];
  if (joint !== undefined) return { kind: "cable", joint };
  if (host === undefined || link === undefined) return null;
  return { kind: "port", host: hostId(host), link: linkName(link) };
}

/** The link of a port's host that is the plug itself; its master says where it is plugged in. */
export const PLUG = linkName("plug");

const BRIDGE_NAME = "segment ";
const PORT_NAME = "to ";

/** The segment that a bridge of a port's host, or a port of a cable's host, stands for. */
export function segmentOfLink(link: LinkName): SegmentId {
  return segmentId(link.slice(link.startsWith(BRIDGE_NAME) ? BRIDGE_NAME.length : PORT_NAME.length));
}

/** A port that moves: a switch that has one bridge for each of its two segments, and the plug as a port of either. */
export function buildPortHost(port: MatchedPort, nextMac: () => Mac): WiringHost {
  const id = hostId(`port:${port.host}/${port.link}`);
  const places = [port.before, port.after].filter((segment) => segment !== null);
  const bridges = places.flatMap((segment) => [
    buildLink(`${BRIDGE_NAME}${segment}`, BRIDGE, { mac: nextMac() }),
    buildLink(`${PORT_NAME}${segment}`, ETHERNET, { master: linkName(`${BRIDGE_NAME}${segment}`) }),
  ]);
  const at = (segment: SegmentId | null): Host => {
    const master = segment === null ? null : linkName(`${BRIDGE_NAME}${segment}`);
    return buildHost(id, [buildLink(PLUG, ETHERNET, { master }), ...bridges]);
  };
  return {
    before: at(port.before),
    after: at(port.after),
    plugs: places.map((segment) => ({ host: id, link: linkName(`${PORT_NAME}${segment}`), segment })),
    own: [
      {
        id: segmentId(id),
        ports: [
          { host: port.host, link: port.link },
          { host: id, link: PLUG },
        ],
      },
    ],
  };
}

/** A cable that joins two segments or not: a bridge with a port to each, one of which goes up or down. */
export function buildCableHost({ one, other, isJoinedBefore }: Cable, nextMac: () => Mac): WiringHost {
  const id = hostId(`cable:${one}/${other}`);
  const joint = linkName("joint");
  const bridge = buildLink(joint, BRIDGE, { mac: nextMac() });
  const at = (isJoined: boolean): Host =>
    buildHost(id, [
      bridge,
      buildLink(`${PORT_NAME}${one}`, ETHERNET, { master: joint }),
      buildLink(`${PORT_NAME}${other}`, ETHERNET, { master: joint, isUp: isJoined }),
    ]);
  const plugs = [one, other].map((segment) => ({
    host: id,
    link: linkName(`${PORT_NAME}${segment}`),
    segment,
  }));
  return { before: at(isJoinedBefore), after: at(!isJoinedBefore), plugs, own: [] };
}

const BRIDGE: LinkType = { kind: "bridge", isVlanAware: false };
const ETHERNET: LinkType = { kind: "ethernet" };

/** Carries whatever the links of hosts carry. */
const MTU = 65_535;

interface Settings {
  readonly mac?: Mac;
  readonly master?: LinkName | null;
  readonly isUp?: boolean;
}

/** Only bridges have an Ethernet address, which nobody asks for: a switch takes no frame for itself. */
function buildLink(
  name: string,
  type: LinkType,
  { mac = undefined, master = null, isUp = true }: Settings,
): Link {
  return {
    name: linkName(name),
    type,
    mac: mac ?? null,
    mtu: MTU,
    isUp,
    hasCarrier: isUp,
    master,
    isNoArp: false,
    source: null,
  };
}

function buildHost(id: HostId, links: readonly Link[]): Host {
  return {
    id,
    links,
    addresses: [],
    routes: [],
    rules: DEFAULT_RULES,
    neighbours: [],
    fdb: [],
    sysctls: new Map(),
    unmodelled: [],
  };
}

/** Ethernet addresses that nobody of the given hosts has or names, one after the other. */
export function freeMacs(hosts: Iterable<Host>): () => Mac {
  const taken = new Set<Mac>();
  for (const { links, neighbours, fdb } of hosts) {
    for (const link of links) if (link.mac !== null) taken.add(link.mac);
    for (const entry of neighbours) if (entry.mac !== null) taken.add(entry.mac);
    for (const entry of fdb) taken.add(entry.mac);
  }
  let next = 0;
  return () => {
    for (;;) {
      const octets = [next >>> 24, next >>> 16, next >>> 8, next].map((part) => part & 255);
      const free = mac([LOCALLY_ADMINISTERED, 0, ...octets]);
      next += 1;
      if (!taken.has(free)) return free;
    }
  };
}

/** The U/L bit of IEEE 802, unicast. */
const LOCALLY_ADMINISTERED = 0x0e;
