import { formatIPv4 } from "#ip/index.js";
import type { Route } from "#model/index.js";
import { describeRoute } from "./describe-route.js";
import { routeInput } from "./input-route.js";
import { chooseNextHop } from "./next-hop.js";
import type { Packet, Place } from "./packet.js";
import { isRedirecting } from "./redirect-rules.js";
import type { Egress } from "./resolve.js";
import { note, type Run, stateOf } from "./run.js";
import { nextHopGateway } from "./source-address.js";

/** What a host does with a packet that arrived. */
export type Received =
  | { readonly kind: "end"; readonly end: "accepted" | "lost" | "unknown" }
  | {
      readonly kind: "forward";
      readonly egress: Egress;
      readonly isRedirecting: boolean;
    };

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
      note(run, place.host, {
        link: place.link,
        decision: "unknown",
        rule: "not modelled",
        why: input.why,
      });
      return { kind: "end", end: "unknown" };
    case "drop":
      note(run, place.host, {
        link: place.link,
        decision: "drop",
        rule: input.rule,
        why: input.why,
      });
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
      noteForward(run, place, {
        packet,
        route: input.route,
        isDirectSource: input.isDirectSource,
      });
      const nextHop = chooseNextHop(run, place.host, input.route, packet.destination);
      return {
        kind: "forward",
        isRedirecting:
          input.isDirectSource &&
          isRedirecting(incoming, input.out, packet.source, nextHopGateway(state, input.route)),
        egress: {
          host: place.host,
          link: input.out,
          nextHop,
          packetSource: packet.source,
        },
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
