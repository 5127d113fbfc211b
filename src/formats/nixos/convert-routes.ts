import { parseIPv4 } from "#ip/index.js";
import { LOCAL_TABLE, linkName, operation, type Route, type Scope } from "#model/index.js";
import { child, children, type Fact, optionOf, readInteger, readText, report, wrongType } from "./fact.js";
import { misspeltIssue, unmodelledIssue } from "./messages.js";
import { readIPv4, readNetworkPair } from "./read-addresses.js";

const SCOPES: ReadonlyMap<string, Scope> = new Map<string, Scope>([
  ["global", "global"],
  ["universe", "global"],
  ["0", "global"],
  ["site", "site"],
  ["200", "site"],
  ["link", "link"],
  ["253", "link"],
  ["host", "host"],
  ["254", "host"],
  ["nowhere", "nowhere"],
  ["255", "nowhere"],
]);
const TABLES: ReadonlyMap<string, number> = new Map([
  ["main", 254],
  ["default", 253],
  ["local", 255],
]);
const TYPES = ["unicast", "local", "broadcast", "multicast"] as const;
const ROUTE_OPTIONS: ReadonlySet<string> = new Set(["address", "prefixLength", "via", "options", "type"]);
/** Options of `ip route` that change no decision about the path of a packet. */
const SILENT_OPTIONS: ReadonlySet<string> = new Set([
  "mtu",
  "advmss",
  "window",
  "rtt",
  "rttvar",
  "initcwnd",
  "initrwnd",
  "hoplimit",
  "ssthresh",
  "realms",
  "quickack",
  "congctl",
  "features",
  "fastopen_no_cookie",
  "rto_min",
  "proto",
  "protocol",
]);

/** One entry of `networking.interfaces.LINK.ipv4.routes` as `ip route add TYPE CIDR OPTIONS via VIA dev LINK proto static` would make it. */
export function readRoute(fact: Fact, link: string): Route | null {
  for (const [name, inner] of children(fact)) {
    if (!ROUTE_OPTIONS.has(name)) report(inner, misspeltIssue(optionOf(inner), inner.source));
  }
  const destination = readNetworkPair(fact);
  if (destination === null) return null;
  const type = readType(child(fact, "type"));
  const via = child(fact, "via");
  const gateway = readIPv4(via);
  if (type === null || (via !== null && gateway === null)) return null;
  const options = readOptions(child(fact, "options"));
  if (options === null) return null;
  return operation.route({
    destination,
    gateway,
    link: linkName(link),
    type,
    protocol: "static",
    source: fact.source,
    ...typeDefaults(type),
    ...options,
  });
}

/** Tables and scopes of other types than unicast; ip/iproute.c, iproute_modify. */
function typeDefaults(type: Route["type"]): Partial<Pick<Route, "table" | "scope">> {
  if (type === "local") return { table: LOCAL_TABLE, scope: "host" };
  if (type === "broadcast") return { table: LOCAL_TABLE, scope: "link" };
  return type === "multicast" ? { scope: "link" } : {};
}

function readType(fact: Fact | null): Route["type"] | null {
  if (fact === null) return "unicast";
  const text = readText(fact);
  if (text === null) return null;
  return (
    TYPES.find((type) => type === text) ?? wrongType(fact, "`unicast`, `local`, `broadcast` or `multicast`")
  );
}

type RouteOptions = {
  -readonly [K in "metric" | "preferredSource" | "isOnlink" | "scope" | "table" | "gateway"]?: Route[K];
};

/** null where an option that matters is not known: the route is then left out, and the issue says so. */
function readOptions(fact: Fact | null): RouteOptions | null {
  const options: RouteOptions = {};
  for (const [name, inner] of children(fact)) {
    if (!readOption(name, inner, options)) return null;
  }
  return fact !== null && fact.value.kind === "unknown" ? null : options;
}

function readOption(name: string, fact: Fact, options: RouteOptions): boolean {
  if (SILENT_OPTIONS.has(name)) return true;
  const text = readText(fact);
  if (text === null) return false;
  switch (name) {
    case "onlink":
      options.isOnlink = true;
      return true;
    case "metric":
    case "preference":
    case "priority":
      return keep(readInteger(fact), (metric) => {
        options.metric = metric;
      });
    case "src":
      return keep(readIPv4(fact), (address) => {
        options.preferredSource = address;
      });
    case "via":
      return keep(parseIPv4(text) ?? wrongType(fact, "an IPv4 address"), (address) => {
        options.gateway = address;
      });
    case "scope":
      return keep(SCOPES.get(text) ?? wrongType(fact, "a scope"), (scope) => {
        options.scope = scope;
      });
    case "table":
      return keep(TABLES.get(text) ?? readInteger(fact), (table) => {
        options.table = table;
      });
    default:
      report(
        fact,
        unmodelledIssue(
          optionOf(fact),
          `\`${name} ${text}\` is no option that is modelled, so the route is left out`,
          fact.source,
        ),
      );
      return false;
  }
}

function keep<T>(value: T | null, set: (value: T) => void): boolean {
  if (value !== null) set(value);
  return value !== null;
}
