import type { FleetHost } from "#model/index.js";

/** OpenWrt, /etc/sysctl.d/10-default.conf: routers forward, and answer ARP on the link that holds the address only. */
const OPENWRT: readonly (readonly [string, number])[] = [
  ["ip_forward", 1],
  ["conf.all.arp_ignore", 1],
  ["conf.default.arp_ignore", 1],
];

/** What k3s sets at its start, because pods are forwarded to; k3s, pkg/agent/syssetup. */
const K3S_NODE: readonly (readonly [string, number])[] = [
  ["ip_forward", 1],
  ["conf.all.forwarding", 1],
  ["conf.default.forwarding", 1],
];

/**
 * The sysctls below `net.ipv4.` that a host has before its configuration is applied: the kernel's defaults (not listed),
 * what the platform sets, and above them what the fleet file states.
 */
export function platformSysctls(host: FleetHost, isClusterNode: boolean): ReadonlyMap<string, number> {
  return new Map([
    ...(host.os === "openwrt" ? OPENWRT : []),
    ...(isClusterNode ? K3S_NODE : []),
    ...host.sysctls,
  ]);
}
