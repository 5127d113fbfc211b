import { parsePrefix } from "#ip/index.js";
import type { LinkName, Route, RouteType, Source } from "#model/index.js";
import { linkName } from "#model/index.js";
import { say } from "./messages.js";
import { readIPv4, readScope } from "./read-address.js";
import type { Reading } from "./reading.js";
import type { RawRoute } from "./schema.js";
import type { TableNames } from "./table-names.js";

const TYPES: ReadonlySet<string> = new Set<RouteType>([
  "unicast",
  "local",
  "broadcast",
  "multicast",
  "blackhole",
  "unreachable",
  "prohibit",
  "throw",
  "anycast",
]);

/** The IPv4 routes of all tables, in their order; IPv6 ones are passed over, what is not modelled is noted. */
export function readRoutes(
  reading: Reading,
  raw: readonly RawRoute[],
  given: { readonly tables: TableNames; readonly source: Source },
): Route[] {
  return raw.flatMap((route) => {
    if (isIPv6(route)) return [];
    const read = readRoute(reading, route, given);
    return read === null ? [] : [read];
  });
}

/** `default` stands for both families: the gateway, or `pref`, which only IPv6 has, tells them apart. */
function isIPv6(route: RawRoute): boolean {
  return (
    route.dst.includes(":") ||
    route.pref !== undefined ||
    (route.gateway ?? "").includes(":") ||
    (route.prefsrc ?? "").includes(":") ||
    (route.dst === "default" && route.nexthops.some((hop) => (hop.gateway ?? "").includes(":")))
  );
}

function readRoute(
  reading: Reading,
  raw: RawRoute,
  { tables, source }: { readonly tables: TableNames; readonly source: Source },
): Route | null {
  const destination = parsePrefix(raw.dst);
  if (destination === null) {
    reading.errors.push(say.badValue(source, "`default`, an IPv4 address or an IPv4 prefix", raw.dst));
    return null;
  }
  if (!isModelled(reading, raw, source)) return null;
  const hop = firstHop(raw);
  const { flags } = hop;
  return {
    table: tables.numberOf(raw.table ?? defaultTable(raw.type)),
    type: routeType(raw.type),
    destination,
    gateway: hop.gateway === undefined ? null : readIPv4(reading, hop.gateway, source),
    link: linkOfHop(raw, hop),
    metric: raw.metric,
    scope: readScope(reading, raw.scope, source),
    preferredSource: raw.prefsrc === undefined ? null : readIPv4(reading, raw.prefsrc, source),
    isOnlink: flags.includes("onlink"),
    isDead: flags.includes("dead"),
    protocol: raw.protocol,
    source,
  };
}

/** Notes what the model leaves out. @returns false where the route must be left out as a whole. */
function isModelled(reading: Reading, raw: RawRoute, source: Source): boolean {
  if (raw.nexthops.length > 1) reading.unmodelled.push(say.multipath(source, raw.dst));
  if (raw.encap !== undefined) reading.unmodelled.push(say.encapsulation(source, raw.dst, raw.encap));
  if (raw.metrics.length > 0) reading.notes.push(say.routeMetrics(source, raw.dst));
  if (raw.tos !== undefined && Number(raw.tos) !== 0) {
    reading.notes.push(say.routeTos(source, raw.dst, raw.tos));
    return false;
  }
  if (firstHop(raw).via !== undefined) {
    reading.unmodelled.push(say.ipv6NextHop(source, raw.dst));
    return false;
  }
  if (!TYPES.has(raw.type)) {
    reading.unmodelled.push(say.routeType(source, raw.dst, raw.type));
    return false;
  }
  return true;
}

function firstHop(raw: RawRoute): Pick<RawRoute, "gateway" | "via" | "dev" | "flags"> {
  return raw.nexthops[0] ?? raw;
}

function linkOfHop(raw: RawRoute, hop: { readonly dev?: string | undefined }): LinkName | null {
  const name = hop.dev ?? raw.dev;
  return name === undefined ? null : linkName(name);
}

/** `ip route show` leaves out the table of routes that stand where their type belongs. */
function defaultTable(type: string): string {
  return type === "local" || type === "broadcast" || type === "anycast" ? "local" : "main";
}

function routeType(text: string): RouteType {
  return TYPES.has(text) ? (text as RouteType) : "unicast";
}
