import { buildLongestPrefixMatch, type IPv4, type LongestPrefixMatch, type Mac } from "#ip/index.js";
import {
  type Host,
  type LinkName,
  LOCAL_TABLE,
  type Neighbour,
  type Route,
  type Rule,
  readSysctl,
} from "#model/index.js";
import { type CompiledLink, compileLink, isProxyLink } from "./compiled-link.js";

export type { CompiledLink };

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
  /** Whether it may answer ARP for addresses that are not its own: as a proxy, or for a local network. */
  readonly mayAnswerForOthers: boolean;
}

/** A cache entry that is used without asking. */
export interface CachedNeighbour {
  readonly mac: Mac;
  /** Permanent entries are not changed by what is heard. */
  readonly isPermanent: boolean;
}

const cache = new WeakMap<Host, CompiledHost>();

/** Indexes a host; the result is kept for as long as the host value lives. */
export function compileHost(host: Host): CompiledHost {
  const known = cache.get(host);
  if (known !== undefined) return known;
  const compiled = new LazyHost(host);
  cache.set(host, compiled);
  return compiled;
}

/** The key of a neighbour entry. */
export function neighbourKey(link: LinkName, ip: IPv4): string {
  return `${ip} ${link}`;
}

/** Each table is made when it is first asked for: of a large fleet, few hosts are met by any walk. */
class LazyHost implements CompiledHost {
  readonly host: Host;
  #links: readonly CompiledLink[] | null = null;
  #linkByName: ReadonlyMap<LinkName, CompiledLink> | null = null;
  #tables: ReadonlyMap<number, LongestPrefixMatch<Route>> | null = null;
  #rules: readonly Rule[] | null = null;
  #needsFullSourceCheck: boolean | null = null;
  #ownAddresses: ReadonlySet<IPv4> | null = null;
  #neighbours: ReadonlyMap<string, CachedNeighbour> | null = null;
  #proxyEntries: ReadonlySet<string> | null = null;
  #mayAnswerForOthers: boolean | null = null;

  constructor(host: Host) {
    this.host = host;
  }

  get links(): readonly CompiledLink[] {
    this.#links ??= this.host.links.map((link) => compileLink(this.host, link));
    return this.#links;
  }

  get linkByName(): ReadonlyMap<LinkName, CompiledLink> {
    this.#linkByName ??= new Map(this.links.map((link) => [link.name, link]));
    return this.#linkByName;
  }

  get tables(): ReadonlyMap<number, LongestPrefixMatch<Route>> {
    this.#tables ??= compileTables(this.host);
    return this.#tables;
  }

  get rules(): readonly Rule[] {
    this.#rules ??= [...this.host.rules].sort((a, b) => a.priority - b.priority);
    return this.#rules;
  }

  get needsFullSourceCheck(): boolean {
    this.#needsFullSourceCheck ??= hasCustomRules(this.host) || hasCustomLocalRoutes(this.host);
    return this.#needsFullSourceCheck;
  }

  get ownAddresses(): ReadonlySet<IPv4> {
    this.#ownAddresses ??= new Set(this.host.addresses.map((address) => address.ip));
    return this.#ownAddresses;
  }

  get neighbours(): ReadonlyMap<string, CachedNeighbour> {
    this.#neighbours ??= compileNeighbours(this.host.neighbours);
    return this.#neighbours;
  }

  get proxyEntries(): ReadonlySet<string> {
    this.#proxyEntries ??= new Set(
      this.host.neighbours
        .filter((entry) => entry.isProxy)
        .map((entry) => neighbourKey(entry.link, entry.ip)),
    );
    return this.#proxyEntries;
  }

  get ignoresEcho(): boolean {
    return readSysctl(this.host.sysctls, "icmp_echo_ignore_all") !== 0;
  }

  get isUncertain(): boolean {
    return this.host.unmodelled.length > 0;
  }

  get hasUnknownSysctls(): boolean {
    return this.isUncertain && this.host.sysctls.size === 0;
  }

  get mayAnswerForOthers(): boolean {
    this.#mayAnswerForOthers ??=
      this.hasUnknownSysctls ||
      this.host.routes.some(isLocalNetwork) ||
      this.host.neighbours.some((entry) => entry.isProxy) ||
      // Asked of every host of a fleet: not even its links are indexed for it.
      this.host.links.some(({ name }) => isProxyLink(this.host, name));
    return this.#mayAnswerForOthers;
  }
}

function isLocalNetwork({ type, table, destination }: Route): boolean {
  const isOneAddress = destination.length === 32 && table === LOCAL_TABLE;
  return type === "local" && !isOneAddress && destination.address >>> 24 !== 127;
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
