import type { Host, Link } from "#model/index.js";
import type { CheckInput, Finding, Rule } from "../rule.js";

const name = "mtu-too-small-for-overlay";

/** Outer Ethernet is not counted: IPv4 20, UDP 8, VXLAN 8 and the inner Ethernet header 14; RFC 7348, section 5. */
const VXLAN_OVERHEAD = 50;

/** VXLAN links whose packets, once wrapped, do not fit the link below. */
export const mtuTooSmallForOverlay: Rule = {
  name,
  title: "The MTU below a VXLAN link is too small",
  explanation:
    "A VXLAN packet is 50 bytes longer outside than inside. Where the link below does not have that room, full-size pod packets are fragmented, and dropped where the peer's link or a switch takes less than the sender's: small requests work, large answers between nodes hang.",
  check: (input: CheckInput) => [...input.snapshot.hosts.values()].flatMap((host) => checkHost(input, host)),
};

function checkHost(input: CheckInput, host: Host): readonly Finding[] {
  return host.links.flatMap((link) => {
    const lower = lowerOf(host, link);
    if (lower === null) return [];
    const segment = input.fleet?.segments.find((one) =>
      one.ports.some((port) => port.host === host.id && port.link === lower.name),
    );
    const room = Math.min(lower.mtu, segment?.mtu ?? lower.mtu);
    return link.mtu + VXLAN_OVERHEAD <= room ? [] : [describe(host, { link, lower, room })];
  });
}

/** The link that the outer packets leave by: the one named, else the one that has the tunnel's local address. */
function lowerOf(host: Host, { type }: Link): Link | null {
  if (type.kind !== "vxlan") return null;
  const holder = host.addresses.find((address) => address.ip === type.local)?.link;
  const lower = type.lower ?? holder;
  return host.links.find((link) => link.name === lower) ?? null;
}

interface Tunnel {
  readonly link: Link;
  readonly lower: Link;
  readonly room: number;
}

function describe(host: Host, { link, lower, room }: Tunnel): Finding {
  return {
    rule: name,
    severity: "error",
    message: `\`${link.name}\` of \`${host.id}\` has MTU ${link.mtu}: with ${VXLAN_OVERHEAD} bytes of VXLAN that is ${link.mtu + VXLAN_OVERHEAD}, but \`${lower.name}\` carries ${room}.`,
    host: host.id,
    source: lower.source ?? link.source,
    evidence: [
      `\`${link.name}\`: MTU ${link.mtu}`,
      `\`${lower.name}\`: MTU ${lower.mtu}, its segment carries ${room}`,
    ],
    wayOut: `Set MTU ${room - VXLAN_OVERHEAD} or less on \`${link.name}\` (flannel takes it from the link below when it starts), or raise \`${lower.name}\` to ${link.mtu + VXLAN_OVERHEAD}.`,
  };
}
