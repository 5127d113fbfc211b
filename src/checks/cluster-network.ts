import { formatPrefix, overlaps, type Prefix, prefix } from "#ip/index.js";
import type { Address, Host } from "#model/index.js";
import { type ClusterView, clustersOf, isClusterLink, type MemberView } from "./cluster-view.js";
import type { CheckInput, Finding, FindingSeverity } from "./rule.js";
import { topologyOf } from "./topology.js";

/** Which of the cluster's networks is looked at, and how its rule and texts call it. */
export interface ClusterNetwork {
  readonly rule: string;
  readonly noun: "pod CIDR" | "service CIDR";
  readonly of: (cluster: ClusterView) => Prefix | null;
}

/** Finds connected prefixes of nodes that share addresses with a network of their cluster; the cluster's own links are left out. */
export function checkClusterNetwork(input: CheckInput, network: ClusterNetwork): readonly Finding[] {
  return clustersOf(input).flatMap((cluster) => {
    const cidr = network.of(cluster);
    if (cidr === null) return [];
    const isFlat = isOneSegment(input, cluster);
    return cluster.members.flatMap((member) =>
      coveringAddresses(member.host, cidr).map((address) =>
        describe({ network, cidr, member, address, isFlat }),
      ),
    );
  });
}

/** Whether one broadcast domain has a link of every member. */
export function isOneSegment(input: CheckInput, cluster: Pick<ClusterView, "members">): boolean {
  return topologyOf(input.snapshot).domains.some((members) => {
    const hosts = new Set(members.map((member) => member.host.id));
    return cluster.members.every(({ host }) => hosts.has(host.id));
  });
}

function coveringAddresses(host: Host, cidr: Prefix): readonly Address[] {
  const own = new Set(host.links.filter(isClusterLink).map((link) => link.name));
  return host.addresses.filter(
    (address) =>
      !own.has(address.link) &&
      address.length < 32 &&
      address.scope !== "host" &&
      overlaps(prefix(address.peer ?? address.ip, address.length), cidr),
  );
}

interface Covering {
  readonly network: ClusterNetwork;
  readonly cidr: Prefix;
  readonly member: MemberView;
  readonly address: Address;
  readonly isFlat: boolean;
}

function describe({ network, cidr, member, address, isFlat }: Covering): Finding {
  const own = prefix(address.ip, address.length);
  const relation = own.length <= cidr.length ? "covers" : "lies in";
  return {
    rule: network.rule,
    severity: severityOf(member, isFlat),
    message: `The connected prefix \`${formatPrefix(own)}\` of \`${member.host.id}\` ${relation} the ${network.noun} \`${formatPrefix(cidr)}\`.`,
    host: member.host.id,
    source: address.source,
    evidence: [
      `\`${formatPrefix({ address: address.ip, length: address.length })}\` on \`${address.link}\``,
      `flannel backend \`${member.backend}\`, nodes on ${isFlat ? "one segment" : "several segments"}`,
      `an address of the ${network.noun} without a route of its own is asked for by ARP on \`${address.link}\` instead of following the default route`,
    ],
    wayOut: wayOut(network, own, member, isFlat),
  };
}

/** The incident's table: VXLAN fails, host-gw works as long as the nodes share a segment; other CNIs are not modelled. */
function severityOf({ backend }: MemberView, isFlat: boolean): FindingSeverity {
  switch (backend) {
    case "vxlan":
    case "wireguard-native":
      return "error";
    case "host-gw":
      return isFlat ? "warning" : "error";
    case "none":
      return "warning";
  }
}

function wayOut(network: ClusterNetwork, own: Prefix, member: MemberView, isFlat: boolean): string {
  const shorten = `Give the link a longer prefix than /${own.length} that leaves the ${network.noun} out, and routes to the other networks`;
  const canSwitch = member.backend === "vxlan" || member.backend === "wireguard-native";
  if (canSwitch && isFlat)
    return `${shorten}; or keep /${own.length} and set \`--flannel-backend=host-gw\`, which needs all nodes on one segment, as they are.`;
  if (canSwitch)
    return `${shorten}; \`--flannel-backend=host-gw\` would need all nodes on one segment, which they are not.`;
  return `${shorten}; or move the ${network.noun} out of \`${formatPrefix(own)}\`, which means a new cluster.`;
}
