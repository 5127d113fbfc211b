import { covers, ipv4, type Prefix, prefix } from "#ip/index.js";
import type { Cluster, ClusterMember, HostId, Issue } from "#model/index.js";
import { overlayIssue } from "./overlay-issues.js";

/** The slice of the pod network that one node has. */
export interface Lease {
  readonly host: HostId;
  readonly subnet: Prefix;
}

/** What the controller manager gives a node where nothing else is said: `--node-cidr-mask-size`. */
const NODE_LENGTH = 24;

/** The slices of all members, and whether any had to be guessed. */
export interface Leases {
  readonly leases: readonly Lease[];
  readonly isGuessed: boolean;
  readonly issues: readonly Issue[];
}

/** Gives each member the slice that the fleet file states, else the next free one; servers come first. */
export function assignLeases(cluster: Cluster, podCidr: Prefix): Leases {
  const members = [...cluster.servers, ...cluster.agents];
  const stated = members.flatMap((member) => (member.podCidr === null ? [] : [member.podCidr]));
  const issues = members.flatMap((member) => outsideIssue(member, podCidr));
  const taken = new Set(stated.map((subnet) => subnet.address));
  const free = freeSubnets(podCidr, taken);
  const leases: Lease[] = [];
  let isGuessed = false;
  for (const member of members) {
    if (member.podCidr !== null) {
      leases.push({ host: member.host, subnet: member.podCidr });
      continue;
    }
    const next = free.next();
    if (next.done === true) {
      issues.push(overlayIssue.noSubnetLeft(member, podCidr));
      continue;
    }
    isGuessed = true;
    leases.push({ host: member.host, subnet: next.value });
  }
  return { leases, isGuessed, issues };
}

function* freeSubnets(podCidr: Prefix, taken: ReadonlySet<number>): Generator<Prefix, void> {
  const length = Math.max(NODE_LENGTH, podCidr.length);
  const size = 2 ** (32 - length);
  const end = podCidr.address + 2 ** (32 - podCidr.length);
  for (let address: number = podCidr.address; address < end; address += size) {
    const subnet = prefix(ipv4(address), length);
    if (!taken.has(subnet.address)) yield subnet;
  }
}

function outsideIssue(member: ClusterMember, podCidr: Prefix): Issue[] {
  return member.podCidr === null || covers(podCidr, member.podCidr)
    ? []
    : [overlayIssue.subnetOutside(member, member.podCidr, podCidr)];
}
