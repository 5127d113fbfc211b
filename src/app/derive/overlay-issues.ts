import { formatIPv4, formatPrefix, type IPv4, type Prefix } from "#ip/index.js";
import type {
  Cluster,
  ClusterMember,
  HostId,
  Issue,
  K3sConfiguration,
  LinkName,
  Refusal,
  Severity,
  Source,
} from "#model/index.js";

/** Everything that deriving a pod network may have to say; each text gives one issue. */
export const overlayIssue = {
  noSubnetLeft: (member: ClusterMember, podCidr: Prefix): Issue =>
    issue("error", "no-pod-subnet-left", member.source, [
      `Expected a slice of \`${formatPrefix(podCidr)}\` for \`${member.host}\`, found none left.`,
      "Widen the pod CIDR, or state each node's slice as `podCidr`.",
    ]),
  subnetOutside: (member: ClusterMember, subnet: Prefix, podCidr: Prefix): Issue =>
    issue("error", "pod-subnet-outside", member.source, [
      `Expected the pod network of \`${member.host}\` inside \`${formatPrefix(podCidr)}\`, found \`${formatPrefix(subnet)}\`.`,
      "Correct `podCidr` of the member or of the cluster.",
    ]),
  backendsDiffer: (cluster: Cluster, k3s: K3sConfiguration, first: K3sConfiguration): Issue =>
    issue("error", "backends-differ", k3s.source, [
      `Expected flannel backend \`${first.flannelBackend}\` on each server of \`${cluster.name}\`, found \`${k3s.flannelBackend}\`.`,
      "Set `flannel-backend` to the same on each server; k3s does not join a server that differs.",
    ]),
  noNodeLink: (host: HostId, source: Source): Issue =>
    issue("error", "no-node-link", source, [
      `Expected a default route on \`${host}\`, by whose link flannel reaches the other nodes, found none.`,
      "Give the host a default route that the kernel accepts, or name the link with `flannel-iface`.",
    ]),
  noNodeAddress: (host: HostId, link: LinkName, source: Source): Issue =>
    issue("error", "no-node-address", source, [
      `Expected a global address on \`${link}\` of \`${host}\`, by which flannel reaches the other nodes, found none.`,
      "Give the link an address, or name another link with `flannel-iface`.",
    ]),
  nodeIpElsewhere: (host: HostId, nodeIp: IPv4, used: IPv4, source: Source): Issue =>
    issue("warning", "node-ip-elsewhere", source, [
      `Expected flannel of \`${host}\` to use the node's own address \`${formatIPv4(nodeIp)}\`, found that it takes \`${formatIPv4(used)}\`, the first of its link.`,
      "Set `flannel-iface` to the link that holds the node's address, and let that address be its first.",
    ]),
  refused: (
    host: HostId,
    given: { readonly what: string; readonly refusal: Refusal; readonly source: Source },
  ): Issue =>
    issue("error", "refused", given.source, [
      `Expected the kernel of \`${host}\` to accept flannel's ${given.what}, found its answer \`${given.refusal.kernelMessage}\`.`,
      "Put all nodes on one segment and prefix, or use a backend that needs none of this, such as `vxlan`.",
    ]),
  notModelled: (cluster: Cluster, backend: string): Issue =>
    issue("unmodelled", "backend", cluster.source, [
      `Expected a pod network of \`vxlan\` or \`host-gw\` in \`${cluster.name}\`, found \`${backend}\`, which is not modelled.`,
      "Check the pod network on the live cluster; verdicts on it are not given.",
    ]),
} as const;

function issue(
  severity: Severity,
  code: string,
  source: Source,
  [message, hint]: readonly [string, string],
): Issue {
  return { code: `overlay/${code}`, severity, message, source, hint };
}
