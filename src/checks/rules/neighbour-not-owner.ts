import { formatIPv4 } from "#ip/index.js";
import type { Host, Neighbour } from "#model/index.js";
import { isInUse } from "../neighbour-state.js";
import type { CheckInput, Finding, Rule } from "../rule.js";
import { type Member, topologyOf } from "../topology.js";

const name = "neighbour-not-owner";

/** Neighbour entries that lead to another machine than the owner of the address. */
export const neighbourNotOwner: Rule = {
  name,
  title: "A neighbour entry is not the owner's MAC address",
  explanation:
    "The kernel sends by the entry and asks nobody while it is in use: a stale or permanent entry with the wrong MAC address brings packets to the wrong host, which forwards them back (redirects, loops) or drops them. Only owners on the same segment are compared.",
  check,
};

function check(input: CheckInput): readonly Finding[] {
  const { neighboursOf, ownersOf } = topologyOf(input.snapshot);
  return [...input.snapshot.hosts.values()].flatMap((host) =>
    host.neighbours.filter(isInUse).flatMap((entry) => {
      const members = neighboursOf(host, entry.link);
      // A domain is one array for all of its members.
      const legs = ownersOf(entry.ip).flatMap((owner) =>
        owner.links
          .filter((link) => members.length > 0 && neighboursOf(owner, link.name) === members)
          .map((link) => ({ host: owner, link })),
      );
      const isRight = legs.length === 0 || legs.some((leg) => leg.link.mac === entry.mac);
      return isRight ? [] : [describe(host, entry, { legs, members })];
    }),
  );
}

interface Segment {
  readonly legs: readonly Member[];
  readonly members: readonly Member[];
}

function describe(host: Host, entry: Neighbour, { legs, members }: Segment): Finding {
  const ip = formatIPv4(entry.ip);
  const holder = members.find((member) => member.link.mac === entry.mac);
  const who = holder === undefined ? "no host of the segment" : `\`${holder.host.id}\``;
  const command =
    entry.state === "permanent"
      ? `ip neigh del ${ip} dev ${entry.link}`
      : `ip neigh flush dev ${entry.link} to ${ip}`;
  return {
    rule: name,
    severity: "error",
    message: `\`${host.id}\` has ${entry.mac} for \`${ip}\` on \`${entry.link}\`: that is the MAC address of ${who}, not of the owner \`${legs[0]?.host.id ?? ""}\`.`,
    host: host.id,
    source: null,
    evidence: [
      `the entry is \`${entry.state}\``,
      ...legs.map((leg) => `\`${leg.host.id}\`: ${leg.link.mac} on \`${leg.link.name}\``),
    ],
    wayOut: `Run \`${command}\` on \`${host.id}\`; if the entry comes back, somebody else answers ARP for \`${ip}\`.`,
  };
}
