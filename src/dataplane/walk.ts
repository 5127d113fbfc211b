import { formatIPv4, type IPv4 } from "#ip/index.js";
import { type Carried, carry } from "./carry.js";
import { neighbourKey } from "./compiled-host.js";
import { selectDefault } from "./default-route.js";
import { describeRoute } from "./describe-route.js";
import { aside, dropsTooLong, fitLink, noteTunnelMtu, sayTooLong } from "./mtu.js";
import { chooseNextHop } from "./next-hop.js";
import { routeOutput } from "./output-route.js";
import { MAX_HOPS, type Packet, type Place, type Sending, type Way } from "./packet.js";
import { receivePacket } from "./receive.js";
import { redirect } from "./redirect.js";
import { type Egress, ownLeg } from "./resolve.js";
import { isBroadcastAddress } from "./route-lookup.js";
import { domainOf, note, type Run, stateOf } from "./run.js";

/** What a host does with a packet of its own: it ends there, or it leaves. */
export type Departure =
  | { readonly kind: "ended"; readonly way: Way }
  | {
      readonly kind: "leaves";
      readonly egress: Egress;
      readonly packet: Packet;
    };

/** Follows one packet from its sender to where it is accepted or ends. */
export function walkPacket(run: Run, sending: Sending): Way {
  const departure = departPacket(run, sending);
  if (departure.kind === "ended") return departure.way;
  const { egress, packet } = departure;
  const way = fitLink(run, egress) ? follow(run, egress, packet) : ended("lost", packet.source);
  return { ...way, out: egress.link };
}

/** The first half of a hop: route, source address and next hop of a host's own packet. */
export function departPacket(run: Run, sending: Sending): Departure {
  const sender = stateOf(run, sending.host);
  if (sender.isUncertain) return { kind: "ended", way: uncertain(run, sending.host, sending.source) };
  const route = routeOutput(sender, sending.source, sending.destination, (rivals) =>
    selectDefault(run, sending.host, rivals),
  );
  switch (route.kind) {
    case "unknown":
      note(run, sending.host, {
        link: null,
        decision: "unknown",
        rule: "not modelled",
        why: route.why,
      });
      return { kind: "ended", way: ended("unknown", sending.source) };
    case "drop":
      note(run, sending.host, {
        link: null,
        decision: "drop",
        rule: route.rule,
        why: route.why,
      });
      return { kind: "ended", way: ended("lost", sending.source) };
    case "local":
      return { kind: "ended", way: acceptOwn(run, sending, route.source) };
    case "broadcast":
    case "out": {
      note(run, sending.host, {
        link: route.out.name,
        decision: "send",
        rule: describeRoute(route.route),
        why: `\`${formatIPv4(sending.destination)}\` from \`${formatIPv4(route.source)}\``,
      });
      const nextHop = chooseNextHop(run, sending.host, route.route, sending.destination);
      const egress = {
        host: sending.host,
        link: route.out,
        nextHop,
        packetSource: route.source,
      };
      const packet = {
        source: route.source,
        destination: sending.destination,
        isError: sending.isError ?? false,
      };
      return { kind: "leaves", egress, packet };
    }
  }
}

/** Over the segment or tunnel to the next host; `heard` where it went in a broadcast frame and its owner took it. */
export type CarriedPacket = Carried | ({ readonly kind: "heard" } & Place);

/** The second half of a hop. */
export function carryPacket(run: Run, egress: Egress, packet: Packet): CarriedPacket {
  if (isBroadcastHop(run, egress)) return hearBroadcast(run, egress, packet);
  const carried = carry(run, egress, sendUnderlay);
  run.concurrentFrom = Number.POSITIVE_INFINITY;
  return carried;
}

/** A packet with the hops that it has behind it. */
interface Travel {
  readonly packet: Packet;
  readonly path: number[];
  readonly seen: Set<string>;
}

function follow(run: Run, first: Egress, packet: Packet): Way {
  const travel: Travel = { packet, path: [], seen: new Set() };
  let egress = first;
  for (;;) {
    const next = advance(run, egress, travel);
    if (next.kind === "end") return next.way;
    if (next.isRedirecting && !packet.isError) {
      sendRedirect(run, next.place, { packet, gateway: next.egress.nextHop });
    }
    egress = next.egress;
  }
}

type Advanced =
  | { readonly kind: "end"; readonly way: Way }
  | {
      readonly kind: "forward";
      readonly place: Place;
      readonly egress: Egress;
      readonly isRedirecting: boolean;
    };

/** One hop, and whether the packet has been here before with nothing learnt since. */
function advance(run: Run, egress: Egress, { packet, path, seen }: Travel): Advanced {
  const end = (kind: Way["end"], at: Place | null = null): Advanced => {
    return { kind: "end", way: { end: kind, path, at, source: packet.source, isLocal: false, out: null } };
  };
  const carried = carryPacket(run, egress, packet);
  if (carried.kind !== "arrived" && carried.kind !== "heard") return end(carried.kind);
  const place = { host: carried.host, link: carried.link };
  path.push(place.host);
  if (carried.kind === "heard") return end("accepted", place);
  const received = receivePacket(run, place, packet);
  if (received.kind === "end") return end(received.end, received.end === "accepted" ? place : null);
  const position = `${place.host} ${place.link} ${run.version}`;
  if (seen.has(position)) return end("loop");
  seen.add(position);
  if (path.length < MAX_HOPS) {
    if (fitLink(run, received.egress)) return { ...received, place };
    return end(sayTooLong(run, received.egress, { packet, walk: walkPacket }));
  }
  note(run, place.host, {
    link: place.link,
    decision: "drop",
    rule: "TTL",
    why: `the packet made ${MAX_HOPS} hops`,
  });
  return end("lost");
}

interface Redirecting {
  readonly packet: Packet;
  readonly gateway: IPv4;
}

/**
 * What is asked on its behalf goes on while the packet itself waits for its neighbour. The redirect's own way is no part of the
 * explanation: it is named among the findings.
 */
function sendRedirect(run: Run, { host }: Place, { packet, gateway }: Redirecting): void {
  const from = run.announcements.length;
  aside(run, () => redirect(run, { host, packet, gateway }, walkPacket));
  run.concurrentFrom = from;
}

/** A next hop that is a broadcast address here is never asked for (net/ipv4/arp.c, arp_constructor); a permanent entry comes first. */
function isBroadcastHop(run: Run, { host, link, nextHop }: Egress): boolean {
  const state = stateOf(run, host);
  return isBroadcastAddress(state, nextHop) && !state.neighbours.has(neighbourKey(link.name, nextHop));
}

/** All of the segment hear it, none forwards it (net/ipv4/ip_forward.c), its owner accepts it. */
function hearBroadcast(run: Run, egress: Egress, packet: Packet): CarriedPacket {
  const domain = domainOf(run, egress.host, egress.link.name);
  const own = domain === null ? null : ownLeg(domain, egress.host, egress.link);
  for (const leg of domain?.legs ?? []) {
    if (leg.host === egress.host && leg.link === egress.link.name) continue;
    if (domain !== null && own !== null && dropsTooLong(run, domain, { from: own, to: leg })) continue;
    const received = receivePacket(run, leg, packet);
    if (received.kind === "end" && received.end === "accepted")
      return { kind: "heard", host: leg.host, link: leg.link };
  }
  return { kind: "lost" };
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
  return { end: "accepted", path: [sending.host], at, source, isLocal: true, out: null };
}

/** The outer packet of a tunnel is local traffic of both ends: accepted means that it came out at the other end. */
function sendUnderlay(run: Run, from: Sending): Carried {
  const { packetBytes } = run;
  const way = walkPacket(run, from);
  if (way.out !== null) noteTunnelMtu(run, from.host, { outerBytes: packetBytes, mtu: way.out.link.mtu });
  if (way.end === "accepted" && way.at !== null && !way.isLocal) return { kind: "arrived", ...way.at };
  if (way.end === "unknown")
    return {
      kind: "unknown",
      why: "the tunnel's own packet cannot be followed",
    };
  return { kind: way.end === "loop" ? "loop" : "lost" };
}

function uncertain(run: Run, host: number, source: IPv4 | null): Way {
  const why = stateOf(run, host).host.unmodelled[0]?.message ?? "";
  note(run, host, {
    link: null,
    decision: "unknown",
    rule: "not modelled",
    why,
  });
  return ended("unknown", source);
}

function ended(end: "lost" | "loop" | "unknown", source: IPv4 | null): Way {
  return {
    end,
    path: [],
    at: null,
    source: source ?? (0 as IPv4),
    isLocal: false,
    out: null,
  };
}
