import { contains, formatPrefix, prefix } from "#ip/index.js";
import { fewLines, grouped } from "../evidence.js";
import type { CheckInput, Finding, Rule } from "../rule.js";
import { addressesOf, type Placed, topologyOf } from "../topology.js";

const name = "prefix-length-differs";

/** Addresses of one network that have another prefix length than most of their neighbours. */
export const prefixLengthDiffers: Rule = {
  name,
  title: "Prefix lengths differ on one segment",
  explanation:
    "Each host decides by its own prefix length who is a neighbour and who is behind a gateway. Where the lengths differ, one side sends directly and the other through the gateway: paths become asymmetric, and addresses beyond the shorter network are lost where no route leads back.",
  check,
};

function check(input: CheckInput): readonly Finding[] {
  return topologyOf(input.snapshot).domains.flatMap((members) =>
    nested(addressesOf(members).filter(isNetwork)).flatMap(checkNetwork),
  );
}

/** Addresses of /32 (VIPs) and point-to-point ones say nothing of the segment's network. */
function isNetwork({ address }: Placed): boolean {
  return address.length < 32 && address.peer === null;
}

/** Networks nest or are apart, so each group is one widest network with all that lie in it. */
function nested(addresses: readonly Placed[]): readonly (readonly Placed[])[] {
  const groups: Placed[][] = [];
  for (const placed of [...addresses].sort((a, b) => a.address.length - b.address.length)) {
    const group = groups.find(
      ([widest]) => widest !== undefined && contains(networkOf(widest), placed.address.ip),
    );
    if (group === undefined) groups.push([placed]);
    else group.push(placed);
  }
  return groups;
}

function networkOf({ address }: Placed): ReturnType<typeof prefix> {
  return prefix(address.ip, address.length);
}

function checkNetwork(group: readonly Placed[]): readonly Finding[] {
  const byLength = grouped(group, ({ address }) => String(address.length));
  const [usual, ...others] = [...byLength].sort((a, b) => b.length - a.length || lengthOf(b) - lengthOf(a));
  if (usual === undefined) return [];
  return others.flat().map((placed) => describe(placed, usual));
}

function lengthOf(group: readonly Placed[]): number {
  return group[0]?.address.length ?? 0;
}

function describe(odd: Placed, usual: readonly Placed[]): Finding {
  const { host, link, address } = odd;
  const own = formatPrefix({ address: address.ip, length: address.length });
  const count = usual.length === 1 ? "one address" : `${usual.length} addresses`;
  return {
    rule: name,
    severity: "warning",
    message: `\`${host.id}\` has \`${own}\` on \`${link.name}\`, while ${count} in the same network ${usual.length === 1 ? "has" : "have"} /${lengthOf(usual)}.`,
    host: host.id,
    source: address.source,
    evidence: fewLines([odd, ...usual].map(line)),
    wayOut: `Give \`${host.id}\` the prefix length /${lengthOf(usual)}, or give the whole segment /${address.length} in one planned change.`,
  };
}

function line({ host, link, address }: Placed): string {
  return `\`${host.id}\`: \`${formatPrefix({ address: address.ip, length: address.length })}\` on \`${link.name}\``;
}
