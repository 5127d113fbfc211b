import { hostPrefix, type IPv4 } from "#ip/index.js";
import { type Address, type Link, MAIN_TABLE } from "../host.js";
import { hasNetwork, isSameNetwork, networkBroadcast, networkOf } from "./address-network.js";
import { connectedType, magicRoute, primaryOf } from "./address-routes.js";
import { addressesOn, type Draft } from "./draft.js";
import { addressType } from "./fib-lookup.js";
import { deleteMagicRoute, flushRoutes } from "./fib-table.js";

/** An address whose routes go. `replaced` is the primary that is about to go, where a secondary is promoted in its place. */
export interface Leaving {
  readonly address: Address;
  readonly replaced: Address | null;
  /** The link itself is going: nothing on it needs a route any more. */
  readonly isLinkGoing?: boolean;
}

/** What the addresses that stay on the link still need. */
interface Needed {
  local: boolean;
  broadcast: boolean;
  networkBroadcast: boolean;
  networkAddress: boolean;
}

/**
 * Takes the routes of an address away, except those that another address of the link still needs
 * (net/ipv4/fib_frontend.c, fib_del_ifaddr). Where the address is gone from the link for good, routes of table main that prefer it as
 * source go too (fib_sync_down_addr).
 */
export function removeAddressRoutes(draft: Draft, link: Link, leaving: Leaving): void {
  const { address, replaced } = leaving;
  const onLink = addressesOn(draft, link.name);
  const primary = address.isSecondary ? (replaced ?? primaryOf(address, onLink)) : address;
  if (primary === null) return;
  const remove = (type: "local" | "broadcast" | "unicast", destination = hostPrefix(address.ip)): void =>
    deleteMagicRoute(draft, magicRoute({ type, destination, link, preferredSource: primary.ip }));
  const hasConnected = !address.isSecondary && hasNetwork(address);
  if (hasConnected && !address.hasNoPrefixRoute) {
    remove(connectedType(link) === "local" ? "local" : "unicast", networkOf(address));
  }
  const isGone = !onLink.includes(address);
  const staying = leaving.isLinkGoing === true ? [] : onLink;
  const needed = whatIsNeeded(staying, { leaving, primary });
  for (const destination of broadcastsToRemove(address, hasConnected, needed)) {
    remove("broadcast", hostPrefix(destination));
  }
  if (needed.local) return;
  remove("local");
  if (isGone && addressType(draft, address.ip) !== "local") {
    flushRoutes(draft, (route) => route.table === MAIN_TABLE && route.preferredSource === address.ip);
  }
}

function broadcastsToRemove(address: Address, hasConnected: boolean, needed: Needed): readonly IPv4[] {
  const own = needed.broadcast || address.broadcast === null ? [] : [address.broadcast];
  if (!hasConnected || address.length >= 31) return own;
  const high = needed.networkBroadcast ? [] : [networkBroadcast(address)];
  const low = needed.networkAddress ? [] : [networkOf(address).address];
  return [...own, ...high, ...low];
}

/** The scan of fib_del_ifaddr over the addresses of the link. Only those whose routes prefer the same source count. */
function whatIsNeeded(
  onLink: readonly Address[],
  { leaving, primary }: { readonly leaving: Leaving; readonly primary: Address },
): Needed {
  const { address, replaced } = leaving;
  const needed: Needed = { local: false, broadcast: false, networkBroadcast: false, networkAddress: false };
  let hasTwin = false;
  for (const other of onLink) {
    if (other === address || (replaced !== null && isSameNetwork(other, replaced))) continue;
    const first = other.isSecondary ? primaryOfSecondary(other, { primary, hasTwin, onLink }) : other;
    if (first?.ip !== primary.ip) continue;
    hasTwin ||= !other.isSecondary && other !== primary;
    note(needed, address, other);
  }
  return needed;
}

/** The kernel looks for a secondary's primary outside the network only after it has met another primary of the same address. */
function primaryOfSecondary(
  other: Address,
  given: { readonly primary: Address; readonly hasTwin: boolean; readonly onLink: readonly Address[] },
): Address | null {
  if (isSameNetwork(other, given.primary)) return given.primary;
  return given.hasTwin ? primaryOf(other, given.onLink) : null;
}

function note(needed: Needed, address: Address, other: Address): void {
  const high = networkBroadcast(address);
  const low = networkOf(address).address;
  needed.local ||= address.ip === other.ip;
  needed.broadcast ||= address.broadcast === other.broadcast;
  needed.networkBroadcast ||= high === other.broadcast;
  needed.networkAddress ||= low === other.broadcast;
  if (other.isSecondary || other.length >= 31 || networkOf(other).address >>> 24 === 0) return;
  const own = [networkBroadcast(other), networkOf(other).address];
  needed.broadcast ||= address.broadcast !== null && own.includes(address.broadcast);
  needed.networkBroadcast ||= own.includes(high);
  needed.networkAddress ||= own.includes(low);
}
