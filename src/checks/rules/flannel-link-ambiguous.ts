import type { Host, Link } from "#model/index.js";
import { clustersOf, isClusterLink, type MemberView } from "../cluster-view.js";
import { listed } from "../evidence.js";
import type { CheckInput, Finding, Rule } from "../rule.js";

const name = "flannel-link-ambiguous";

/** Nodes with several links of which none is named for flannel. */
export const flannelLinkAmbiguous: Rule = {
  name,
  title: "flannel's link is left to chance",
  explanation:
    "Without `--flannel-iface` and `--node-ip` flannel takes the link with the default route. With several links with addresses, a change of routes moves the tunnel's own address to another network at the next start, and the peers send to the old one.",
  check: (input: CheckInput) =>
    clustersOf(input).flatMap((cluster) => cluster.members.flatMap((member) => checkMember(member))),
};

function checkMember(member: MemberView): readonly Finding[] {
  const { host, k3s, backend } = member;
  if (k3s === null || backend === "none") return [];
  const links = addressedLinks(host);
  if (k3s.flannelLink !== null) {
    const isThere = host.links.some((link) => link.name === k3s.flannelLink);
    return isThere || host.unmodelled.length > 0 ? [] : [missing(member, k3s.flannelLink, links)];
  }
  return k3s.nodeIp !== null || links.length < 2 ? [] : [ambiguous(member, links)];
}

function addressedLinks(host: Host): readonly Link[] {
  const addressed = new Set(
    host.addresses.filter((address) => address.scope === "global").map((address) => address.link),
  );
  return host.links.filter(
    (link) => addressed.has(link.name) && link.type.kind !== "loopback" && !isClusterLink(link),
  );
}

function ambiguous({ host, source }: MemberView, links: readonly Link[]): Finding {
  return {
    rule: name,
    severity: "warning",
    message: `\`${host.id}\` has addresses on ${listed(links.map((link) => link.name))}, and flannel is not told by \`--flannel-iface\` which link to use.`,
    host: host.id,
    source,
    evidence: ["neither `--flannel-iface` nor `--node-ip` is set"],
    wayOut: `Set \`--flannel-iface\` to the link on which the nodes reach each other, such as \`${links[0]?.name ?? "LINK"}\`, and \`--node-ip\` with it.`,
  };
}

function missing({ host, source }: MemberView, wanted: string, links: readonly Link[]): Finding {
  return {
    rule: name,
    severity: "error",
    message: `\`${host.id}\` is to run flannel on \`${wanted}\`, which is none of its links.`,
    host: host.id,
    source,
    evidence: [`links with addresses: ${listed(links.map((link) => link.name))}`],
    wayOut: "Correct `--flannel-iface`, or give the link that name.",
  };
}
