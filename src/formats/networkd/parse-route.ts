import { DEFAULT_PREFIX, formatPrefix, ipv4, parseIPv4, parsePrefix, prefix } from "#ip/index.js";
import { DEFAULT_TABLE, type Ipv6Fact, LOCAL_TABLE, MAIN_TABLE, type RouteType } from "#model/index.js";
import type { NetworkRoute } from "./document.js";
import { ROUTE_KEYS } from "./known-keys.js";
import { networkdIssue } from "./messages.js";
import { readScope } from "./parse-address.js";
import {
  closeSettings,
  type Settings,
  takeAll,
  takeBoolean,
  takeNumber,
  takeParsed,
  takeText,
} from "./settings.js";

type Ipv6Facts = Omit<Ipv6Fact, "link">[];

/** Reads the `Gateway=` lines of `[Network]`: default routes. */
export function parseNetworkGateways(network: Settings | null, ipv6: Ipv6Facts): readonly NetworkRoute[] {
  return takeAll(network, "Gateway").flatMap(({ value, source }) => {
    const gateway = parseIPv4(value);
    if (gateway !== null) return [{ ...PLAIN, destination: DEFAULT_PREFIX, gateway, source }];
    if (value.includes(":")) ipv6.push({ kind: "gateway", text: value, source });
    else network?.issues.push(networkdIssue("wrong-value", source, "an address", "Gateway", value));
    return [];
  });
}

/** 169.254.0.0/16, and the metric that networkd gives its route; RFC 3927, networkd-route.h (IPV4LL_ROUTE_METRIC). */
const LINK_LOCAL = { destination: prefix(ipv4(0xa9fe0000), 16), metric: 2048 };

/** Reads `DefaultRouteOnDevice=` and `IPv4LLRoute=`: routes without a gateway. */
export function parseDeviceRoutes(network: Settings | null): readonly NetworkRoute[] {
  const onDevice = takeBoolean(network, "DefaultRouteOnDevice");
  const linkLocal = takeBoolean(network, "IPv4LLRoute");
  const routes: NetworkRoute[] = [];
  if (onDevice?.value === true) {
    routes.push({ ...PLAIN, destination: DEFAULT_PREFIX, gateway: null, source: onDevice.source });
  }
  if (linkLocal?.value === true)
    routes.push({ ...PLAIN, ...LINK_LOCAL, gateway: null, source: linkLocal.source });
  return routes;
}

const PLAIN = {
  viaLink: null,
  isOnlink: false,
  metric: 0,
  table: null,
  scope: null,
  type: "unicast",
  preferredSource: null,
} as const satisfies Partial<NetworkRoute>;

const TYPES: readonly RouteType[] = [
  "unicast",
  "local",
  "broadcast",
  "multicast",
  "blackhole",
  "unreachable",
  "prohibit",
  "throw",
  "anycast",
];
const MAX_U32 = 2 ** 32 - 1;

/** Reads one `[Route]` section; an IPv6 route goes to `ipv6` and gives null, as does one that networkd ignores. */
export function parseRouteSection(settings: Settings, ipv6: Ipv6Facts): NetworkRoute | null {
  if (takeIpv6Route(settings, ipv6)) return null;
  const destination = takeParsed(settings, "Destination", "an IPv4 network", parsePrefix);
  const hop = readFirstHop(settings);
  const gateway = takeGateway(settings);
  const route: NetworkRoute = {
    destination: destination?.value ?? DEFAULT_PREFIX,
    gateway: gateway ?? hop?.gateway ?? null,
    viaLink: gateway === null ? (hop?.link ?? null) : null,
    isOnlink:
      (takeBoolean(settings, "GatewayOnLink") ?? takeBoolean(settings, "GatewayOnlink"))?.value ?? false,
    metric: takeNumber(settings, "Metric", 0, MAX_U32)?.value ?? 0,
    table:
      takeParsed(settings, "Table", "a table number, or `main`, `default` or `local`", readTable)?.value ??
      null,
    scope: takeParsed(settings, "Scope", "a scope such as `global` or `link`", readScope)?.value ?? null,
    type: takeParsed(settings, "Type", `one of \`${TYPES.join("`, `")}\``, readType)?.value ?? "unicast",
    preferredSource: takeParsed(settings, "PreferredSource", "an IPv4 address", parseIPv4)?.value ?? null,
    source: settings.source,
  };
  closeSettings(settings, ROUTE_KEYS);
  reportMultipath(settings, route, hop);
  return isUsable(settings, route) ? route : null;
}

function takeIpv6Route(settings: Settings, ipv6: Ipv6Facts): boolean {
  const [destination, gateway, ...others] = ["Destination", "Gateway", "PreferredSource", "Source"].map(
    (key) => settings.entries.findLast((entry) => entry.key === key)?.value ?? null,
  );
  const isIpv6 = [destination, gateway, ...others].some((text) => text?.includes(":") === true);
  if (!isIpv6) return false;
  const text = [destination ?? "default", ...(gateway ? ["via", gateway] : [])].join(" ");
  ipv6.push({ kind: "route", text, source: settings.source });
  return true;
}

function readType(text: string): RouteType | null {
  return TYPES.find((type) => type === text) ?? null;
}

/** Reads a routing table by number or by the names that networkd has itself. */
export function readTable(text: string): number | null {
  const names: Readonly<Record<string, number>> = {
    main: MAIN_TABLE,
    default: DEFAULT_TABLE,
    local: LOCAL_TABLE,
  };
  if (/^\d{1,10}$/.test(text)) return Number(text) > 0 && Number(text) <= MAX_U32 ? Number(text) : null;
  return names[text] ?? null;
}

function takeGateway(settings: Settings): NetworkRoute["gateway"] {
  const text = takeText(settings, "Gateway");
  if (text === null || /^_/.test(text.value)) return null;
  return takeParsed(settings, "Gateway", "an address", parseIPv4)?.value ?? null;
}

/** A route is left out where networkd leaves it out: neither destination nor gateway, or a value of them that it cannot read. */
function isUsable(settings: Settings, route: NetworkRoute): boolean {
  const destination = takeText(settings, "Destination");
  const gateway = takeText(settings, "Gateway");
  if (gateway !== null && /^_/.test(gateway.value)) {
    settings.issues.push(networkdIssue("route-gateway-keyword", gateway.source, gateway.value));
    return false;
  }
  if (destination === null && route.gateway === null && gateway === null) {
    settings.issues.push(networkdIssue("missing-key", settings.source, "Destination", "Route"));
    return false;
  }
  const isReadable = destination === null || parsePrefix(destination.value) !== null;
  return isReadable && (gateway === null || route.gateway !== null);
}

interface Hop {
  readonly gateway: NetworkRoute["gateway"];
  readonly link: string | null;
}

function readFirstHop(settings: Settings): Hop | null {
  const first = takeAll(settings, "MultiPathRoute")[0];
  if (first === undefined) return null;
  const match = /^([^@\s]+)(?:@(\S+))?(?:\s+\d+)?$/.exec(first.value);
  return { gateway: parseIPv4(match?.[1] ?? ""), link: match?.[2] ?? null };
}

function reportMultipath(settings: Settings, route: NetworkRoute, hop: Hop | null): void {
  const hops = takeAll(settings, "MultiPathRoute");
  const first = hops[0];
  if (first === undefined || hop === null) return;
  const found = hops.map(({ value }) => value).join(", ");
  settings.issues.push(networkdIssue("multipath", first.source, formatPrefix(route.destination), found));
}
