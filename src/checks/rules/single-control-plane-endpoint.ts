import { parseIPv4 } from "#ip/index.js";
import { type ClusterView, clustersOf, type MemberView } from "../cluster-view.js";
import { fewLines, grouped } from "../evidence.js";
import type { CheckInput, Finding, Rule } from "../rule.js";

const name = "single-control-plane-endpoint";

/** Clusters of several servers whose members all depend on the address of one of them. */
export const singleControlPlaneEndpoint: Rule = {
  name,
  title: "One server is everybody's way to the control plane",
  explanation:
    "Members that are given one server's address with `--server` find the control plane by it when they start. While that server is down, no member can restart into the cluster, although the others still have quorum. A virtual address (kube-vip, keepalived) or a name with several addresses moves.",
  check,
};

function check(input: CheckInput): readonly Finding[] {
  return clustersOf(input).flatMap((cluster) => {
    const servers = cluster.members.filter((member) => member.isServer === true);
    if (servers.length < 2 || cluster.vip !== null) return [];
    const joining = cluster.members.filter((member) => endpointOf(member) !== null);
    return grouped(joining, (member) => endpointOf(member) ?? "").flatMap((group) =>
      checkEndpoint(cluster, servers, group),
    );
  });
}

/** The host part of `--server https://10.10.0.2:6443`. */
function endpointOf({ k3s }: MemberView): string | null {
  return /^(?:https?:\/\/)?([^:/]+)/.exec(k3s?.server ?? "")?.[1] ?? null;
}

function checkEndpoint(
  cluster: ClusterView,
  servers: readonly MemberView[],
  group: readonly MemberView[],
): readonly Finding[] {
  const [first] = group;
  const endpoint = first === undefined ? null : endpointOf(first);
  const owner = servers.find((server) => endpoint !== null && isOf(server, endpoint));
  const others = cluster.members.filter((member) => member !== owner);
  if (owner === undefined || others.some((member) => !group.includes(member))) return [];
  return [
    {
      rule: name,
      severity: "warning",
      message: `All other members of cluster \`${cluster.name}\` join by \`${endpoint}\`, which is the server \`${owner.host.id}\` alone.`,
      host: owner.host.id,
      source: first?.source ?? cluster.source,
      evidence: fewLines(
        group.map((member) => `\`${member.host.id}\`: \`--server ${member.k3s?.server ?? ""}\``),
      ),
      wayOut:
        "Give the control plane a virtual address (kube-vip, keepalived), name it as `vip` in the fleet file and in `--tls-san`, and let the members join by it.",
    },
  ];
}

/** Whether the endpoint is an address of the server, or its name with or without a domain. */
function isOf({ host }: MemberView, endpoint: string): boolean {
  const address = parseIPv4(endpoint);
  if (address !== null) return host.addresses.some((one) => one.ip === address);
  return endpoint === host.id || endpoint.startsWith(`${host.id}.`);
}
