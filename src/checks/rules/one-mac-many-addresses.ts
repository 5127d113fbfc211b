import { formatIPv4 } from "#ip/index.js";
import type { Host, Neighbour } from "#model/index.js";
import { fewLines, grouped } from "../evidence.js";
import { isInUse } from "../neighbour-state.js";
import type { CheckInput, Finding, Rule } from "../rule.js";
import { topologyOf } from "../topology.js";

const name = "one-mac-many-addresses";

/** Neighbour caches in which addresses of several hosts have one MAC address. */
export const oneMacManyAddresses: Rule = {
  name,
  title: "One MAC address stands for addresses of several hosts",
  explanation:
    "Somebody answers ARP for others: proxy ARP under a wide prefix, or a host that took over addresses. All traffic for these hosts goes to that one machine. Encapsulation alone cannot cause it, because the outer frames of VXLAN carry the sender's own MAC address.",
  check,
};

function check(input: CheckInput): readonly Finding[] {
  return [...input.snapshot.hosts.values()].flatMap((host) =>
    grouped(host.neighbours.filter(isInUse), (entry) => `${entry.link} ${entry.mac}`).flatMap((entries) =>
      checkMac(input, host, entries),
    ),
  );
}

function checkMac(input: CheckInput, host: Host, entries: readonly Neighbour[]): readonly Finding[] {
  const { ownersOf, neighboursOf } = topologyOf(input.snapshot);
  const owned = entries.filter((entry) => ownersOf(entry.ip).length > 0);
  const [first] = owned;
  if (first === undefined) return [];
  const isOneHost = ownersOf(first.ip).some((one) =>
    owned.every((entry) => ownersOf(entry.ip).includes(one)),
  );
  if (isOneHost) return [];
  const holder = neighboursOf(host, first.link).find((member) => member.link.mac === first.mac);
  const who = holder === undefined ? "no known host" : `\`${holder.link.name}\` of \`${holder.host.id}\``;
  return [
    {
      rule: name,
      severity: "error",
      message: `In the neighbour cache of \`${host.id}\` ${owned.length} addresses of several hosts have the MAC address ${first.mac}, which belongs to ${who}.`,
      host: host.id,
      source: null,
      evidence: fewLines(
        owned.map(
          (entry) =>
            `\`${formatIPv4(entry.ip)}\` is an address of \`${ownersOf(entry.ip)
              .map((owner) => owner.id)
              .join("`, `")}\``,
        ),
      ),
      wayOut:
        holder === undefined
          ? `Find the port of ${first.mac} in the switch, stop the host there from answering, then flush the neighbour caches.`
          : `Look at \`sysctl net.ipv4.conf.all.proxy_arp\` and \`net.ipv4.conf.${holder.link.name}.proxy_arp\` on \`${holder.host.id}\`, turn it off, then flush the neighbour caches; flushing alone helps until the next answer.`,
    },
  ];
}
