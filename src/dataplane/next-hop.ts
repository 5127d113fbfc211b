import { formatIPv4, type IPv4 } from "#ip/index.js";
import type { Route } from "#model/index.js";
import { note, type Run, recallNextHop, stateOf } from "./run.js";
import { nextHopGateway, nextHopOf } from "./source-address.js";

/**
 * Whom the host hands a packet on this route: the route's next hop, or the one that a redirect put in its place. Routes that are looked up
 * to validate a source or to send a redirect know nothing of it; net/ipv4/route.c, rt_set_nexthop and __mkroute_input.
 */
export function chooseNextHop(run: Run, host: number, route: Route, destination: IPv4): IPv4 {
  const state = stateOf(run, host);
  const gateway = nextHopGateway(state, route);
  if (gateway === null || route.link === null) return nextHopOf(state, route, destination);
  const old = recallNextHop(run, { host, link: route.link, gateway, destination });
  if (old?.entry.kind !== "redirect") return gateway;
  note(run, host, {
    link: route.link,
    decision: "resolve",
    rule: "old redirect",
    why: `\`${old.of}\` once sent a redirect: \`${formatIPv4(destination)}\` is still sent to \`${formatIPv4(old.entry.nextHop)}\``,
  });
  return old.entry.nextHop;
}
