import { formatIPv4 } from "#ip/index.js";
import type { Link, LinkType } from "#model/index.js";

type Words = readonly (string | number)[];

/** What follows `ip link add`. An Ethernet link is made as one end of a veth pair: no command adds a physical port. */
export function linkAddWords(link: Link): Words {
  const lower = lowerOf(link.type);
  return [
    ...(lower === null ? [] : ["link", lower]),
    "name",
    link.name,
    ...(link.mac === null ? [] : ["address", link.mac]),
    "mtu",
    link.mtu,
    ...(link.master === null ? [] : ["master", link.master]),
    "type",
    ...typeWords(link.type),
  ];
}

function lowerOf(type: LinkType): string | null {
  return type.kind === "vlan" ? type.lower : null;
}

function typeWords(type: LinkType): Words {
  switch (type.kind) {
    case "loopback":
    case "dummy":
      return ["dummy"];
    case "ethernet":
      return ["veth"];
    case "bridge":
      return type.isVlanAware ? ["bridge", "vlan_filtering", 1] : ["bridge"];
    case "vlan":
      return ["vlan", "id", type.id];
    case "bond":
      return ["bond", "mode", type.mode];
    case "vxlan":
      return [
        "vxlan",
        "id",
        type.id,
        ...(type.local === null ? [] : ["local", formatIPv4(type.local)]),
        ...(type.lower === null ? [] : ["dev", type.lower]),
        "dstport",
        type.port,
        type.isLearning ? "learning" : "nolearning",
      ];
    case "other":
      return [type.name];
  }
}
