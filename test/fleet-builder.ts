import {
  broadcastOf,
  hostPrefix,
  type IPv4,
  ipv4,
  type Mac,
  mac,
  type Prefix,
  parseCidr,
  parseIPv4,
  parseMac,
  parsePrefix,
  prefix,
} from "#ip/index.js";
import {
  type Address,
  DEFAULT_RULES,
  type FdbEntry,
  type Host,
  hostId,
  type Issue,
  type Link,
  type LinkType,
  LOCAL_TABLE,
  linkName,
  type Neighbour,
  operation,
  type PortVlans,
  parseIpCommand,
  type Route,
  type Rule,
  type Segment,
  type Snapshot,
  type Source,
  segmentId,
} from "#model/index.js";

/** A snapshot in few words: hosts by name. Everything not said is what the kernel gives a new host. */
export type SnapshotSketch = Readonly<Record<string, HostSketch>>;

/** One host. */
export interface HostSketch {
  readonly links?: Readonly<Record<string, LinkSketch>>;
  /**
   * What follows `ip route add`, such as `default via 10.0.0.1 metric 5`. Nothing is refused: a hand-built host may hold what
   * only history gives. Where `dev` is missing, it is the link whose connected prefix has the gateway.
   */
  readonly routes?: readonly string[];
  /** `ip_forward`, `conf.all.rp_filter`, below `net.ipv4.`. */
  readonly sysctls?: Readonly<Record<string, number>>;
  /** What follows `ip neigh replace`: `10.0.0.1 lladdr 02:00:00:00:00:01 dev eth0 nud permanent`, or `proxy 10.0.0.9 dev eth0`. */
  readonly neighbours?: readonly string[];
  readonly fdb?: readonly FdbEntry[];
  readonly rules?: readonly Rule[];
  readonly unmodelled?: readonly Issue[];
  /** Where the other members dial the etcd member of this host. */
  readonly etcdPeer?: string;
  /**
   * The configuration file: with it each link, address and route has a source there, line by line in the order of the
   * sketch: link, its addresses, next link, and the routes last. Without it sources are null, as for a live host.
   */
  readonly file?: string;
}

/** One link. Without `on` a plain link is wired to nothing; a bridge, VLAN or bond reaches segments through its ports. */
export interface LinkSketch {
  /** The segment that it is plugged into. */
  readonly on?: string;
  /** `10.0.0.1/16`, with ` noprefixroute` or ` scope host` behind it where wanted. */
  readonly addresses?: readonly string[];
  readonly mac?: string | null;
  readonly mtu?: number;
  readonly isUp?: boolean;
  readonly hasCarrier?: boolean;
  readonly master?: string;
  readonly type?: LinkType;
  /** The VLANs of a port of a VLAN-aware bridge, or of the bridge itself. */
  readonly bridgeVlans?: PortVlans | undefined;
}

/** Builds the snapshot with every local, connected and broadcast route that the kernel makes of the addresses. */
export function buildSnapshot(sketch: SnapshotSketch): Snapshot {
  const hosts = Object.entries(sketch).map(([name, host], index) => buildHost(name, host, index));
  return { hosts: new Map(hosts.map((host) => [host.id, host])), segments: buildSegments(sketch) };
}

/** Builds one host; its Ethernet addresses are `02:00:00:INDEX:INDEX:LINK`, counted from 0 (two octets) and, for links, from 1. */
export function buildHost(name: string, sketch: HostSketch, index = 0): Host {
  const lines = countLines(sketch.file);
  const built = Object.entries(sketch.links ?? {}).map(([link, given], position) =>
    buildLink({ name: link, given, mac: mac([2, 0, 0, index >>> 8, index & 255, position + 1]), lines }),
  );
  const links = [LOOPBACK.link, ...built.map((one) => one.link)];
  const addresses = [...LOOPBACK.addresses, ...built.flatMap((one) => one.addresses)];
  const isUp = new Set(links.filter((link) => link.isUp).map((link) => link.name));
  const kernelRoutes = addresses.flatMap((address) =>
    routesOf(address, { isUp: isUp.has(address.link), primary: primaryOf(address, addresses) }),
  );
  return {
    id: hostId(name),
    links,
    addresses,
    routes: [
      ...kernelRoutes,
      ...(sketch.routes ?? []).map((text) => withLink(readRoute(text, lines()), kernelRoutes)),
    ],
    rules: sketch.rules ?? DEFAULT_RULES,
    neighbours: (sketch.neighbours ?? []).map(readNeighbour),
    fdb: sketch.fdb ?? [],
    sysctls: new Map(Object.entries(sketch.sysctls ?? {})),
    unmodelled: sketch.unmodelled ?? [],
    ...(sketch.etcdPeer === undefined ? {} : { etcdPeer: ip(sketch.etcdPeer) }),
  };
}

/** An address or a RangeError: for test data only. */
export function ip(text: string): IPv4 {
  return found(parseIPv4(text), text);
}

/** A network or a RangeError: for test data only. */
export function net(text: string): Prefix {
  return found(parsePrefix(text), text);
}

function ethernet(text: string): Mac {
  return found(parseMac(text), text);
}

/** A place in a file, for comparisons. */
export function at(file: string, line: number, column = 1): Source {
  return { file, line, column };
}

/** A VXLAN link as flanneld makes it: VNI 1, port 8472, no learning. */
export function flannelType(local: string, lower: string): LinkType {
  return { kind: "vxlan", id: 1, local: ip(local), lower: linkName(lower), port: 8472, isLearning: false };
}

interface BuiltLink {
  readonly link: Link;
  readonly addresses: readonly Address[];
}

const LOOPBACK: BuiltLink = {
  link: {
    name: linkName("lo"),
    type: { kind: "loopback" },
    mac: null,
    mtu: 65536,
    isUp: true,
    hasCarrier: true,
    master: null,
    isNoArp: false,
    source: null,
  },
  addresses: [operation.address({ link: linkName("lo"), ip: ipv4(0x7f000001), length: 8, scope: "host" })],
};

function countLines(file: string | undefined): () => Source | null {
  let line = 0;
  return () => {
    line += 1;
    return file === undefined ? null : { file, line, column: 1 };
  };
}

function buildLink(from: {
  readonly name: string;
  readonly given: LinkSketch;
  readonly mac: Mac;
  readonly lines: () => Source | null;
}): BuiltLink {
  const { given, lines } = from;
  const type = given.type ?? { kind: "ethernet" };
  const isUp = given.isUp ?? true;
  const link: Link = {
    name: linkName(from.name),
    type,
    mac: given.mac === undefined ? from.mac : given.mac === null ? null : ethernet(given.mac),
    mtu: given.mtu ?? (type.kind === "vxlan" ? 1450 : 1500),
    isUp,
    hasCarrier: given.hasCarrier ?? isUp,
    master: given.master === undefined ? null : linkName(given.master),
    isNoArp: false,
    ...(given.bridgeVlans === undefined ? {} : { bridgeVlans: given.bridgeVlans }),
    source: lines(),
  };
  const addresses: Address[] = [];
  for (const text of given.addresses ?? []) {
    const address = readAddress(text, link, lines());
    const isSecondary = addresses.some(
      (other) => other.length === address.length && sameNetwork(other, address),
    );
    addresses.push({ ...address, isSecondary });
  }
  return { link, addresses };
}

function readAddress(text: string, link: Link, source: Source | null): Address {
  const [cidrText = "", ...words] = text.split(" ");
  const cidr = found(parseCidr(cidrText), cidrText);
  const scope = words.includes("host") ? "host" : words.includes("link") ? "link" : "global";
  return operation.address({
    link: link.name,
    ip: cidr.address,
    length: cidr.length,
    scope,
    hasNoPrefixRoute: words.includes("noprefixroute"),
    source,
  });
}

function sameNetwork(a: Address, b: Address): boolean {
  return prefix(a.ip, a.length).address === prefix(b.ip, b.length).address;
}

/** The address whose subnet a secondary one joined; a primary is its own. */
function primaryOf(address: Address, addresses: readonly Address[]): Address {
  if (!address.isSecondary) return address;
  const isPrimary = (other: Address): boolean =>
    other.link === address.link && other.length === address.length && sameNetwork(other, address);
  return addresses.find(isPrimary) ?? address;
}

/** net/ipv4/fib_frontend.c, fib_add_ifaddr: the local route always, the others once the link is up; each prefers the primary's address. */
function routesOf(
  address: Address,
  { isUp, primary }: { readonly isUp: boolean; readonly primary: Address },
): readonly Route[] {
  const { link, ip: own, length, source } = address;
  const base = { link, preferredSource: primary.ip, protocol: "kernel", source };
  const local = { ...base, table: LOCAL_TABLE, type: "local", scope: "host" } as const;
  const routes = [operation.route({ ...local, destination: hostPrefix(own) })];
  if (!isUp || address.isSecondary) return routes;
  const network = prefix(own, length);
  if (link === "lo" && length < 32) routes.push(operation.route({ ...local, destination: network }));
  else if (length < 32 && !address.hasNoPrefixRoute)
    routes.push(operation.route({ ...base, destination: network }));
  if (length < 31) {
    const destination = hostPrefix(broadcastOf(own, length));
    routes.push(
      operation.route({ ...base, table: LOCAL_TABLE, type: "broadcast", scope: "link", destination }),
    );
  }
  return routes;
}

function readRoute(text: string, source: Source | null): Route {
  const parsed = parseIpCommand(`ip route add ${text}`.split(" "));
  if (!parsed.ok) throw new RangeError(`route \`${text}\`: ${parsed.error}`);
  const [step] = parsed.value;
  if (step?.kind !== "route-add") throw new RangeError(`\`${text}\` is no route`);
  return { ...step.route, source };
}

function withLink(route: Route, kernelRoutes: readonly Route[]): Route {
  const { gateway } = route;
  if (gateway === null || route.link !== null) return route;
  const covering = kernelRoutes
    .filter(
      (one) =>
        one.type === "unicast" && prefix(gateway, one.destination.length).address === one.destination.address,
    )
    .sort((a, b) => b.destination.length - a.destination.length)[0];
  if (covering === undefined)
    throw new RangeError("no connected prefix has the gateway: name the link with `dev`");
  return { ...route, link: covering.link };
}

function readNeighbour(text: string): Neighbour {
  const words = text.split(" ");
  const after = (word: string): string | undefined =>
    words.includes(word) ? words[words.indexOf(word) + 1] : undefined;
  const lladdr = after("lladdr");
  return {
    link: linkName(found(after("dev") ?? null, text)),
    ip: ip(words[0] === "proxy" ? (words[1] ?? "") : (words[0] ?? "")),
    mac: lladdr === undefined ? null : ethernet(lladdr),
    state: after("nud") ?? (lladdr === undefined ? "failed" : "reachable"),
    isProxy: words[0] === "proxy",
  };
}

function buildSegments(sketch: SnapshotSketch): readonly Segment[] {
  const segments = new Map<string, Segment["ports"][number][]>();
  for (const [host, { links }] of Object.entries(sketch)) {
    for (const [link, { on }] of Object.entries(links ?? {})) {
      if (on === undefined) continue;
      const port = { host: hostId(host), link: linkName(link) };
      segments.set(on, [...(segments.get(on) ?? []), port]);
    }
  }
  return [...segments].map(([id, ports]) => ({ id: segmentId(id), ports }));
}

function found<T>(value: T | null, text: string): T {
  if (value === null) throw new RangeError(`test data \`${text}\` cannot be read`);
  return value;
}
