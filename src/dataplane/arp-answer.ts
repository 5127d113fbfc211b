import { type IPv4, isMulticastIPv4 } from "#ip/index.js";
import { type CompiledHost, type CompiledLink, neighbourKey } from "./compiled-host.js";
import { routeInput } from "./input-route.js";
import { routeOutput } from "./output-route.js";
import { isLocalAddress } from "./route-lookup.js";
import { isOnlink, localScope, matches, scopeNumber, selectAddress } from "./source-address.js";

/** Whether a host answers an ARP request, and as what; `withheld`: the address asked for is its own, and it keeps silent. */
export type ArpAnswer = "own" | "proxy" | "withheld" | "silent" | "unknown";

/** An ARP request as a link hears it. */
export interface ArpRequest {
  readonly link: CompiledLink;
  readonly sender: IPv4;
  readonly target: IPv4;
}

/** net/ipv4/arp.c, arp_process: the target is routed as a packet from the sender, so source validation comes before the answer. */
export function answerArp(host: CompiledHost, request: ArpRequest): ArpAnswer {
  const { link, sender, target } = request;
  if (link.link.isNoArp || isMulticastIPv4(target)) return "silent";
  if (target >>> 24 === 127 && !link.routesLocalnet) return "silent";
  if (sender === 0) return isLocalAddress(host, target) && !ignores(host, request) ? "own" : "silent";
  const input = routeInput(host, {
    incoming: link,
    source: sender,
    destination: target,
    isArp: true,
  });
  switch (input.kind) {
    case "unknown":
      return "unknown";
    case "drop":
      return "silent";
    case "local":
      return ignores(host, request) || isFiltered(host, request) ? "withheld" : "own";
    case "forward":
      return isProxyFor(host, request, input.out) ? "proxy" : "silent";
  }
}

/**
 * Whether others on the link may learn the host's own address from it: because it answers for it, or because it may be the sender of a
 * request there. What its routes say of the one who asks is left out.
 */
export function mayClaim(host: CompiledHost, link: CompiledLink, address: IPv4): boolean {
  if (link.link.isNoArp || link.link.mac === null || !isLocalAddress(host, address)) return false;
  return (
    !ignores(host, { link, sender: 0 as IPv4, target: address }) ||
    link.arpAnnounce === 0 ||
    link.addresses.some(({ ip }) => ip === address)
  );
}

/** The sender address of a host's own request; net/ipv4/arp.c, arp_solicit. `packetSource` is the source of the packet that waits. */
export function arpSender(host: CompiledHost, link: CompiledLink, target: IPv4, packetSource: IPv4): IPv4 {
  const isOwn = isLocalAddress(host, packetSource);
  if (link.arpAnnounce === 0 && isOwn) return packetSource;
  if (link.arpAnnounce === 1 && isOwn && isOnlink(link, target, packetSource)) return packetSource;
  return selectAddress(host, link, target, "link");
}

/** net/ipv4/arp.c, arp_ignore. */
function ignores(host: CompiledHost, { link, sender, target }: ArpRequest): boolean {
  switch (link.arpIgnore) {
    case 1:
      return !confirmsAddress(link, null, target, scopeNumber("host"));
    case 2:
      return !confirmsAddress(link, sender, target, scopeNumber("host"));
    case 3:
      return !host.links.some((any) => confirmsAddress(any, null, target, scopeNumber("link")));
    case 8:
      return true;
    default:
      return false;
  }
}

/** net/ipv4/devinet.c, confirm_addr_indev, for a given local address. */
function confirmsAddress(link: CompiledLink, peer: IPv4 | null, local: IPv4, limit: number): boolean {
  const isHere = link.addresses.some((address) => address.ip === local && localScope(address, link) <= limit);
  const isSame = link.addresses.some(
    (address) => matches(address, local) && (peer === null || peer === 0 || matches(address, peer)),
  );
  return isHere && isSame;
}

/** net/ipv4/arp.c, arp_filter: answer only where the way back to the sender leaves by this link. */
function isFiltered(host: CompiledHost, { link, sender, target }: ArpRequest): boolean {
  if (!link.filtersArp) return false;
  const back = routeOutput(host, target, sender);
  return (back.kind !== "out" && back.kind !== "broadcast") || back.out !== link;
}

/** net/ipv4/arp.c, arp_fwd_proxy, arp_fwd_pvlan and the entries of `ip neigh add proxy`. */
function isProxyFor(host: CompiledHost, { link, sender, target }: ArpRequest, out: CompiledLink): boolean {
  if (out === link) return link.isPvlanProxy && sender !== target;
  if (host.proxyEntries.has(neighbourKey(link.name, target))) return true;
  if (!link.isArpProxy || link.mediumId === -1) return false;
  return link.mediumId === 0 || (out.mediumId !== link.mediumId && out.mediumId !== -1);
}
