import { type ClusterView, clustersOf } from "../cluster-view.js";
import { fewLines } from "../evidence.js";
import type { CheckInput, Finding, Rule } from "../rule.js";

const name = "etcd-even-members";

/** Clusters with an even number of servers. */
export const etcdEvenMembers: Rule = {
  name,
  title: "An even number of etcd members",
  explanation:
    "etcd works while more than half of its members agree. Four members need three, as five do, and survive one failure, as three do: the fourth adds a machine that can fail and nothing that it allows to fail. Two members survive none.",
  check: (input: CheckInput) => clustersOf(input).flatMap(checkCluster),
};

function checkCluster(cluster: ClusterView): readonly Finding[] {
  const servers = cluster.members.filter((member) => member.isServer === true);
  if (servers.length === 0 || servers.length % 2 === 1) return [];
  const quorum = servers.length / 2 + 1;
  return [
    {
      rule: name,
      severity: "warning",
      message: `Cluster \`${cluster.name}\` has ${servers.length} servers: ${quorum} must agree, so it survives ${failures(servers.length - quorum)}, as ${servers.length - 1} servers would.`,
      host: null,
      source: cluster.source,
      evidence: fewLines(servers.map(({ host }) => `server \`${host.id}\``)),
      wayOut: `Make one server an agent, or add one: ${servers.length + 1} servers survive ${failures(servers.length / 2)}.`,
    },
  ];
}

function failures(count: number): string {
  return count === 0 ? "no failure" : count === 1 ? "one failure" : `${count} failures`;
}
