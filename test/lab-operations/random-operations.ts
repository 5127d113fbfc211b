import { broadcastOf, type IPv4, type Mac, parseIPv4, parseMac, parsePrefix } from "#ip/index.js";
import {
  type Address,
  type FdbEntry,
  type Host,
  type Link,
  type LinkName,
  linkName,
  type Neighbour,
  type Operation,
  operation,
  type Route,
  type Rule,
} from "#model/index.js";

/** A source of numbers in [0, 1) that a seed decides. */
export type Random = () => number;

/** mulberry32: small, good enough to choose test cases, the same on every machine. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function one<T>(random: Random, values: readonly T[]): T {
  const value = values[Math.floor(random() * values.length)];
  if (value === undefined) throw new Error("nothing to choose from");
  return value;
}

function must<T>(value: T | null): T {
  if (value === null) throw new Error("a constant of the test is wrong");
  return value;
}

const ip = (text: string): IPv4 => must(parseIPv4(text));
const mac = (text: string): Mac => must(parseMac(text));

/** Few values, so that operations meet each other. */
const ADDRESSES = [
  "10.0.0.1",
  "10.0.0.2",
  "10.0.0.3",
  "10.0.1.1",
  "10.1.0.1",
  "10.1.0.2",
  "192.168.0.1",
  "10.0.0.9",
].map(ip);
const GATEWAYS = [
  "10.0.0.9",
  "10.0.0.1",
  "10.0.1.9",
  "10.1.0.9",
  "192.168.0.9",
  "10.0.0.255",
  "10.255.255.255",
  "172.16.0.9",
  "127.0.0.1",
].map(ip);
const LENGTHS = [8, 8, 16, 16, 24, 24, 30, 31, 32];
const DESTINATIONS = [
  "default",
  "default",
  "10.0.0.0/8",
  "10.0.0.0/16",
  "10.0.0.0/24",
  "10.2.0.0/16",
  "172.16.0.0/12",
  "10.0.0.9/32",
  "10.0.0.255/32",
].map((text) => must(parsePrefix(text)));
const LINKS = ["e0", "e0", "e0", "e1", "e1", "e2", "lo", "br0", "vx0"].map(linkName);
const MACS = ["02:fd:00:00:00:01", "02:fd:00:00:00:02", "02:fd:00:00:00:03"].map(mac);
const FLOOD = mac("00:00:00:00:00:00");

/** Below 68 the loopback, which has no least MTU, loses IPv4 altogether; nobody does that to a host in use. */
const LO = linkName("lo");

/** The route that keeps table local from being empty; see KernelHost. */
const MARKER = ip("203.0.113.1");

type Maker = (random: Random, host: Host) => Operation;

const MAKERS: readonly (readonly [number, Maker])[] = [
  [22, addressAdd],
  [12, addressDelete],
  [24, routeChange],
  [10, routeDelete],
  [10, linkState],
  [4, linkChange],
  [3, linkAdd],
  [2, linkDelete],
  [7, ruleChange],
  [5, neighbourChange],
  [3, fdbChange],
  [5, sysctlChange],
];

/** One operation that fits the host more often than not, but not always. */
export function randomOperation(random: Random, host: Host): Operation {
  const total = MAKERS.reduce((sum, [weight]) => sum + weight, 0);
  let left = random() * total;
  for (const [weight, make] of MAKERS) {
    left -= weight;
    if (left < 0) return make(random, host);
  }
  return linkState(random);
}

function addressAdd(random: Random): Operation {
  const own = one(random, ADDRESSES);
  const length = one(random, LENGTHS);
  const hasPeer = random() < 0.08;
  const peer = hasPeer ? one(random, GATEWAYS) : null;
  const draw = random();
  const usual = length < 31 && draw < 0.6 ? broadcastOf(peer ?? own, length) : null;
  const broadcast = draw > 0.95 ? ip("10.0.0.255") : usual;
  const scope = random() < 0.1 ? one(random, ["link", "host", "site"] as const) : "global";
  const address: Address = operation.address({
    link: one(random, LINKS),
    ip: own,
    length,
    peer: peer === own ? null : peer,
    broadcast,
    scope,
    hasNoPrefixRoute: random() < 0.08,
  });
  return { kind: "address-add", address };
}

function addressDelete(random: Random, host: Host): Operation {
  if (host.addresses.length === 0 || random() < 0.1) {
    return {
      kind: "address-delete",
      link: one(random, LINKS),
      ip: one(random, ADDRESSES),
      length: one(random, LENGTHS),
    };
  }
  const address = one(random, host.addresses);
  const peer = random() < 0.8 ? { peer: address.peer } : {};
  return { kind: "address-delete", link: address.link, ip: address.ip, length: address.length, ...peer };
}

function routeChange(random: Random, host: Host): Operation {
  const kind = one(random, ["route-add", "route-add", "route-append", "route-replace"] as const);
  if (host.routes.length > 0 && random() < 0.1)
    return { kind, route: { ...one(random, host.routes), source: null } };
  return { kind, route: randomRoute(random) };
}

function randomRoute(random: Random): Route {
  const draw = random();
  const shared = {
    destination: one(random, DESTINATIONS),
    metric: one(random, [0, 0, 0, 5, 100]),
    table: random() < 0.15 ? 100 : 254,
    protocol: random() < 0.2 ? "static" : "boot",
  };
  if (draw < 0.1) {
    return operation.route({
      ...shared,
      type: one(random, ["blackhole", "unreachable", "prohibit", "throw"] as const),
    });
  }
  const preferredSource = random() < 0.25 ? one(random, ADDRESSES) : null;
  if (draw < 0.16) {
    const type = one(random, ["local", "broadcast"] as const);
    const scope = type === "local" ? "host" : "link";
    return operation.route({ ...shared, type, table: 255, scope, link: one(random, LINKS), preferredSource });
  }
  if (draw < 0.32) return operation.route({ ...shared, link: one(random, LINKS), preferredSource });
  const scope = random() < 0.06 ? { scope: one(random, ["link", "host", "site"] as const) } : {};
  return operation.route({
    ...shared,
    ...scope,
    gateway: one(random, GATEWAYS),
    link: random() < 0.5 ? one(random, LINKS) : null,
    isOnlink: random() < 0.25,
    preferredSource,
  });
}

function routeDelete(random: Random, host: Host): Operation {
  const deletable = host.routes.filter((route) => route.destination.address !== MARKER);
  const given = deletable.length > 0 && random() < 0.85 ? one(random, deletable) : randomRoute(random);
  const maybe = <T>(value: T): T | null => (random() < 0.5 ? value : null);
  return {
    kind: "route-delete",
    route: {
      table: given.table,
      destination: given.destination,
      type: given.table === 255 ? given.type : maybe(given.type),
      gateway: maybe(given.gateway),
      link: maybe(given.link),
      metric: maybe(given.metric),
      scope: random() < 0.2 ? given.scope : null,
    },
  };
}

function linkState(random: Random): Operation {
  return { kind: random() < 0.7 ? "link-up" : "link-down", link: one(random, LINKS) };
}

function linkChange(random: Random): Operation {
  const link = one(random, LINKS);
  const draw = random();
  if (draw < 0.35)
    return {
      kind: "link-mtu",
      link,
      mtu: one(random, link === LO ? [1500, 9000] : [1500, 1400, 9000, 60, 70000]),
    };
  const isPort = link === "e0" || link === "e1" || link === "e2";
  if (draw < 0.5 && isPort)
    return { kind: "link-mac", link, mac: one(random, [...MACS, FLOOD, mac("03:00:00:00:00:01")]) };
  return { kind: "link-master", link, master: random() < 0.7 ? linkName("br0") : null };
}

function linkAdd(random: Random): Operation {
  const shared = { isUp: false, hasCarrier: false, master: null, isNoArp: false, source: null };
  const bridge: Link = {
    ...shared,
    name: linkName("br0"),
    type: { kind: "bridge", isVlanAware: false },
    mac: null,
    mtu: 1500,
  };
  const type = {
    kind: "vxlan",
    id: 1,
    local: ip("10.0.0.1"),
    lower: random() < 0.5 ? linkName("e0") : null,
    port: 8472,
    isLearning: false,
  } as const;
  const vxlan: Link = { ...shared, name: linkName("vx0"), type, mac: mac("02:00:00:00:00:99"), mtu: 1450 };
  return { kind: "link-add", link: random() < 0.6 ? bridge : vxlan };
}

function linkDelete(random: Random): Operation {
  return {
    kind: "link-delete",
    link: one(random, [...["br0", "br0", "vx0", "e2", "lo", "e9"].map(linkName)]),
  };
}

function ruleChange(random: Random, host: Host): Operation {
  if (random() < 0.3) return { kind: "rule-delete", rule: one(random, host.rules) };
  const rule: Rule = {
    priority: one(random, [10, 20, 32766]),
    isInverted: random() < 0.1,
    from: random() < 0.4 ? must(parsePrefix("10.0.0.0/8")) : null,
    to: random() < 0.4 ? must(parsePrefix("10.0.0.0/24")) : null,
    incoming: random() < 0.1 ? linkName("e0") : null,
    outgoing: random() < 0.1 ? linkName("e1") : null,
    mark: random() < 0.2 ? { value: 1, mask: 255 } : null,
    action: one(random, [
      { kind: "lookup", table: 100, suppressPrefixLength: null },
      { kind: "lookup", table: 254, suppressPrefixLength: 0 },
      { kind: "unreachable" },
      { kind: "blackhole" },
    ] as const),
  };
  return { kind: random() < 0.2 ? "rule-delete" : "rule-add", rule };
}

function neighbourChange(random: Random, host: Host): Operation {
  const draw = random();
  if (draw < 0.15) return { kind: "neighbour-flush", link: random() < 0.7 ? one(random, LINKS) : null };
  if (draw < 0.2) return { kind: "route-cache-flush" };
  const known = host.neighbours.filter((entry) => entry.ip >>> 24 === 10);
  if (draw < 0.35 && known.length > 0) {
    const { link, ip: address, isProxy } = one(random, known);
    return { kind: "neighbour-delete", link, ip: address, isProxy };
  }
  const isProxy = random() < 0.2;
  const neighbour: Neighbour = {
    link: one(random, ["e0", "e0", "e1", "vx0", "e9"].map(linkName)),
    ip: one(random, ["10.0.0.77", "10.0.0.78", "10.1.0.77"].map(ip)),
    mac: isProxy ? null : one(random, MACS),
    state: isProxy ? "permanent" : one(random, ["permanent", "permanent", "stale", "noarp"]),
    isProxy,
  };
  return { kind: "neighbour-replace", neighbour };
}

function fdbChange(random: Random, host: Host): Operation {
  const known = host.fdb.filter((entry) => entry.mac.startsWith("02:fd:") || entry.mac === FLOOD);
  if (random() < 0.4 && known.length > 0) return { kind: "fdb-delete", entry: one(random, known) };
  if (random() < 0.15) return { kind: "fdb-flush", link: linkName("br0") };
  const port: LinkName = one(random, ["vx0", "vx0", "e1", "e2"].map(linkName));
  const isTunnel = port === "vx0";
  const entry: FdbEntry = {
    mac: isTunnel && random() < 0.5 ? FLOOD : one(random, MACS),
    link: port,
    master: isTunnel ? null : linkName("br0"),
    vlan: null,
    remote: isTunnel ? one(random, ["10.0.0.50", "10.0.0.51"].map(ip)) : null,
    isPermanent: isTunnel || random() < 0.7,
  };
  return { kind: random() < 0.8 ? "fdb-append" : "fdb-delete", entry };
}

function sysctlChange(random: Random): Operation {
  const keys = [
    "ip_forward",
    "conf.all.forwarding",
    "conf.default.forwarding",
    "conf.e0.forwarding",
    "conf.all.promote_secondaries",
    "conf.e0.promote_secondaries",
    "conf.default.promote_secondaries",
    "conf.e1.rp_filter",
    "conf.e9.rp_filter",
  ];
  return { kind: "sysctl", key: one(random, keys), value: one(random, [0, 1]) };
}
