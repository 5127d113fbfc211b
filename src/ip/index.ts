/**
 * Addresses, prefixes, MAC addresses and longest-prefix match.
 *
 * For: the arithmetic of IPv4 and Ethernet identifiers that every other folder stands on.
 * Not for: hosts, links or routes (those are `model`), or IPv6, which is kept as text and reported as not modelled.
 * Law: values are immutable and canonical; two equal addresses, prefixes or MACs are `===` or have equal text.
 */
export type { IPv4 } from "./ipv4.js";
export {
  broadcastOf,
  formatIPv4,
  ipv4,
  isMulticastIPv4,
  isZeroIPv4,
  maskOf,
  parseIPv4,
  parseNetmask,
} from "./ipv4.js";
export type { LongestPrefixMatch } from "./longest-prefix-match.js";
export { buildLongestPrefixMatch } from "./longest-prefix-match.js";
export type { Mac } from "./mac.js";
export { BROADCAST_MAC, mac, parseMac } from "./mac.js";
export type { Cidr, Prefix } from "./prefix.js";
export {
  contains,
  covers,
  DEFAULT_PREFIX,
  formatPrefix,
  hostPrefix,
  overlaps,
  parseCidr,
  parsePrefix,
  prefix,
  samePrefix,
} from "./prefix.js";
