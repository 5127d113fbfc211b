import { formatIPv4 } from "#ip/index.js";
import { grouped, listed } from "../evidence.js";
import type { CheckInput, Finding, Rule } from "../rule.js";
import { addressesOf, type Placed, topologyOf } from "../topology.js";

const name = "duplicate-address";

/** One address on two hosts. */
export const duplicateAddress: Rule = {
  name,
  title: "Two hosts have the same address",
  explanation:
    "Every owner answers ARP, and the asker keeps the answer that comes first: which host gets the traffic is chance, and changes when the entry expires. Addresses on links that no other host hears (container bridges, loopback) may repeat.",
  check,
};

interface Heard extends Placed {
  readonly domain: number;
}

function check(input: CheckInput): readonly Finding[] {
  const heard = topologyOf(input.snapshot).domains.flatMap((members, domain): readonly Heard[] => {
    const isShared = new Set(members.map((member) => member.host.id)).size > 1;
    return isShared ? addressesOf(members).map((placed) => ({ ...placed, domain })) : [];
  });
  return grouped(heard, ({ address }) => String(address.ip)).flatMap(checkAddress);
}

function checkAddress(placed: readonly Heard[]): readonly Finding[] {
  const [first, ...rest] = placed;
  const other = rest.find((one) => one.host.id !== first?.host.id);
  if (first === undefined || other === undefined) return [];
  const isOnOneSegment = grouped(placed, ({ domain }) => String(domain)).some(
    (group) => new Set(group.map((one) => one.host.id)).size > 1,
  );
  const ip = formatIPv4(other.address.ip);
  const owners = [...new Set(placed.map((one) => one.host.id))];
  return [
    {
      rule: name,
      severity: isOnOneSegment ? "error" : "warning",
      message: `\`${ip}\` is an address of ${listed(owners)}${isOnOneSegment ? " on one segment" : ", on different segments"}.`,
      host: other.host.id,
      source: other.address.source,
      evidence: placed.map(
        (one) =>
          `\`${one.host.id}\`: \`${ip}/${one.address.length}\` on \`${one.link.name}\`${one.link.mac === null ? "" : `, ${one.link.mac}`}`,
      ),
      wayOut: `Leave \`${ip}\` on one host and give the others an address that is free; then flush the neighbour caches of the segment.`,
    },
  ];
}
