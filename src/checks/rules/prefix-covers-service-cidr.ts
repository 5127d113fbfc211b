import { checkClusterNetwork } from "../cluster-network.js";
import type { Rule } from "../rule.js";

const name = "prefix-covers-service-cidr";

/** A node's connected prefix that shares addresses with the service network. */
export const prefixCoversServiceCidr: Rule = {
  name,
  title: "A connected prefix covers the service CIDR",
  explanation:
    "Service addresses exist only as rules of kube-proxy. Where a connected prefix covers them, an address without a rule is asked for by ARP on the LAN, where anybody may answer, instead of being refused or sent to the gateway.",
  check: (input) =>
    checkClusterNetwork(input, { rule: name, noun: "service CIDR", of: (cluster) => cluster.serviceCidr }),
};
