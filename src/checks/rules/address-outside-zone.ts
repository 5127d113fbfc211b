import { contains, covers, formatPrefix, overlaps, prefix, samePrefix } from "#ip/index.js";
import type { Fleet, HostRole, Zone } from "#model/index.js";
import { isClusterLink } from "../cluster-view.js";
import { listed } from "../evidence.js";
import type { CheckInput, Finding, Rule } from "../rule.js";
import { allAddresses, type Placed } from "../topology.js";

const name = "address-outside-zone";

/** Addresses that lie in a zone of other roles, or whose network reaches into one. */
export const addressOutsideZone: Rule = {
  name,
  title: "An address or its prefix lies outside the host's zone",
  explanation:
    "The fleet file says which roles have addresses in which zone. A host in a foreign zone, or with a connected prefix that reaches into one, talks to it directly by ARP: what the router or firewall between the zones would decide is never asked.",
  check,
};

function check(input: CheckInput): readonly Finding[] {
  const { fleet } = input;
  if (fleet === null || fleet.zones.length === 0) return [];
  const roles = new Map(fleet.hosts.map((host) => [host.id, host.role]));
  return allAddresses(input.snapshot)
    .filter(({ link }) => link.type.kind !== "loopback" && !isClusterLink(link))
    .flatMap((placed) => {
      const role = roles.get(placed.host.id);
      return role === undefined ? [] : checkAddress(fleet, role, placed);
    });
}

function checkAddress(fleet: Fleet, role: HostRole, placed: Placed): readonly Finding[] {
  const own = fleet.zones.filter((zone) => zone.roles.includes(role));
  if (own.length === 0) return [];
  const { ip, length } = placed.address;
  const home = own.find((zone) => contains(zone.prefix, ip));
  if (home === undefined) {
    const foreign = fleet.zones.find((zone) => contains(zone.prefix, ip));
    if (foreign === undefined) return role === "router" ? [] : [inNoZone(placed, own)];
    return [inForeignZone(placed, { role, foreign, own })];
  }
  const network = prefix(ip, length);
  const reached = fleet.zones.filter(
    (zone) => !own.includes(zone) && !covers(zone.prefix, home.prefix) && overlaps(zone.prefix, network),
  );
  const isWider = covers(network, home.prefix) && !samePrefix(network, home.prefix);
  return isWider && reached.length > 0 ? [reachesOut(placed, home, reached)] : [];
}

function inForeignZone(
  placed: Placed,
  zones: { readonly role: HostRole; readonly foreign: Zone; readonly own: readonly Zone[] },
): Finding {
  return {
    ...base(placed),
    severity: "warning",
    message: `\`${cidr(placed)}\` of \`${placed.host.id}\` lies in zone \`${zones.foreign.name}\`, which is not for role \`${zones.role}\`.`,
    evidence: [zoneLine(zones.foreign), ...zones.own.map(zoneLine)],
    wayOut: `Give the host an address in ${listed(zones.own.map((zone) => zone.name))}, or add the role to the zone in the fleet file.`,
  };
}

function inNoZone(placed: Placed, own: readonly Zone[]): Finding {
  return {
    ...base(placed),
    severity: "note",
    message: `\`${cidr(placed)}\` of \`${placed.host.id}\` lies in no zone of the fleet file.`,
    evidence: own.map(zoneLine),
    wayOut:
      "Add a zone for this network to the fleet file, or give the host an address in one that is there.",
  };
}

function reachesOut(placed: Placed, home: Zone, reached: readonly Zone[]): Finding {
  return {
    ...base(placed),
    severity: "warning",
    message: `\`${cidr(placed)}\` of \`${placed.host.id}\` reaches beyond zone \`${home.name}\` into ${listed(reached.map((zone) => zone.name))}.`,
    evidence: [zoneLine(home), ...reached.map(zoneLine)],
    wayOut: `Give the address the prefix length /${home.prefix.length} of its zone and a route to the others through the router.`,
  };
}

function base({ host, address }: Placed): Pick<Finding, "rule" | "host" | "source"> {
  return { rule: name, host: host.id, source: address.source };
}

function cidr({ address }: Placed): string {
  return formatPrefix({ address: address.ip, length: address.length });
}

function zoneLine(zone: Zone): string {
  return `zone \`${zone.name}\`: \`${formatPrefix(zone.prefix)}\` for ${listed(zone.roles)}`;
}
