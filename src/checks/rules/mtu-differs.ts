import { formatSource } from "#model/index.js";
import { fewLines, grouped } from "../evidence.js";
import type { CheckInput, Finding, Rule } from "../rule.js";
import { type Member, topologyOf } from "../topology.js";

const name = "mtu-differs";

/** Links of one segment that do not carry frames of one size, or of more than the segment carries. */
export const mtuDiffers: Rule = {
  name,
  title: "MTU differs on one segment",
  explanation:
    "Within a segment nobody sends `fragmentation needed`: a frame that is larger than the receiver's MTU or than the switch carries is dropped without a word. Two of its hosts agree on the smaller MTU when they open a connection; what comes from behind a router, through a bridge or out of a tunnel does not, and large transfers hang.",
  check,
};

function check(input: CheckInput): readonly Finding[] {
  const differing = topologyOf(input.snapshot).domains.flatMap(checkDomain);
  return [...differing, ...checkSegments(input)];
}

function checkDomain(members: readonly Member[]): readonly Finding[] {
  const byMtu = grouped(members, ({ link }) => String(link.mtu));
  const [usual, ...others] = [...byMtu].sort((a, b) => b.length - a.length || mtuOf(a) - mtuOf(b));
  return usual === undefined ? [] : others.flat().map((odd) => describeOdd(odd, usual));
}

function mtuOf(group: readonly Member[]): number {
  return group[0]?.link.mtu ?? 0;
}

function describeOdd(odd: Member, usual: readonly Member[]): Finding {
  const { host, link } = odd;
  const count = usual.length === 1 ? "one neighbour has" : `${usual.length} neighbours have`;
  return {
    rule: name,
    severity: "warning",
    message: `\`${link.name}\` of \`${host.id}\` has MTU ${link.mtu}, while ${count} ${mtuOf(usual)} on the same segment.`,
    host: host.id,
    source: link.source,
    evidence: fewLines(
      [odd, ...usual].map((one) => `\`${one.host.id}\`: MTU ${one.link.mtu} on \`${one.link.name}\``),
    ),
    wayOut: `Set MTU ${mtuOf(usual)} on \`${link.name}\`, or raise the whole segment, switches first.`,
  };
}

/** What the fleet file says of the switches. */
function checkSegments(input: CheckInput): readonly Finding[] {
  return (input.fleet?.segments ?? []).flatMap((segment) =>
    segment.ports.flatMap(({ host, link: port }) => {
      const link = input.snapshot.hosts.get(host)?.links.find((one) => one.name === port);
      if (link === undefined || segment.mtu === null || link.mtu <= segment.mtu) return [];
      return [
        {
          rule: name,
          severity: "error",
          message: `\`${port}\` of \`${host}\` has MTU ${link.mtu}, but segment \`${segment.id}\` carries ${segment.mtu}.`,
          host,
          source: link.source,
          evidence: [`segment \`${segment.id}\` at ${formatSource(segment.source)}: MTU ${segment.mtu}`],
          wayOut: `Set MTU ${segment.mtu} on \`${port}\`, or raise the switches and correct \`mtu\` in the fleet file.`,
        },
      ];
    }),
  );
}
