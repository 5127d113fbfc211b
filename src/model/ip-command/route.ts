import { DEFAULT_PREFIX } from "#ip/index.js";
import { LOCAL_TABLE, MAIN_TABLE, type Route, type RouteType, type Scope } from "../host.js";
import { linkName } from "../identifiers.js";
import { type Operation, operation, type RouteKey } from "../kernel/operation.js";
import { err, ok, type Result } from "../result.js";
import { abbreviated, type KeywordValues, keywordTable, parseUnsigned, readKeywords } from "./keywords.js";
import { parseGatewayWord, parseNetworkWord, parseScopeWord, parseTableWord } from "./network.js";

const ACTIONS = [
  "show",
  "list",
  "lst",
  "get",
  "add",
  "change",
  "chg",
  "replace",
  "append",
  "prepend",
  "test",
  "delete",
  "flush",
];

const TYPES: readonly RouteType[] = [
  "unicast",
  "local",
  "broadcast",
  "multicast",
  "throw",
  "unreachable",
  "prohibit",
  "blackhole",
  "anycast",
];

/** Keywords whose effect is modelled, and those of TCP that change no path. */
const KEYWORDS = keywordTable(
  [
    "value to",
    "value via",
    "value dev oif",
    "value metric priority preference",
    "value table",
    "value src",
    "value scope",
    "value protocol proto",
    "flag onlink",
    "value advmss",
    "value initcwnd",
    "value initrwnd",
    "value congctl",
    "value quickack",
    "value rtt",
    "value rttvar",
    "value rto_min",
    "value ssthresh",
    "value cwnd",
    "value window",
  ],
  ["to"],
);

/** Reads the words behind `ip route`; ip-route(8). */
export function parseRouteCommand(words: readonly string[]): Result<readonly Operation[], string> {
  const action = abbreviated(words[0] ?? "show", ACTIONS);
  const rest = words.slice(1);
  switch (action) {
    case "show":
    case "list":
    case "lst":
    case "get":
      return ok([]);
    case "add":
    case "append":
    case "replace":
      return readRoute(rest, (route) => ({ kind: `route-${action}`, route }));
    case "delete":
      return readRouteKey(rest);
    case "flush":
      return rest.join(" ") === "cache" ? ok([]) : err("`ip route flush` is not modelled");
    default:
      return err(`\`ip route ${words[0] ?? ""}\` is not modelled`);
  }
}

function readRoute(
  words: readonly string[],
  wrap: (route: Route) => Operation,
): Result<readonly Operation[], string> {
  const parts = readParts(words);
  if (!parts.ok) return parts;
  const { key, values } = parts.value;
  const source = values.get("src");
  const preferredSource = source === undefined ? ok(null) : parseGatewayWord(source);
  if (!preferredSource.ok) return preferredSource;
  const { type: givenType, metric, scope, ...place } = key;
  const type = givenType ?? "unicast";
  const route = operation.route({
    ...place,
    type,
    metric: metric ?? 0,
    scope: scope ?? defaultScope(type, key.gateway !== null),
    preferredSource: preferredSource.value,
    isOnlink: values.has("onlink"),
    protocol: values.get("protocol") ?? "boot",
  });
  return ok([wrap(route)]);
}

function readRouteKey(words: readonly string[]): Result<readonly Operation[], string> {
  const parts = readParts(words);
  return parts.ok ? ok([{ kind: "route-delete", route: parts.value.key }]) : parts;
}

function readParts(
  words: readonly string[],
): Result<{ readonly key: RouteKey; readonly values: KeywordValues }, string> {
  const type = TYPES.find((name) => name === words[0]) ?? null;
  const read = readKeywords(withoutFamily(type === null ? words : words.slice(1)), KEYWORDS);
  if (!read.ok) return read;
  const values = read.value;
  const destination = values.get("to");
  if (destination === undefined) return err("the route has no destination");
  const network = parseNetworkWord(destination);
  if (!network.ok) return network;
  const gateway = optional(values.get("via"), parseGatewayWord);
  if (!gateway.ok) return gateway;
  const table = optional(values.get("table"), parseTableWord);
  if (!table.ok) return table;
  const scope = optional(values.get("scope"), parseScopeWord);
  if (!scope.ok) return scope;
  const metric = optional(values.get("metric"), parseMetric);
  if (!metric.ok) return metric;
  const dev = values.get("dev");
  const key: RouteKey = {
    table: table.value ?? defaultTable(type),
    destination: network.value.length === 0 ? DEFAULT_PREFIX : network.value,
    type,
    gateway: gateway.value,
    link: dev === undefined ? null : linkName(dev),
    metric: metric.value,
    scope: scope.value,
  };
  return ok({ key, values });
}

/** `via inet ADDRESS` says the family of the gateway in a word of its own. */
function withoutFamily(words: readonly string[]): readonly string[] {
  return words.filter((word, index) => !(word === "inet" && words[index - 1] === "via"));
}

function parseMetric(text: string): Result<number, string> {
  const metric = parseUnsigned(text);
  return metric === null ? err(`metric \`${text}\` is no number`) : ok(metric);
}

function optional<T>(
  text: string | undefined,
  parse: (text: string) => Result<T, string>,
): Result<T | null, string> {
  return text === undefined ? ok(null) : parse(text);
}

/** iproute2's ip/iproute.c, iproute_modify: types that belong to the host itself go to table local. */
function defaultTable(type: RouteType | null): number {
  return type === "local" || type === "broadcast" || type === "anycast" ? LOCAL_TABLE : MAIN_TABLE;
}

function defaultScope(type: RouteType, hasGateway: boolean): Scope {
  if (type === "local") return "host";
  if (type === "broadcast" || type === "multicast" || type === "anycast") return "link";
  return type === "unicast" && !hasGateway ? "link" : "global";
}
