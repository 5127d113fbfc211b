import { formatIPv4 } from "#ip/index.js";
import type { DhcpRange, Host } from "#model/index.js";
import { fewLines } from "../evidence.js";
import type { CheckInput, Finding, Rule } from "../rule.js";
import { allAddresses, type Placed, topologyOf } from "../topology.js";

const name = "dhcp-range-over-static";

/** A DHCP server that may lease an address that a host has by its own configuration. */
export const dhcpRangeOverStatic: Rule = {
  name,
  title: "A DHCP range covers static addresses",
  explanation:
    "The server may lease the address to somebody else, at the latest while its owner is down and answers no probe. From then on two hosts answer ARP for it, and the asker keeps whichever is first.",
  check,
};

function check(input: CheckInput): readonly Finding[] {
  return [...input.configurations].flatMap(([id, { dhcpRanges }]) => {
    const server = input.snapshot.hosts.get(id);
    return server === undefined ? [] : dhcpRanges.flatMap((range) => checkRange(input, server, range));
  });
}

function checkRange(input: CheckInput, server: Host, range: DhcpRange): readonly Finding[] {
  // A live snapshot also has leased addresses; what a cold boot gives has only the static ones.
  const isStatic = allAddresses(input.booted ?? input.snapshot);
  const inRange = isStatic.filter(
    (placed) =>
      placed.host.id !== server.id &&
      placed.address.ip >= range.first &&
      placed.address.ip <= range.last &&
      hears(input, server, range, placed),
  );
  return inRange.length === 0 ? [] : [describe(server, range, inRange)];
}

function hears(input: CheckInput, server: Host, range: DhcpRange, placed: Placed): boolean {
  const segment = range.link === null ? [] : topologyOf(input.snapshot).neighboursOf(server, range.link);
  return segment.length === 0 || segment.some((member) => member.host.id === placed.host.id);
}

function describe(server: Host, range: DhcpRange, inRange: readonly Placed[]): Finding {
  const span = `\`${formatIPv4(range.first)}\` to \`${formatIPv4(range.last)}\``;
  const count = inRange.length === 1 ? "one static address" : `${inRange.length} static addresses`;
  return {
    rule: name,
    severity: "error",
    message: `The DHCP range ${span} of \`${server.id}\` has ${count} in it.`,
    host: server.id,
    source: range.source,
    evidence: fewLines(
      inRange.map(
        ({ host, link, address }) => `\`${host.id}\`: \`${formatIPv4(address.ip)}\` on \`${link.name}\``,
      ),
    ),
    wayOut:
      "Move the range off these addresses, or the hosts out of the range; a reservation alone protects only hosts that ask by DHCP.",
  };
}
