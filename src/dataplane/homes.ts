import {
  broadcastOf,
  buildLongestPrefixMatch,
  hostPrefix,
  type IPv4,
  ipv4,
  type LongestPrefixMatch,
  type Prefix,
  prefix,
} from "#ip/index.js";
import type { Host } from "#model/index.js";
import { addressName, type Name, networkName, networkOfName } from "./names.js";
import { everyStage, type StagedHost } from "./staged-host.js";

/** The host that a name belongs to, by index, and which of that host's names it is. */
export interface Home {
  readonly host: number;
  readonly place: string;
}

/**
 * Whose the names of a fleet are. A name has a home where one host alone claims it (an own address, a MAC, the network of an own address
 * in which nobody else has one) or where it lies in a network that has a home. Exchanging two hosts exchanges the names that
 * have their homes there, place by place, and leaves all others as they are.
 */
export interface Homes {
  readonly homeOf: (name: Name) => Home | null;
  /** The homed network that an address or network lies in, with the distance from its start, or null. */
  readonly placeInNetwork: (name: Name) => string | null;
}

/** Collects the claims of all hosts in all stages. */
export function findHomes(hosts: readonly StagedHost[]): Homes {
  const claims = collectClaims(hosts);
  const networks = keepOwnNetworks(claims);
  const inside = new Map<Name, Home | null>();
  const homeOf = (name: Name): Home | null => {
    const claim = claims.get(name);
    if (claim !== undefined) return claim.host === SEVERAL ? null : claim;
    if (networks === null || typeof name === "string") return null;
    const known = inside.get(name);
    if (known !== undefined) return known;
    const found = lieIn(networks, name);
    const home = found && { host: found.home.host, place: found.place };
    inside.set(name, home);
    return home;
  };
  return {
    homeOf,
    placeInNetwork: (name) => (networks === null ? null : (lieIn(networks, name)?.place ?? null)),
  };
}

/** A claimed name; `host` is SEVERAL where more than one host claims it. */
interface Claim {
  host: number;
  readonly place: string;
  last: number;
}

const SEVERAL = -1;

function collectClaims(hosts: readonly StagedHost[]): ReadonlyMap<Name, Claim> {
  const claims = new Map<Name, Claim>();
  hosts.forEach((host, index) => {
    let place = 0;
    eachClaim(host, (name) => {
      const known = claims.get(name);
      if (known === undefined) claims.set(name, { host: index, place: placeText(place), last: index });
      else if (known.last === index) return;
      else {
        known.host = SEVERAL;
        known.last = index;
      }
      place += 1;
    });
  });
  return claims;
}

const PLACES: string[] = [];

function placeText(place: number): string {
  const known = PLACES[place];
  if (known !== undefined) return known;
  const text = `${place}`;
  if (place === PLACES.length) PLACES.push(text);
  return text;
}

/** The names that a host claims, in an order that does not depend on their values; a name may come several times. */
export function eachClaim(host: StagedHost, claim: (name: Name) => void): void {
  let last: Host | null = null;
  for (const stage of everyStage(host)) {
    if (stage.links !== last?.links) claimLinks(stage, claim);
    if (stage.addresses !== last?.addresses) claimAddresses(stage, claim);
    last = stage;
  }
}

function claimLinks({ links }: Host, claim: (name: Name) => void): void {
  for (const { mac, type } of links) {
    if (mac !== null) claim(mac);
    if (type.kind === "vxlan" && type.local !== null) claim(addressName(type.local));
  }
}

function claimAddresses({ addresses }: Host, claim: (name: Name) => void): void {
  for (const { ip, length, broadcast } of addresses) {
    if (ip >>> 24 === 127 || ip === 0) continue;
    claim(addressName(ip));
    if (broadcast !== null && broadcast !== 0xffffffff) claim(addressName(broadcast));
    if (length >= 32) continue;
    const network = prefix(ip, length);
    claim(networkName(network));
    if (length < 31) claim(addressName(lastOf(network)));
  }
}

function lastOf({ address, length }: Prefix): IPv4 {
  return broadcastOf(address, length);
}

/** A homed network, by the claim of its only host. */
interface OwnNetwork {
  readonly network: Prefix;
  readonly home: Claim;
}

type OwnNetworks = LongestPrefixMatch<OwnNetwork>;

/** A network in which somebody else has an address belongs to nobody; null where no network has a home. */
function keepOwnNetworks(claims: ReadonlyMap<Name, Claim>): OwnNetworks | null {
  const candidates: OwnNetwork[] = [];
  for (const [name, home] of claims) {
    const network = home.host === SEVERAL ? null : networkOfName(name);
    if (network === null) continue;
    if (isOrdinary(network)) candidates.push({ network, home });
    else home.host = SEVERAL;
  }
  if (candidates.length === 0) return null;
  const others = indexAddresses(claims);
  const own = candidates.filter(({ network, home }) => {
    const isOwn = others.areAllOf(home.host, network);
    if (!isOwn) home.host = SEVERAL;
    return isOwn;
  });
  if (own.length === 0) return null;
  return buildLongestPrefixMatch(own.map((value) => ({ prefix: value.network, value })));
}

/** Wider ones, and those of special use, hold addresses that mean something wherever they stand; RFC 6890. */
function isOrdinary({ address, length }: Prefix): boolean {
  const first = address >>> 24;
  return length >= 8 && first > 0 && first < 224 && first !== 127;
}

interface AddressIndex {
  /** Whether every claimed address of the network is claimed by this host alone. */
  readonly areAllOf: (host: number, network: Prefix) => boolean;
}

function indexAddresses(claims: ReadonlyMap<Name, Claim>): AddressIndex {
  const sorted = [...claims]
    .flatMap(([name, { host }]) =>
      typeof name === "number" && networkOfName(name) === null ? [{ name, host }] : [],
    )
    .sort((a, b) => a.name - b.name);
  const runEnds = new Int32Array(sorted.length);
  for (let at = sorted.length - 1; at >= 0; at -= 1) {
    runEnds[at] = sorted[at]?.host === sorted[at + 1]?.host ? (runEnds[at + 1] ?? 0) : at;
  }
  return {
    areAllOf: (host, network) => {
      const at = lowerBound(sorted, network.address);
      const first = sorted[at];
      const last = lastOf(network);
      if (first === undefined || first.name > last) return true;
      const next = sorted[(runEnds[at] ?? 0) + 1];
      return first.host === host && (next === undefined || next.name > last);
    },
  };
}

function lowerBound(sorted: readonly { readonly name: number }[], value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle]?.name ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The widest homed network that holds the name, and the name's place in it: the same distance in the network of another host is the same place. */
function lieIn(networks: OwnNetworks, name: Name): { readonly home: Claim; readonly place: string } | null {
  if (typeof name === "string") return null;
  const { address, length } = networkOfName(name) ?? hostPrefix(ipv4(name));
  let widest: OwnNetwork | null = null;
  networks.search(address, ([own], ownLength) => {
    if (own !== undefined && ownLength <= length) widest = own;
    return false;
  });
  const found: OwnNetwork | null = widest;
  return found && inNetwork(found, address, length);
}

function inNetwork(
  { home, network }: OwnNetwork,
  address: IPv4,
  length: number,
): { readonly home: Claim; readonly place: string } {
  return { home, place: `${home.place}+${address - network.address}/${length}` };
}
