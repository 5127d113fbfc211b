import type { IPv4 } from "#ip/index.js";
import type { LinkName } from "#model/index.js";
import { routeOutput } from "./output-route.js";
import { acceptsRedirect } from "./redirect-rules.js";
import { resolveNeighbour } from "./resolve.js";
import { type Run, stateOf } from "./run.js";
import { nextHopGateway } from "./source-address.js";

/** How the redirect travels; the walk gives itself. */
type Walk = (
  run: Run,
  sending: {
    readonly host: number;
    readonly source: null;
    readonly destination: IPv4;
    readonly isError: true;
  },
) => {
  readonly end: string;
  readonly at: { readonly host: number; readonly link: LinkName } | null;
  readonly source: IPv4;
  readonly isLocal: boolean;
};

interface Redirection {
  readonly host: number;
  readonly packet: { readonly source: IPv4; readonly destination: IPv4 };
  readonly gateway: IPv4;
}

/**
 * Sends a redirect to the packet's source and lets it act there. It changes no packet of this flow, but teaches neighbours: on its
 * way, and because the source asks at once for its new next hop; net/ipv4/route.c, ip_rt_send_redirect and __ip_do_redirect.
 */
export function redirect(run: Run, { host, packet, gateway }: Redirection, walk: Walk): void {
  const way = walk(run, {
    host,
    source: null,
    destination: packet.source,
    isError: true,
  });
  if (way.end !== "accepted" || way.at === null || way.isLocal) return;
  const state = stateOf(run, way.at.host);
  const incoming = state.linkByName.get(way.at.link);
  const route = routeOutput(state, packet.source, packet.destination);
  if (incoming === undefined || route.kind !== "out") return;
  if (nextHopGateway(state, route.route) !== way.source || gateway === way.source) return;
  if (!acceptsRedirect(state, incoming, gateway, way.source)) return;
  resolveNeighbour(run, {
    host: way.at.host,
    link: route.out,
    nextHop: gateway,
    packetSource: 0 as IPv4,
  });
}
