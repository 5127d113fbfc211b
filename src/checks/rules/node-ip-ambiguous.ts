import { formatIPv4 } from "#ip/index.js";
import { clustersOf, isClusterLink, type MemberView } from "../cluster-view.js";
import { fewLines } from "../evidence.js";
import type { CheckInput, Finding, Rule } from "../rule.js";
import { addressesOf, type Placed } from "../topology.js";

const name = "node-ip-ambiguous";

/** Nodes with several addresses of which none is named as the node's own. */
export const nodeIpAmbiguous: Rule = {
  name,
  title: "The node's address is left to chance",
  explanation:
    "Without `--node-ip` k3s takes the address of the link with the default route, and etcd and kubelet announce it. With several addresses, another one may be taken after a change of routes or links, and an etcd member with another address than its peers know does not join.",
  check: (input: CheckInput) =>
    clustersOf(input).flatMap((cluster) => cluster.members.flatMap((member) => checkMember(member))),
};

function checkMember(member: MemberView): readonly Finding[] {
  const { host, k3s } = member;
  if (k3s === null) return [];
  const candidates = nodeAddresses(member);
  if (k3s.nodeIp !== null) {
    const isOwn = candidates.some(({ address }) => address.ip === k3s.nodeIp);
    return isOwn || host.unmodelled.length > 0 ? [] : [notOwn(member, formatIPv4(k3s.nodeIp), candidates)];
  }
  return candidates.length < 2 ? [] : [ambiguous(member, candidates)];
}

function nodeAddresses({ host }: MemberView): readonly Placed[] {
  const links = host.links.filter((link) => link.type.kind !== "loopback" && !isClusterLink(link));
  return addressesOf(links.map((link) => ({ host, link }))).filter(
    ({ address }) => address.scope === "global",
  );
}

function ambiguous(member: MemberView, candidates: readonly Placed[]): Finding {
  const { host, source } = member;
  return {
    rule: name,
    severity: "warning",
    message: `\`${host.id}\` has ${candidates.length} addresses, and k3s is not told by \`--node-ip\` which one is the node's.`,
    host: host.id,
    source,
    evidence: lines(candidates),
    wayOut: `Set \`--node-ip=${first(candidates)}\`, or whichever of them the other nodes use, in the k3s flags.`,
  };
}

function notOwn(member: MemberView, wanted: string, candidates: readonly Placed[]): Finding {
  const { host, source } = member;
  return {
    rule: name,
    severity: "error",
    message: `\`${host.id}\` is to run k3s with \`--node-ip=${wanted}\`, which is none of its addresses.`,
    host: host.id,
    source,
    evidence: lines(candidates),
    wayOut: `Set \`--node-ip\` to an address of the host, such as \`${first(candidates)}\`, or give the host \`${wanted}\`.`,
  };
}

function first(candidates: readonly Placed[]): string {
  const [placed] = candidates;
  return placed === undefined ? "ADDRESS" : formatIPv4(placed.address.ip);
}

function lines(candidates: readonly Placed[]): readonly string[] {
  return fewLines(
    candidates.map(
      ({ link, address }) => `\`${formatIPv4(address.ip)}/${address.length}\` on \`${link.name}\``,
    ),
  );
}
