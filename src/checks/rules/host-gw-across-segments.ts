import { isOneSegment } from "../cluster-network.js";
import { type ClusterView, clustersOf } from "../cluster-view.js";
import { fewLines } from "../evidence.js";
import type { CheckInput, Finding, Rule } from "../rule.js";

const name = "host-gw-across-segments";

/** Clusters with flannel's host-gw whose nodes do not share a segment. */
export const hostGwAcrossSegments: Rule = {
  name,
  title: "host-gw needs all nodes on one segment",
  explanation:
    "flannel's host-gw backend writes routes `POD-NETWORK via NODE` on each node. The kernel takes such a route only if the node is on-link, and the packets reach it only if it is on the same segment: a router in between knows nothing of pod networks.",
  check: (input: CheckInput) => clustersOf(input).flatMap((cluster) => checkCluster(input, cluster)),
};

function checkCluster(input: CheckInput, cluster: ClusterView): readonly Finding[] {
  const usesHostGw = cluster.members.some((member) => member.backend === "host-gw");
  if (!usesHostGw || cluster.members.length < 2 || isOneSegment(input, cluster)) return [];
  const [first] = cluster.members;
  return [
    {
      rule: name,
      severity: "error",
      message: `Cluster \`${cluster.name}\` uses flannel's \`host-gw\`, but its ${cluster.members.length} nodes are not on one segment.`,
      host: null,
      source: first?.k3s?.source ?? cluster.source,
      evidence: fewLines(cluster.members.map(({ host }) => `\`${host.id}\`: ${segmentsOf(input, host.id)}`)),
      wayOut:
        "Join the nodes' links in one segment, or use the backend `vxlan`, which only needs the nodes to reach each other.",
    },
  ];
}

function segmentsOf(input: CheckInput, id: string): string {
  const ports = input.snapshot.segments.flatMap((segment) =>
    segment.ports.filter((port) => port.host === id).map((port) => `\`${port.link}\` on \`${segment.id}\``),
  );
  return ports.length === 0 ? "on no segment" : ports.join(", ");
}
