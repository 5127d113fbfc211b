import { broadcastOf, DEFAULT_PREFIX, formatIPv4, formatPrefix, type IPv4, samePrefix } from "#ip/index.js";
import { companionSteps } from "./address-companions.js";
import type { BootStep, DhcpRange, HostConfiguration, K3sConfiguration } from "./configuration.js";
import type { FlannelBackend } from "./fleet.js";
import { type Address, MAIN_TABLE, type Route } from "./host.js";
import type { LinkName } from "./identifiers.js";
import type { Source } from "./issue.js";

/**
 * What a configuration says, without places and without how a dialect says it: what edits change, and all the rest as text
 * that can be compared.
 */
export interface ConfigurationFacts {
  readonly addresses: readonly (Address & { readonly source: Source })[];
  readonly routes: readonly (Route & { readonly source: Source })[];
  /** Of the links whose MTU the configuration sets; the last one counts. */
  readonly mtus: ReadonlyMap<LinkName, number>;
  readonly nodeIp: IPv4 | null;
  readonly backend: FlannelBackend | null;
  /** The URL by which k3s joins its cluster. */
  readonly server: string | null;
  /** Each once, in the order of the boot. */
  readonly others: readonly string[];
}

/** Reads the facts of a configuration. */
export function configurationFacts(configuration: HostConfiguration): ConfigurationFacts {
  const { k3s, issues } = configuration;
  const companions = companionSteps(configuration.steps, configuration.steps);
  const steps = configuration.steps.filter((step) => !companions.has(step));
  const others = [
    ...steps.flatMap(otherStep),
    ...configuration.dynamicLinks.map(
      ({ link, protocol, metric }) => `${protocol} on ${link} ${metric ?? ""}`,
    ),
    ...configuration.ipv6.map(({ link, kind, text }) => `IPv6 ${kind} ${text} on ${link ?? "no link"}`),
    ...configuration.dhcpRanges.map(rangeText),
    ...k3sTexts(k3s),
    ...issues.flatMap(({ severity, code, message }) =>
      severity === "warning" ? [] : [`${code}: ${withoutLines(message)}`],
    ),
  ];
  return {
    // A file that two others include says its facts twice, and the kernel takes each once.
    addresses: onceEach(steps.flatMap(addressOf), addressText),
    routes: onceEach(steps.flatMap(routeOf), routeText),
    mtus: new Map(steps.flatMap(mtuOf)),
    nodeIp: k3s?.nodeIp ?? null,
    backend: k3s?.flannelBackend ?? null,
    server: k3s?.server ?? null,
    others: [...new Set(others)],
  };
}

/** Messages call a section without a name by its line, which moves with every line above it. */
function withoutLines(message: string): string {
  return message.replace(/ at line \d+/g, "");
}

function onceEach<T>(facts: readonly T[], textOf: (fact: T) => string): readonly T[] {
  const seen = new Set<string>();
  return facts.filter((fact) => {
    const text = textOf(fact);
    const isNew = !seen.has(text);
    seen.add(text);
    return isNew;
  });
}

/** Whether a route is the default route of the main table. */
export function isDefaultRoute(route: Route): boolean {
  return (
    route.table === MAIN_TABLE && route.type === "unicast" && samePrefix(route.destination, DEFAULT_PREFIX)
  );
}

/** Writes an address with all that is not the default of its prefix. */
export function addressText(address: Address): string {
  const { ip, length, link, peer, broadcast, scope, hasNoPrefixRoute } = address;
  return words([
    `${formatIPv4(ip)}/${length} dev ${link}`,
    peer !== null && `peer ${formatIPv4(peer)}`,
    !isUsualBroadcast(address) && `brd ${formatIPv4(broadcast ?? ip)}`,
    scope !== "global" && `scope ${scope}`,
    hasNoPrefixRoute && "noprefixroute",
  ]);
}

/** None, that of the network, or what netifd gives an address of a network without one (/31 and /32). */
function isUsualBroadcast({ broadcast, ip, length }: Address): boolean {
  return (
    broadcast === null || broadcast === broadcastOf(ip, length) || (length >= 31 && broadcast === 0xffffffff)
  );
}

/** Writes a route as `ip route` does; who made it is left out. */
export function routeText(route: Route): string {
  const { type, destination, gateway, link, metric, table, preferredSource, isOnlink, scope } = route;
  const usualScope = gateway === null && type === "unicast" ? "link" : "global";
  return words([
    type !== "unicast" && type,
    destination.length === 0 ? "default" : formatPrefix(destination),
    gateway !== null && `via ${formatIPv4(gateway)}`,
    link !== null && `dev ${link}`,
    table !== MAIN_TABLE && `table ${table}`,
    metric !== 0 && `metric ${metric}`,
    preferredSource !== null && `src ${formatIPv4(preferredSource)}`,
    scope !== usualScope && `scope ${scope}`,
    isOnlink && "onlink",
  ]);
}

function words(parts: readonly (string | false)[]): string {
  return parts.filter((part) => part !== false).join(" ");
}

function addressOf({ operation, source }: BootStep): ConfigurationFacts["addresses"] {
  return operation.kind === "address-add" ? [{ ...operation.address, source }] : [];
}

function routeOf({ operation, source }: BootStep): ConfigurationFacts["routes"] {
  const isRoute =
    operation.kind === "route-add" || operation.kind === "route-append" || operation.kind === "route-replace";
  return isRoute ? [{ ...operation.route, source }] : [];
}

function mtuOf({ operation }: BootStep): readonly (readonly [LinkName, number])[] {
  if (operation.kind === "link-mtu") return [[operation.link, operation.mtu]];
  return operation.kind === "link-add" ? [[operation.link.name, operation.link.mtu]] : [];
}

function otherStep({ operation }: BootStep): readonly string[] {
  switch (operation.kind) {
    case "address-add":
    case "route-add":
    case "route-append":
    case "route-replace":
    case "link-mtu":
      return [];
    case "link-add": {
      const { mtu: _mtu, source: _source, ...link } = operation.link;
      return [plain({ kind: operation.kind, ...link })];
    }
    default:
      return [plain(operation)];
  }
}

function plain(value: Readonly<Record<string, unknown>>): string {
  const { kind, ...rest } = value;
  return `${String(kind)} ${JSON.stringify(rest, (key, inner: unknown) => (key === "source" ? undefined : inner))}`;
}

/** A range moves with its network; what the file says is where in it the range lies. */
function rangeText({ link, network, first, last }: DhcpRange): string {
  const start = network === null ? formatIPv4(first) : `+${first - network.address}`;
  return `DHCP range of ${last - first + 1} from ${start} on ${link ?? "no link"}`;
}

function k3sTexts(k3s: K3sConfiguration | null): readonly string[] {
  if (k3s === null) return [];
  const {
    nodeIp: _ip,
    flannelBackend: _backend,
    server: _server,
    source: _source,
    otherSettings,
    ...rest
  } = k3s;
  return [
    ...Object.entries(rest).map(([key, value]) => `k3s ${key} ${JSON.stringify(value)}`),
    ...(otherSettings ?? []).map(({ key, value }) => `k3s ${key} ${value}`),
  ];
}
