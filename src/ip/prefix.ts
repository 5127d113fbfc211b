import { formatIPv4, type IPv4, ipv4, maskOf, parseIPv4 } from "./ipv4.js";

/** A network: `address` has no bit set below `length` (0 to 32). */
export interface Prefix {
  readonly address: IPv4;
  readonly length: number;
}

/** An address with a prefix length, host bits kept, as `ip addr add` takes it. */
export interface Cidr {
  readonly address: IPv4;
  readonly length: number;
}

/** The network of `length` bits that holds `address`; host bits are cleared. */
export function prefix(address: IPv4, length: number): Prefix {
  return { address: ipv4(address & maskOf(length)), length };
}

/** The /32 of one address. */
export function hostPrefix(address: IPv4): Prefix {
  return { address, length: 32 };
}

/** 0.0.0.0/0. */
export const DEFAULT_PREFIX: Prefix = { address: ipv4(0), length: 0 };

const CIDR = /^([0-9.]+)\/(\d{1,2})$/;

/**
 * Reads `10.0.0.5/16` and keeps the host bits.
 *
 * @returns null where the address is no dotted quad or the length is not 0 to 32.
 */
export function parseCidr(text: string): Cidr | null {
  const match = CIDR.exec(text);
  if (match === null) return null;
  const address = parseIPv4(match[1] ?? "");
  const length = Number(match[2]);
  return address === null || length > 32 ? null : { address, length };
}

/**
 * Reads a network: `10.0.0.0/16`, `default`, or a bare address as /32; host bits are cleared.
 *
 * @returns null where the text is anything else.
 */
export function parsePrefix(text: string): Prefix | null {
  if (text === "default") return DEFAULT_PREFIX;
  const bare = parseIPv4(text);
  if (bare !== null) return hostPrefix(bare);
  const cidr = parseCidr(text);
  return cidr === null ? null : prefix(cidr.address, cidr.length);
}

/** Writes `10.0.0.0/16`. */
export function formatPrefix(network: Prefix | Cidr): string {
  return `${formatIPv4(network.address)}/${network.length}`;
}

/** Whether the address lies in the network. */
export function contains(network: Prefix, address: IPv4): boolean {
  return ((address ^ network.address) & maskOf(network.length)) === 0;
}

/** Whether every address of `inner` lies in `outer`. */
export function covers(outer: Prefix, inner: Prefix): boolean {
  return outer.length <= inner.length && contains(outer, inner.address);
}

/** Whether the two networks share an address. */
export function overlaps(a: Prefix, b: Prefix): boolean {
  return covers(a, b) || covers(b, a);
}

/** Whether the two are the same network. */
export function samePrefix(a: Prefix, b: Prefix): boolean {
  return a.length === b.length && a.address === b.address;
}
