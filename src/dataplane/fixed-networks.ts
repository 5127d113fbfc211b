import {
  buildLongestPrefixMatch,
  hostPrefix,
  ipv4,
  type LongestPrefixMatch,
  type Prefix,
  prefix,
} from "#ip/index.js";
import type { Host } from "#model/index.js";
import type { Homes } from "./homes.js";
import { type Name, networkName, networkOfName } from "./names.js";
import { everyStage, type StagedHost } from "./staged-host.js";

/** The networks that keep their place whatever hosts are exchanged: an address is told from another by the narrowest of them that holds it. */
export type FixedNetworks = LongestPrefixMatch<Name>;

/** Every network that some host of the fleet names in some stage and that has no home, and those of special use. */
export function findFixedNetworks(hosts: readonly StagedHost[], homes: Homes): FixedNetworks {
  const names = new Set<Name>(SPECIAL.map(networkName));
  for (const host of hosts) {
    let last: Host | null = null;
    for (const stage of everyStage(host)) {
      collect(stage, last, names);
      last = stage;
    }
  }
  const fixed: { readonly prefix: Prefix; readonly value: Name }[] = [];
  for (const name of names) {
    const network = networkOfName(name);
    if (network !== null && homes.homeOf(name) === null) fixed.push({ prefix: network, value: name });
  }
  return buildLongestPrefixMatch(fixed);
}

/** The narrowest fixed network that holds the name's address or network; 0 where none does. */
export function narrowestAround(fixed: FixedNetworks, name: number): Name {
  const { address, length } = networkOfName(name) ?? hostPrefix(ipv4(name));
  let narrowest: Name = 0;
  fixed.search(address, ([found], foundLength) => {
    if (found === undefined || foundLength > length) return false;
    narrowest = found;
    return true;
  });
  return narrowest;
}

/** 0.0.0.0/8, loopback and multicast: RFC 6890 and RFC 5771. */
const SPECIAL: readonly Prefix[] = [
  { address: ipv4(0), length: 8 },
  { address: ipv4(0x7f000000), length: 8 },
  { address: ipv4(0xe0000000), length: 4 },
];

/** What the stage before had as well is known. */
function collect({ addresses, routes, rules }: Host, last: Host | null, names: Set<Name>): void {
  const add = (network: Prefix | null): void => {
    if (network !== null) names.add(networkName(network));
  };
  if (addresses !== last?.addresses) {
    for (const { ip, length, peer } of addresses) {
      add(prefix(ip, length));
      if (peer !== null) add(prefix(peer, length));
    }
  }
  if (routes !== last?.routes) for (const { destination } of routes) add(destination);
  if (rules !== last?.rules) for (const rule of rules) [rule.from, rule.to].forEach(add);
}
