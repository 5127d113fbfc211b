import type { StagedHost } from "#dataplane/index.js";
import { buildLongestPrefixMatch, formatPrefix, type IPv4, ipv4, type Prefix } from "#ip/index.js";

/** More kinds of outside destinations than any fleet's routes tell apart. */
const MAX_OUTSIDE = 64;

/**
 * One address for each network that some route by a gateway leads to and that holds addresses of no host: the world
 * outside the fleet. Nobody answers there, but where such a packet leaves the fleet must not change by accident:
 * a default route that is missing for a moment shows nowhere else.
 */
export function findOutsideAddresses(staged: readonly StagedHost[]): readonly IPv4[] {
  const networks = new Map<string, Prefix>();
  const owned = new Set<IPv4>();
  for (const host of staged.flatMap(({ stages }) => stages)) {
    for (const { ip } of host.addresses) owned.add(ip);
    for (const { type, destination } of host.routes) {
      // A route to one address says nothing of its neighbours: it must not be the one that stands for them.
      if (destination.length === 32) owned.add(destination.address);
      if (type === "unicast" && destination.length < 32) networks.set(formatPrefix(destination), destination);
    }
  }
  const all = [...networks.values()];
  const table = buildLongestPrefixMatch(all.map((prefix) => ({ prefix, value: prefix })));
  const routed = new Set(routedNetworks(staged));
  return all
    .filter((prefix) => routed.has(formatPrefix(prefix)))
    .flatMap((prefix) => pickInside(prefix, owned, (address) => table.lookup(address)?.[0] === prefix))
    .slice(0, MAX_OUTSIDE);
}

function routedNetworks(staged: readonly StagedHost[]): readonly string[] {
  return staged.flatMap(({ stages }) =>
    stages.flatMap(({ routes }) =>
      routes.flatMap(({ gateway, destination }) => (gateway === null ? [] : [formatPrefix(destination)])),
    ),
  );
}

/** An address that this network is the longest for; the middle and the ends are looked at, where most networks have room. */
function pickInside(
  prefix: Prefix,
  owned: ReadonlySet<IPv4>,
  isOwn: (address: IPv4) => boolean,
): readonly IPv4[] {
  const size = 2 ** (32 - prefix.length);
  const offsets = [0.93, 0.77, 0.61, 0.5, 0.37, 0.21, 0.09].map((part) => Math.floor(size * part) | 1);
  const candidates = offsets.map((offset) => ipv4(prefix.address + offset));
  const found = candidates.find((address) => isUnicast(address) && !owned.has(address) && isOwn(address));
  return found === undefined ? [] : [found];
}

/** Neither zero, loopback nor multicast and above: RFC 1122, 3.2.1.3, and RFC 5771. */
function isUnicast(address: IPv4): boolean {
  const first = address >>> 24;
  return first > 0 && first < 224 && first !== 127;
}
