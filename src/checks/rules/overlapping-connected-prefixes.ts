import { formatPrefix, overlaps, prefix, samePrefix } from "#ip/index.js";
import type { Address, Host } from "#model/index.js";
import { isClusterLink } from "../cluster-view.js";
import type { CheckInput, Finding, Rule } from "../rule.js";

const name = "overlapping-connected-prefixes";

/** Two links of one host whose networks share addresses. */
export const overlappingConnectedPrefixes: Rule = {
  name,
  title: "Connected prefixes of two links overlap",
  explanation:
    "The longest prefix decides by which link a neighbour is reached, and among equal ones the first inserted. Neighbours on the other link that lie in the shared part are not reached there, and which link is first may change with each boot.",
  check: (input: CheckInput) => [...input.snapshot.hosts.values()].flatMap(checkHost),
};

function checkHost(host: Host): readonly Finding[] {
  const links = new Map(host.links.map((link) => [link.name, link]));
  const connected = host.addresses.filter((address) => {
    const link = links.get(address.link);
    const isLan = link !== undefined && link.type.kind !== "loopback" && !isClusterLink(link);
    return isLan && address.length < 32 && !address.hasNoPrefixRoute && !address.isSecondary;
  });
  return connected.flatMap((second, index) =>
    connected
      .slice(0, index)
      .filter((first) => first.link !== second.link && overlaps(networkOf(first), networkOf(second)))
      .map((first) => describe(host, first, second)),
  );
}

function networkOf(address: Address): ReturnType<typeof prefix> {
  return prefix(address.peer ?? address.ip, address.length);
}

function describe(host: Host, first: Address, second: Address): Finding {
  const [a, b] = [networkOf(first), networkOf(second)];
  const winner = b.length > a.length ? second : first;
  const why = samePrefix(a, b) ? "its route was inserted first" : "its prefix is longer";
  return {
    rule: name,
    severity: "warning",
    message: `\`${host.id}\` has overlapping networks on two links: \`${formatPrefix(a)}\` on \`${first.link}\` and \`${formatPrefix(b)}\` on \`${second.link}\`.`,
    host: host.id,
    source: second.source,
    evidence: [`neighbours in the shared part are reached by \`${winner.link}\` only: ${why}`],
    wayOut:
      "Give each link a network of its own; where both legs are wanted on one network, join them in a bridge or bond.",
  };
}
