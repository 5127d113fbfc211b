import { broadcastOf, type IPv4, ipv4, isZeroIPv4, maskOf, type Prefix, prefix } from "#ip/index.js";
import type { Address } from "../host.js";

/** ifa_address of the kernel: the peer where there is one, else the address itself. */
function farEnd(address: Address): IPv4 {
  return address.peer ?? address.ip;
}

/** The network of an address on its link, which a peer's address decides. */
export function networkOf(address: Address): Prefix {
  return prefix(farEnd(address), address.length);
}

/** inet_ifa_match and equal masks: the two share one network, and the later one is secondary. */
export function isSameNetwork(a: Address, b: Address): boolean {
  return a.length === b.length && networkOf(a).address === networkOf(b).address;
}

/** The highest address of the network. */
export function networkBroadcast(address: Address): IPv4 {
  return broadcastOf(farEnd(address), address.length);
}

/** Whether a connected route comes with the address as far as its network goes (net/ipv4/fib_frontend.c, fib_add_ifaddr). */
export function hasNetwork(address: Address): boolean {
  const network = networkOf(address);
  return !isZeroIPv4(network.address) && (network.address !== address.ip || address.length < 32);
}

/** 255.255.255.255 is never a route of its own. */
export const LIMITED_BROADCAST: IPv4 = ipv4(maskOf(32));
