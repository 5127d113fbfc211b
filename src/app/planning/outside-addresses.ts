import type { StagedHost } from "#dataplane/index.js";
import { buildLongestPrefixMatch, type IPv4, ipv4, type LongestPrefixMatch, type Prefix } from "#ip/index.js";
import { foldOutside, type Inside } from "./fold-outside.js";

/** Fewer than these are followed one by one: to find out which of them are alike would cost more. */
const FEW = 64;

/**
 * One address for each network that some route by a gateway leads to and that holds addresses of no host: the world
 * outside the fleet. Nobody answers there, but where such a packet leaves the fleet must not change by accident:
 * a default route that is missing for a moment shows nowhere else. Where there are many networks, those that the same
 * routes of the same hosts lead to are one. None is left out; `named` are networks that something else than a route
 * tells apart (an invariant of the fleet).
 */
export function findOutsideAddresses(
  staged: readonly StagedHost[],
  named: readonly Prefix[] = [],
): readonly IPv4[] {
  const { networks, routed, owned } = collectNetworks(staged);
  const table = buildLongestPrefixMatch([...networks.values()].map((prefix) => ({ prefix, value: prefix })));
  const found = [...routed.values()].flatMap((network): readonly Inside[] => {
    const address = pickInside(network, owned, table);
    return address === null ? [] : [{ network, address }];
  });
  return (found.length <= FEW ? found : foldOutside(found, staged, named)).map(({ address }) => address);
}

interface Networks {
  /** Of all unicast routes to more than one address. */
  readonly networks: ReadonlyMap<number, Prefix>;
  /** Those of them that some route by a gateway leads to. */
  readonly routed: ReadonlyMap<number, Prefix>;
  /** Addresses that something says more about than their network does. */
  readonly owned: ReadonlySet<IPv4>;
}

function collectNetworks(staged: readonly StagedHost[]): Networks {
  const networks = new Map<number, Prefix>();
  const withGateway = new Set<number>();
  const owned = new Set<IPv4>();
  for (const { addresses, routes } of staged.flatMap(({ stages }) => stages)) {
    for (const { ip } of addresses) owned.add(ip);
    for (const { type, destination, gateway } of routes) {
      const key = keyOf(destination);
      // A route to one address says nothing of its neighbours: it must not be the one that stands for them.
      if (destination.length === 32) owned.add(destination.address);
      else if (type === "unicast") networks.set(key, networks.get(key) ?? destination);
      if (gateway !== null) withGateway.add(key);
    }
  }
  return { networks, routed: new Map([...networks].filter(([key]) => withGateway.has(key))), owned };
}

function keyOf({ address, length }: Prefix): number {
  return address * 64 + length;
}

/** An address that this network is the longest for; first the middle and the ends are looked at, where most networks have room. */
function pickInside(
  prefix: Prefix,
  owned: ReadonlySet<IPv4>,
  table: LongestPrefixMatch<Prefix>,
): IPv4 | null {
  const size = 2 ** (32 - prefix.length);
  const offsets = [0.93, 0.77, 0.61, 0.5, 0.37, 0.21, 0.09].map((part) => Math.floor(size * part) | 1);
  const candidates = offsets.map((offset) => ipv4(prefix.address + offset));
  const isOwn = (address: IPv4): boolean => table.lookup(address)?.[0] === prefix;
  const found = candidates.find((address) => isUnicast(address) && !owned.has(address) && isOwn(address));
  return found ?? findRoom(prefix, owned, table);
}

/** The first address of the network that no longer one holds and nobody has; null where there is none. */
function findRoom(prefix: Prefix, owned: ReadonlySet<IPv4>, table: LongestPrefixMatch<Prefix>): IPv4 | null {
  const end = endOf(prefix);
  for (let at: number = prefix.address; at < end; ) {
    const address = ipv4(at);
    const longest = table.lookup(address)?.[0] ?? prefix;
    if (longest !== prefix) at = endOf(longest);
    else if (!isUnicast(address)) at = (Math.floor(at / 2 ** 24) + 1) * 2 ** 24;
    else if (owned.has(address)) at += 1;
    else return address;
  }
  return null;
}

function endOf({ address, length }: Prefix): number {
  return address + 2 ** (32 - length);
}

/** Neither zero, loopback nor multicast and above: RFC 1122, 3.2.1.3, and RFC 5771. */
function isUnicast(address: IPv4): boolean {
  const first = address >>> 24;
  return first > 0 && first < 224 && first !== 127;
}
