/**
 * systemd-networkd: `.network`, `.netdev` and `.link` files with their drop-ins, as what a cold boot does with them.
 *
 * For: hosts whose network is configured by systemd.network(5) and systemd.netdev(5).
 * Not for: tunnels, VRFs and WireGuard beyond their existence, NAT, per-port VLANs, IPv6: read, and reported as not modelled.
 * Law: never throws; every setting is a fact, known to change nothing, or an issue with its place.
 */
export { editNetworkd } from "./edit.js";
export { readNetworkd } from "./read.js";
