import type { LinkName } from "../identifiers.js";
import { type Draft, keep } from "./draft.js";
import { flushRoutes } from "./fib-table.js";

/**
 * Takes all routes of a link out of use and forgets its neighbours, permanent and proxy ones too (net/ipv4/fib_frontend.c, fib_disable_ip;
 * net/ipv4/arp.c, arp_ifdown). Unless `forced`, routes of scope host stay: an address is local even while its link is down.
 */
export function disableIp(draft: Draft, link: LinkName, how: "forced" | "link-down"): void {
  flushRoutes(draft, (route) => route.link === link && (how === "forced" || route.scope !== "host"));
  draft.neighbours = keep(draft.neighbours, (neighbour) => neighbour.link !== link);
}
