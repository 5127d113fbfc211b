import { formatIPv4 } from "#ip/index.js";
import type { LinkName } from "#model/index.js";
import type { CompiledHost } from "./compiled-host.js";
import { ECHO_BYTES, VXLAN_BYTES } from "./domain-graph.js";
import type { Domain } from "./layer2.js";
import type { Leg } from "./leg.js";
import type { Packet, Place, Sending, Way } from "./packet.js";
import type { Egress } from "./resolve.js";
import { note, type Run, stateOf } from "./run.js";

/** Frames may be this much longer than MTU and Ethernet header: room for a VLAN tag, used or not; include/linux/netdevice.h, is_skb_forwardable. */
const TAG_BYTES = 4;
const IP_HEADER_BYTES = 20;

/**
 * Whether the packet in hand may leave by a link: whole, or cut to fragments where it may be cut. Where not, a host's own packet is
 * refused to its sender, and a router says so to the source; net/ipv4/ip_output.c and ip_forward.c.
 */
export function fitLink(run: Run, { host, link }: Egress): boolean {
  const { mtu } = link.link;
  if (run.measured === null || run.packetBytes <= mtu || mtu === 0) return true;
  if (!run.mayFragment) {
    const why = `a packet of ${run.packetBytes} bytes that must not be cut does not fit the MTU of ${mtu}`;
    note(run, host, { link: link.name, decision: "drop", rule: "MTU", why });
    return false;
  }
  const bytes = longestFragment(mtu);
  const why = `${run.packetBytes} bytes go in fragments of ${bytes}: the MTU is ${mtu}`;
  note(run, host, { link: link.name, decision: "send", rule: "fragments", why });
  run.packetBytes = bytes;
  return true;
}

/** The payload of every fragment but the last is a multiple of eight bytes; RFC 791. */
function longestFragment(mtu: number): number {
  return IP_HEADER_BYTES + Math.floor((mtu - IP_HEADER_BYTES) / 8) * 8;
}

/** From one leg of a domain to another. */
interface Crossing {
  readonly from: Leg;
  readonly to: Leg;
}

/**
 * Whether a frame with the packet in hand is dropped on its way for its length, without a word: by a bridge's port, coming in or
 * going out, or by the link that it is for. What a bridge takes for itself is measured by its port alone, what comes out of a
 * tunnel or with a VLAN tag by the link below.
 */
export function dropsTooLong(run: Run, domain: Domain, { from, to }: Crossing): boolean {
  if (run.measured === null) return false;
  const last = receivingLink(stateOf(run, to.host), to.link);
  const places: readonly Place[] = [...domain.portsBetween(from, to), { host: to.host, link: last }];
  return places.some(({ host, link }) => isTooLong(run, host, link));
}

function isTooLong(run: Run, host: number, name: LinkName): boolean {
  const link = stateOf(run, host).linkByName.get(name)?.link;
  if (link === undefined || link.type.kind === "bridge" || link.mtu === 0) return false;
  if (run.packetBytes <= link.mtu + TAG_BYTES) return false;
  const why = `a frame with ${run.packetBytes} bytes is longer than \`${name}\` takes with an MTU of ${link.mtu}: nobody is told`;
  note(run, host, { link: name, decision: "drop", rule: "MTU", why });
  return true;
}

function receivingLink(host: CompiledHost, name: LinkName): LinkName {
  const type = host.linkByName.get(name)?.link.type;
  return type?.kind === "vlan" ? receivingLink(host, type.lower) : name;
}

type Walk = (run: Run, sending: Sending) => Way;

/**
 * A router tells the source of a packet that does not fit (ICMP `fragmentation needed`, RFC 1191), which then sends shorter ones, if
 * the word reaches it. The packet itself is lost; `unknown` where it is not known whether the word arrives.
 */
export function sayTooLong(
  run: Run,
  { host, link }: Egress,
  { packet, walk }: { readonly packet: Packet; readonly walk: Walk },
): "lost" | "unknown" {
  const sending = { host, source: null, destination: packet.source, isError: true };
  const way = aside(run, () => walk(run, sending));
  if (way.end === "unknown") return "unknown";
  const isHeard = way.end === "accepted" && way.at?.host === run.measured?.sender;
  if (isHeard) learnPathMtu(run, link.link.mtu);
  const name = run.world.hosts[host]?.id ?? "";
  const source = formatIPv4(packet.source);
  run.findings.add(
    isHeard
      ? `\`${name}\` tells \`${source}\` that the path MTU is ${link.link.mtu}`
      : `\`${name}\` tells \`${source}\` that the path MTU is ${link.link.mtu}, and the message does not arrive`,
  );
  return "lost";
}

/** An outer packet that does not fit tells the sender of the inner one, if it is this host; net/ipv4/ip_tunnel_core.c, skb_tunnel_check_pmtu. */
export function noteTunnelMtu(
  run: Run,
  host: number,
  { outerBytes, mtu }: { readonly outerBytes: number; readonly mtu: number },
): void {
  if (run.measured?.sender === host && outerBytes > mtu) learnPathMtu(run, mtu - VXLAN_BYTES);
}

function learnPathMtu(run: Run, mtu: number): void {
  run.pathMtu = Math.min(run.pathMtu ?? mtu, mtu);
}

/** The most that an ICMP error takes, and its own headers before the packet that it quotes; net/ipv4/icmp.c, icmp_send. */
const ERROR_BYTES = 576;
const ERROR_HEADER_BYTES = 28;

/** Walks an ICMP error about the packet in hand, which quotes its beginning: no part of the explanation. */
export function aside<T>(run: Run, walk: () => T): T {
  const { hops, packetBytes, mayFragment } = run;
  run.hops = null;
  if (run.measured !== null) run.packetBytes = Math.min(packetBytes + ERROR_HEADER_BYTES, ERROR_BYTES);
  run.mayFragment = true;
  const result = walk();
  run.hops = hops;
  run.packetBytes = packetBytes;
  run.mayFragment = mayFragment;
  return result;
}

/** Sets out with the request of a flow, or with its reply, which may always be cut; net/ipv4/icmp.c, icmp_sk_init. */
export function beginPacket(run: Run, kind: "request" | "reply"): void {
  run.packetBytes = run.measured?.bytes ?? ECHO_BYTES;
  run.mayFragment = kind === "reply" || run.measured?.mayFragment !== false;
}
