import { checkClusterNetwork } from "../cluster-network.js";
import type { Rule } from "../rule.js";

const name = "prefix-covers-pod-cidr";

/** A node's connected prefix that shares addresses with the pod network. */
export const prefixCoversPodCidr: Rule = {
  name,
  title: "A connected prefix covers the pod CIDR",
  explanation:
    "With a connected prefix over the pod network, the pod addresses of a node without a flannel route (stopped, new, or removed) are resolved by ARP on the LAN: a silent black hole, and whoever answers ARP there gets the pod traffic. With VXLAN this is an error; host-gw works under such a prefix as long as all nodes share one segment.",
  check: (input) =>
    checkClusterNetwork(input, { rule: name, noun: "pod CIDR", of: (cluster) => cluster.podCidr }),
};
