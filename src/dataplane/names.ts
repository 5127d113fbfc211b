import { type IPv4, ipv4, type Mac, type Prefix } from "#ip/index.js";

/**
 * An address, a network or an Ethernet address of a fleet as one key: equal exactly where the facts that they stand for are. An address and
 * the network that holds it alone are one name.
 */
export type Name = number | Mac;

/** Addresses are below, networks from here on: `address * 64 + length`. */
const NETWORKS = 2 ** 40;

/** The name of an address. */
export function addressName(address: IPv4): Name {
  return address;
}

/** The name of a network. */
export function networkName({ address, length }: Prefix): Name {
  return length === 32 ? address : NETWORKS + address * 64 + length;
}

/** The network that a name stands for; null for an address or a MAC. */
export function networkOfName(name: Name): Prefix | null {
  if (typeof name !== "number" || name < NETWORKS) return null;
  const key = name - NETWORKS;
  return { address: ipv4(Math.floor(key / 64)), length: key % 64 };
}
