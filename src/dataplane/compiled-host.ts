import { buildLongestPrefixMatch, type IPv4, type LongestPrefixMatch, type Mac } from "#ip/index.js";
import {
  type Address,
  type Host,
  type Link,
  type LinkName,
  linkSysctl,
  type Neighbour,
  type Route,
  type Rule,
  readSysctl,
} from "#model/index.js";

/** A host with its tables indexed and its sysctls combined, ready for look-ups; made once for each `Host` value. */
export interface CompiledHost {
  readonly host: Host;
  readonly links: readonly CompiledLink[];
  readonly linkByName: ReadonlyMap<LinkName, CompiledLink>;
  readonly tables: ReadonlyMap<number, LongestPrefixMatch<Route>>;
  readonly rules: readonly Rule[];
  /** Whether the rules or the local table differ from what the kernel makes by itself; it then validates sources by a full look-up. */
  readonly needsFullSourceCheck: boolean;
  readonly ownAddresses: ReadonlySet<IPv4>;
  /** Usable cache entries by `neighbourKey`. */
  readonly neighbours: ReadonlyMap<string, CachedNeighbour>;
  readonly proxyEntries: ReadonlySet<string>;
  readonly ignoresEcho: boolean;
  /** Whether something about this host is not modelled. */
  readonly isUncertain: boolean;
  /** Whether its sysctls are not known at all, so that it may even be a proxy. */
  readonly hasUnknownSysctls: boolean;
}

/** A cache entry that is used without asking. */
export interface CachedNeighbour {
  readonly mac: Mac;
  /** Permanent entries are not changed by what is heard. */
  readonly isPermanent: boolean;
}

/** A link with its own addresses in order and the sysctls that hold for it. */
export interface CompiledLink {
  readonly name: LinkName;
  readonly link: Link;
  readonly addresses: readonly Address[];
  readonly forwards: boolean;
  readonly rpFilter: number;
  readonly arpIgnore: number;
  readonly arpAnnounce: number;
  readonly filtersArp: boolean;
  readonly isArpProxy: boolean;
  readonly isPvlanProxy: boolean;
  readonly mediumId: number;
  readonly sendsRedirects: boolean;
  readonly hasSharedMedia: boolean;
  readonly acceptsRedirects: boolean;
  readonly hasSecureRedirects: boolean;
  readonly acceptsLocal: boolean;
  readonly routesLocalnet: boolean;
}

const cache = new WeakMap<Host, CompiledHost>();

/** Indexes a host; the result is kept for as long as the host value lives. */
export function compileHost(host: Host): CompiledHost {
  const known = cache.get(host);
  if (known !== undefined) return known;
  const compiled = compile(host);
  cache.set(host, compiled);
  return compiled;
}

/** The key of a neighbour entry. */
export function neighbourKey(link: LinkName, ip: IPv4): string {
  return `${ip} ${link}`;
}

function compile(host: Host): CompiledHost {
  const links = host.links.map((link) => compileLink(host, link));
  return {
    host,
    links,
    linkByName: new Map(links.map((link) => [link.name, link])),
    tables: compileTables(host),
    rules: [...host.rules].sort((a, b) => a.priority - b.priority),
    needsFullSourceCheck: hasCustomRules(host) || hasCustomLocalRoutes(host),
    ownAddresses: new Set(host.addresses.map((address) => address.ip)),
    neighbours: compileNeighbours(host.neighbours),
    proxyEntries: new Set(
      host.neighbours.filter((entry) => entry.isProxy).map((entry) => neighbourKey(entry.link, entry.ip)),
    ),
    ignoresEcho: readSysctl(host.sysctls, "icmp_echo_ignore_all") !== 0,
    isUncertain: host.unmodelled.length > 0,
    hasUnknownSysctls: host.unmodelled.length > 0 && host.sysctls.size === 0,
  };
}

function compileTables(host: Host): ReadonlyMap<number, LongestPrefixMatch<Route>> {
  const byTable = new Map<number, { prefix: Route["destination"]; value: Route }[]>();
  for (const route of host.routes) {
    if (route.isDead) continue;
    const entries = byTable.get(route.table) ?? [];
    byTable.set(route.table, entries);
    entries.push({ prefix: route.destination, value: route });
  }
  const tables = new Map<number, LongestPrefixMatch<Route>>();
  for (const [table, entries] of byTable) {
    // Array.prototype.sort is stable: routes of one metric stay in the order in which they were inserted.
    tables.set(table, buildLongestPrefixMatch(entries.sort((a, b) => a.value.metric - b.value.metric)));
  }
  return tables;
}

function compileNeighbours(neighbours: readonly Neighbour[]): ReadonlyMap<string, CachedNeighbour> {
  const usable = new Map<string, CachedNeighbour>();
  for (const entry of neighbours) {
    if (entry.isProxy || entry.mac === null || entry.state === "failed" || entry.state === "incomplete")
      continue;
    const isPermanent = entry.state === "permanent" || entry.state === "noarp";
    usable.set(neighbourKey(entry.link, entry.ip), {
      mac: entry.mac,
      isPermanent,
    });
  }
  return usable;
}

/** How `conf.all` and `conf.LINK` combine: include/linux/inetdevice.h (IN_DEV_MAXCONF, IN_DEV_ORCONF, IN_DEV_CONF_GET). */
function compileLink(host: Host, link: Link): CompiledLink {
  const own = (key: string): number => linkSysctl(host.sysctls, link.name, key);
  const all = (key: string): number => readSysctl(host.sysctls, `conf.all.${key}`);
  const either = (key: string): boolean => all(key) !== 0 || own(key) !== 0;
  const larger = (key: string): number => Math.max(all(key), own(key));
  return {
    name: link.name,
    link,
    addresses: host.addresses.filter((address) => address.link === link.name),
    forwards: isForwarding(host, link.name),
    rpFilter: larger("rp_filter"),
    arpIgnore: larger("arp_ignore"),
    arpAnnounce: larger("arp_announce"),
    filtersArp: either("arp_filter"),
    isArpProxy: either("proxy_arp"),
    isPvlanProxy: either("proxy_arp_pvlan"),
    mediumId: own("medium_id"),
    sendsRedirects: either("send_redirects"),
    hasSharedMedia: either("shared_media"),
    acceptsRedirects: isForwarding(host, link.name)
      ? all("accept_redirects") !== 0 && own("accept_redirects") !== 0
      : either("accept_redirects"),
    hasSecureRedirects: either("secure_redirects"),
    acceptsLocal: either("accept_local"),
    routesLocalnet: either("route_localnet"),
  };
}

/** Forwarding is asked of the incoming link alone; `ip_forward` is what a link has that was never set otherwise. */
function isForwarding(host: Host, link: LinkName): boolean {
  const own = host.sysctls.get(`conf.${link.replaceAll(".", "/")}.forwarding`);
  const value = own ?? host.sysctls.get("conf.default.forwarding") ?? host.sysctls.get("ip_forward") ?? 0;
  return value !== 0;
}

function hasCustomRules(host: Host): boolean {
  const isDefault = (rule: Rule): boolean =>
    !rule.isInverted &&
    rule.from === null &&
    rule.to === null &&
    rule.incoming === null &&
    rule.outgoing === null &&
    rule.mark === null &&
    rule.action.kind === "lookup" &&
    rule.action.suppressPrefixLength === null;
  return host.rules.length !== 3 || !host.rules.every(isDefault);
}

/** Set by the kernel when a route of type local is added by hand (net/ipv4/fib_frontend.c, inet_rtm_newroute). */
function hasCustomLocalRoutes(host: Host): boolean {
  return host.routes.some((route) => route.type === "local" && route.protocol !== "kernel");
}
