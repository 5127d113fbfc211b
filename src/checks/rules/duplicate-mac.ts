import { grouped, listed } from "../evidence.js";
import type { CheckInput, Finding, Rule } from "../rule.js";
import { type Member, topologyOf } from "../topology.js";

const name = "duplicate-mac";

/** One Ethernet address on links of two hosts in one broadcast domain. */
export const duplicateMac: Rule = {
  name,
  title: "Two hosts have the same MAC address on one segment",
  explanation:
    "A switch sends frames to the port on which it saw the address last. With two owners the port changes with each frame they send, and each host gets a part of the other's traffic. Cloned virtual machines are the usual reason.",
  check: (input: CheckInput) => topologyOf(input.snapshot).domains.flatMap(checkDomain),
};

function checkDomain(members: readonly Member[]): readonly Finding[] {
  const withMac = members.filter(({ link }) => link.mac !== null);
  return grouped(withMac, ({ link }) => link.mac ?? "").flatMap((group) => {
    const hosts = [...new Set(group.map((member) => member.host.id))];
    const last = group.findLast((member) => member.host.id !== group[0]?.host.id);
    return last === undefined ? [] : describe(group, hosts, last);
  });
}

function describe(group: readonly Member[], hosts: readonly string[], { host, link }: Member): Finding {
  return {
    rule: name,
    severity: "error",
    message: `${link.mac} is the MAC address of ${listed(hosts)} on one segment.`,
    host: host.id,
    source: link.source,
    evidence: group.map((member) => `\`${member.host.id}\`: ${member.link.mac} on \`${member.link.name}\``),
    wayOut: `Give \`${link.name}\` of \`${host.id}\` a MAC address of its own; for a virtual machine, in the hypervisor's configuration.`,
  };
}
