import { formatPrefix } from "#ip/index.js";
import type { Fleet, HostId } from "#model/index.js";
import type { Lease } from "./pod-leases.js";

/** What a derived network takes to be so because no file says it; each is one sentence for the operator. */
export const assume = {
  forwardingRouters: (hosts: readonly HostId[]): string =>
    `OpenWrt's own sysctls hold on ${list(hosts)}: forwarding is on, and ARP is answered only on the link that holds the address.`,
  forwardingNodes: (hosts: readonly HostId[]): string =>
    `Forwarding is on at ${list(hosts)}, because k3s turns it on when it starts.`,
  kernelDefaults: (): string =>
    "Sysctls that neither the fleet file nor a configuration states have the kernel's defaults: no forwarding, `rp_filter` 0, `arp_ignore` 0, redirects sent and accepted.",
  derivedMacs: (count: number): string =>
    `Ports of segments without an Ethernet address in the fleet file (${count}) have one made from their name (02:...).`,
  podLeases: (cluster: string, leases: readonly Lease[]): string =>
    `Cluster \`${cluster}\` gives its nodes pod networks in the order of the fleet file: ${leases
      .map((lease) => `\`${lease.host}\` ${formatPrefix(lease.subnet)}`)
      .join(", ")}.`,
  podBridge: (cluster: string): string =>
    `Each node of cluster \`${cluster}\` has run a pod, so that flannel's \`cni0\` is there.`,
  noOverlay: (cluster: string, why: string): string =>
    `The pod network of cluster \`${cluster}\` is not part of the network: ${why}.`,
  stated: (fleet: Fleet): readonly string[] => fleet.assumptions,
} as const;

const MAX_LISTED = 6;

function list(names: readonly string[]): string {
  const shown = names.slice(0, MAX_LISTED).map((name) => `\`${name}\``);
  const left = names.length - shown.length;
  return left > 0 ? `${shown.join(", ")} and ${left} more hosts` : shown.join(", ");
}
