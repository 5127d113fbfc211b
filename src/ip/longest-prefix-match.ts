import { type IPv4, ipv4, maskOf } from "./ipv4.js";
import type { Prefix } from "./prefix.js";

/** An immutable table from prefixes to values, one map for each prefix length in use. */
export interface LongestPrefixMatch<T> {
  /** The values of the longest prefix that holds the address and has any, or null. Values keep their order of insertion. */
  readonly lookup: (address: IPv4) => readonly T[] | null;
  /** Calls `visit` for each prefix that holds the address, longest first, until it returns true. */
  readonly search: (address: IPv4, visit: (values: readonly T[], length: number) => boolean) => void;
}

interface Level<T> {
  readonly length: number;
  readonly mask: number;
  readonly networks: Map<number, T[]>;
}

/** Builds the table. A look-up costs one map access for each prefix length in use (at most 33). */
export function buildLongestPrefixMatch<T>(
  entries: Iterable<{ readonly prefix: Prefix; readonly value: T }>,
): LongestPrefixMatch<T> {
  const byLength = new Map<number, Level<T>>();
  for (const { prefix, value } of entries) {
    const level = byLength.get(prefix.length) ?? newLevel<T>(prefix.length);
    byLength.set(prefix.length, level);
    const values = level.networks.get(prefix.address);
    if (values === undefined) level.networks.set(prefix.address, [value]);
    else values.push(value);
  }
  const levels = [...byLength.values()].sort((a, b) => b.length - a.length);
  const search: LongestPrefixMatch<T>["search"] = (address, visit) => {
    for (const level of levels) {
      const values = level.networks.get(ipv4(address & level.mask));
      if (values !== undefined && visit(values, level.length)) return;
    }
  };
  return { search, lookup: (address) => firstMatch(search, address) };
}

function newLevel<T>(length: number): Level<T> {
  return { length, mask: maskOf(length), networks: new Map() };
}

function firstMatch<T>(search: LongestPrefixMatch<T>["search"], address: IPv4): readonly T[] | null {
  let found: readonly T[] | null = null;
  search(address, (values) => {
    found = values;
    return true;
  });
  return found;
}
