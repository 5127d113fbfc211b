import { formatIPv4, formatPrefix, type IPv4 } from "#ip/index.js";
import type { LinkName, Route } from "#model/index.js";
import { type Carried, carry } from "./carry.js";
import { routeInput } from "./input-route.js";
import { routeOutput } from "./output-route.js";
import type { Egress } from "./resolve.js";
import { note, type Run, stateOf } from "./run.js";

/** One way of a packet: where it ended, and the hosts on whose link it arrived. */
export interface Way {
  readonly end: "accepted" | "lost" | "loop" | "unknown";
  readonly path: readonly number[];
  /** The host and link that accepted it; the sender itself for an own address. */
  readonly at: Place | null;
  /** The source that the packet had when it left. */
  readonly source: IPv4;
  readonly isLocal: boolean;
}

/** A link of a host. */
export interface Place {
  readonly host: number;
  readonly link: LinkName;
}

/** A packet to send: `source` null where the kernel chooses it. */
export interface Sending {
  readonly host: number;
  readonly source: IPv4 | null;
  readonly destination: IPv4;
}

/** Hops that a packet with the usual TTL of 64 makes before a router drops it; net/ipv4/ip_forward.c. */
export const MAX_HOPS = 64;

/** A packet that is on its way. */
export interface Packet {
  readonly source: IPv4;
  readonly destination: IPv4;
}

/** What a host does with a packet of its own: it ends there, or it leaves. */
export type Departure =
  | { readonly kind: "ended"; readonly way: Way }
  | { readonly kind: "leaves"; readonly egress: Egress; readonly packet: Packet };

/** Follows one packet from its sender to where it is accepted or ends. */
export function walkPacket(run: Run, sending: Sending): Way {
  const departure = departPacket(run, sending);
  return departure.kind === "ended" ? departure.way : follow(run, departure.egress, departure.packet);
}

/** The first half of a hop: route, source address and next hop of a host's own packet. */
export function departPacket(run: Run, sending: Sending): Departure {
  const sender = stateOf(run, sending.host);
  if (sender.isUncertain) return { kind: "ended", way: uncertain(run, sending.host, sending.source) };
  const route = routeOutput(sender, sending.source, sending.destination);
  switch (route.kind) {
    case "unknown":
      note(run, sending.host, { link: null, decision: "unknown", rule: "not modelled", why: route.why });
      return { kind: "ended", way: ended("unknown", sending.source) };
    case "drop":
      note(run, sending.host, { link: null, decision: "drop", rule: route.rule, why: route.why });
      return { kind: "ended", way: ended("lost", sending.source) };
    case "local":
      return { kind: "ended", way: acceptOwn(run, sending, route.source) };
    case "out": {
      note(run, sending.host, {
        link: route.out.name,
        decision: "send",
        rule: describeRoute(route.route),
        why: `\`${formatIPv4(sending.destination)}\` from \`${formatIPv4(route.source)}\``,
      });
      const nextHop = route.route.gateway ?? sending.destination;
      const egress = { host: sending.host, link: route.out, nextHop, packetSource: route.source };
      return { kind: "leaves", egress, packet: { source: route.source, destination: sending.destination } };
    }
  }
}

/** The second half of a hop: over the segment or tunnel to the next host. */
export function carryPacket(run: Run, egress: Egress): Carried {
  return carry(run, egress, sendUnderlay);
}

function follow(run: Run, first: Egress, packet: Packet): Way {
  const path: number[] = [];
  const seen = new Set<string>();
  let egress = first;
  for (;;) {
    const carried = carryPacket(run, egress);
    if (carried.kind !== "arrived") return { ...ended(carried.kind, packet.source), path };
    path.push(carried.host);
    const received = receivePacket(run, carried, packet);
    if (received.kind === "end") {
      const at = received.end === "accepted" ? { host: carried.host, link: carried.link } : null;
      return { end: received.end, path, at, source: packet.source, isLocal: false };
    }
    const position = `${carried.host} ${carried.link} ${run.version}`;
    if (seen.has(position)) return { ...ended("loop", packet.source), path };
    seen.add(position);
    if (path.length >= MAX_HOPS) return expire(run, carried, { packet, path });
    egress = received.egress;
  }
}

/** What a host does with a packet that arrived. */
export type Received =
  | { readonly kind: "end"; readonly end: "accepted" | "lost" | "unknown" }
  | { readonly kind: "forward"; readonly egress: Egress };

/** What the host does with a packet that arrived on one of its links: accepts, drops or forwards it. */
export function receivePacket(run: Run, place: Place, packet: Packet): Received {
  const state = stateOf(run, place.host);
  const incoming = state.linkByName.get(place.link);
  if (state.isUncertain || incoming === undefined) {
    note(run, place.host, {
      link: place.link,
      decision: "unknown",
      rule: "not modelled",
      why: state.host.unmodelled[0]?.message ?? "the link is not known",
    });
    return { kind: "end", end: "unknown" };
  }
  const input = routeInput(state, { incoming, ...packet, isArp: false });
  switch (input.kind) {
    case "unknown":
      note(run, place.host, { link: place.link, decision: "unknown", rule: "not modelled", why: input.why });
      return { kind: "end", end: "unknown" };
    case "drop":
      note(run, place.host, { link: place.link, decision: "drop", rule: input.rule, why: input.why });
      return { kind: "end", end: "lost" };
    case "local":
      note(run, place.host, {
        link: place.link,
        decision: "accept",
        rule: describeRoute(input.route),
        why: "the destination is local",
      });
      return { kind: "end", end: "accepted" };
    case "forward": {
      const nextHop = input.route.gateway ?? packet.destination;
      noteForward(run, place, { packet, route: input.route, isDirectSource: input.isDirectSource });
      return {
        kind: "forward",
        egress: { host: place.host, link: input.out, nextHop, packetSource: packet.source },
      };
    }
  }
}

interface Forwarding {
  readonly packet: Packet;
  readonly route: Route;
  readonly isDirectSource: boolean;
}

/** Forwards, and says so where the kernel would send a redirect; net/ipv4/route.c, __mkroute_input and ip_rt_send_redirect. */
function noteForward(run: Run, place: Place, { packet, route, isDirectSource }: Forwarding): void {
  if (run.hops === null) return;
  note(run, place.host, {
    link: route.link,
    decision: "forward",
    rule: describeRoute(route),
    why: `\`${formatIPv4(packet.destination)}\` from \`${formatIPv4(packet.source)}\` came in by \`${place.link}\``,
  });
  const incoming = stateOf(run, place.host).linkByName.get(place.link);
  if (route.link === place.link && isDirectSource && incoming?.sendsRedirects === true) {
    const name = run.world.hosts[place.host]?.id ?? "";
    const better = formatIPv4(route.gateway ?? packet.destination);
    run.findings.add(
      `\`${name}\` sends a redirect to \`${formatIPv4(packet.source)}\`: new next hop \`${better}\` for \`${formatIPv4(packet.destination)}\``,
    );
  }
}

function acceptOwn(run: Run, sending: Sending, source: IPv4): Way {
  const loopback = stateOf(run, sending.host).links.find(({ link }) => link.type.kind === "loopback");
  const isUp = loopback?.link.isUp === true;
  const why = isUp
    ? "the destination is an own address"
    : "the destination is an own address, but the loopback link is down";
  note(run, sending.host, {
    link: loopback?.name ?? null,
    decision: isUp ? "accept" : "drop",
    rule: "table local",
    why,
  });
  if (loopback === undefined || !isUp) return ended("lost", source);
  const at = { host: sending.host, link: loopback.name };
  return { end: "accepted", path: [sending.host], at, source, isLocal: true };
}

/** The outer packet of a tunnel is local traffic of both ends: accepted means that it came out at the other end. */
function sendUnderlay(run: Run, from: Sending): Carried {
  const way = walkPacket(run, from);
  if (way.end === "accepted" && way.at !== null && !way.isLocal) return { kind: "arrived", ...way.at };
  if (way.end === "unknown") return { kind: "unknown", why: "the tunnel's own packet cannot be followed" };
  return { kind: way.end === "loop" ? "loop" : "lost" };
}

interface Travelled {
  readonly packet: Packet;
  readonly path: readonly number[];
}

function expire(run: Run, place: Place, { packet, path }: Travelled): Way {
  note(run, place.host, {
    link: place.link,
    decision: "drop",
    rule: "TTL",
    why: `the packet made ${MAX_HOPS} hops`,
  });
  return { ...ended("lost", packet.source), path };
}

function uncertain(run: Run, host: number, source: IPv4 | null): Way {
  const why = stateOf(run, host).host.unmodelled[0]?.message ?? "";
  note(run, host, { link: null, decision: "unknown", rule: "not modelled", why });
  return ended("unknown", source);
}

function ended(end: "lost" | "loop" | "unknown", source: IPv4 | null): Way {
  return { end, path: [], at: null, source: source ?? (0 as IPv4), isLocal: false };
}

/** A route in the words of `ip route`. */
export function describeRoute(route: Route): string {
  const type = route.type === "unicast" ? "" : `${route.type} `;
  const via = route.gateway === null ? "" : ` via ${formatIPv4(route.gateway)}`;
  const dev = route.link === null ? "" : ` dev ${route.link}`;
  const metric = route.metric === 0 ? "" : ` metric ${route.metric}`;
  const table = route.table === 254 ? "" : ` table ${route.table === 255 ? "local" : route.table}`;
  return `${type}${formatPrefix(route.destination)}${via}${dev}${metric}${table}${route.isOnlink ? " onlink" : ""}`;
}
