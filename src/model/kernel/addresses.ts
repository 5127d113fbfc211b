import { type IPv4, prefix } from "#ip/index.js";
import type { Address, Link } from "../host.js";
import type { LinkName } from "../identifiers.js";
import { linkSysctl, readSysctl } from "../sysctl.js";
import { isSameNetwork, networkOf } from "./address-network.js";
import { routesOfAddress } from "./address-routes.js";
import { disableIp } from "./disable-ip.js";
import { addressesOn, type Draft, findLink } from "./draft.js";
import { removeAddressRoutes } from "./fib-address.js";
import { scopeNumber } from "./fib-lookup.js";
import { insertRoute } from "./fib-table.js";
import { refuse } from "./messages.js";
import type { Refusal } from "./refusal.js";

/** `ip addr add` (net/ipv4/devinet.c, __inet_insert_ifa). */
export function addAddress(draft: Draft, given: Address): Refusal | null {
  const link = findLink(draft, given.link);
  if (link === null) return refuse.noSuchLink(given.link);
  const onLink = addressesOn(draft, given.link);
  const network = onLink.filter((other) => isSameNetwork(other, given));
  if (network.some((other) => other.ip === given.ip)) return refuse.addressExists();
  if (given.ip === 0) return null;
  if (network.some((other) => other.scope !== given.scope)) return refuse.addressScope();
  const address = { ...given, isSecondary: network.length > 0 };
  replaceAddresses(draft, link, insertAddress(onLink, address));
  addAddressRoutes(draft, link, address);
  return null;
}

/** A primary goes behind the primaries of at least its own scope number, a secondary to the end. */
function insertAddress(onLink: readonly Address[], address: Address): readonly Address[] {
  if (address.isSecondary) return [...onLink, address];
  const last = onLink.findLastIndex((other) => !other.isSecondary && isBefore(other, address));
  return onLink.toSpliced(last + 1, 0, address);
}

function isBefore(other: Address, address: Address): boolean {
  return scopeNumber(address.scope) <= scopeNumber(other.scope);
}

/** What fib_add_ifaddr does; a route that is there already stays as it is. */
export function addAddressRoutes(draft: Draft, link: Link, address: Address): void {
  for (const route of routesOfAddress(link, address, addressesOn(draft, link.name))) {
    insertRoute(draft, route, "append");
  }
}

/** Which address `ip addr del` means. */
interface AddressKey {
  readonly link: LinkName;
  readonly ip: IPv4;
  readonly length: number;
  /** The other end, for an address that was added with one. */
  readonly peer?: IPv4 | null;
}

/** `ip addr del IP/LENGTH` (net/ipv4/devinet.c, inet_rtm_deladdr and __inet_del_ifa). */
export function deleteAddress(draft: Draft, key: AddressKey): Refusal | null {
  const link = findLink(draft, key.link);
  if (link === null) return refuse.noSuchLink(key.link);
  const network = prefix(key.peer ?? key.ip, key.length);
  const address = addressesOn(draft, key.link).find(
    (other) =>
      other.ip === key.ip && other.length === key.length && networkOf(other).address === network.address,
  );
  if (address === undefined) return refuse.noSuchAddress();
  removeAddress(draft, link, address);
  return null;
}

function removeAddress(draft: Draft, link: Link, address: Address): void {
  const secondaries = address.isSecondary
    ? []
    : addressesOn(draft, link.name).filter((other) => other.isSecondary && isSameNetwork(other, address));
  const [heir] = isPromoting(draft, link) ? secondaries : [];
  if (heir === undefined) {
    for (const secondary of secondaries) unlinkAddress(draft, link, secondary);
    unlinkAddress(draft, link, address);
    return;
  }
  const place = placeOfHeir(addressesOn(draft, link.name), address, heir);
  for (const secondary of secondaries)
    removeAddressRoutes(draft, link, { address: secondary, replaced: address });
  unlinkAddress(draft, link, address);
  promote(draft, link, { address, heir, place });
}

/** Behind the last primary of its scope between the two, else where the old primary stood; counted without the old primary. */
function placeOfHeir(onLink: readonly Address[], address: Address, heir: Address): number {
  const first = onLink.indexOf(address);
  const last = onLink
    .slice(0, onLink.indexOf(heir))
    .findLastIndex((other, index) => index > first && !other.isSecondary && isBefore(other, address));
  return Math.max(last, first);
}

/** conf.all or the link's own (IN_DEV_ORCONF). */
function isPromoting(draft: Draft, link: Link): boolean {
  return (
    readSysctl(draft.sysctls, "conf.all.promote_secondaries") !== 0 ||
    linkSysctl(draft.sysctls, link.name, "promote_secondaries") !== 0
  );
}

/** The address is gone from the list when its routes are looked at; with the link's last one IP is switched off there. */
function unlinkAddress(draft: Draft, link: Link, address: Address): void {
  draft.addresses = draft.addresses.filter((other) => other !== address);
  removeAddressRoutes(draft, link, { address, replaced: null });
  if (addressesOn(draft, link.name).length === 0) disableIp(draft, link.name, "forced");
}

/** The first secondary becomes the primary, and all its network's routes come back. */
function promote(
  draft: Draft,
  link: Link,
  given: { readonly address: Address; readonly heir: Address; readonly place: number },
): void {
  const primary = { ...given.heir, isSecondary: false };
  const rest = addressesOn(draft, link.name).filter((other) => other !== given.heir);
  replaceAddresses(draft, link, rest.toSpliced(given.place, 0, primary));
  addAddressRoutes(draft, link, primary);
  for (const other of rest) {
    if (isSameNetwork(other, given.address)) addAddressRoutes(draft, link, other);
  }
}

/** Puts the addresses of one link where they stood, or behind those of the links before it. */
function replaceAddresses(draft: Draft, link: Link, onLink: readonly Address[]): void {
  const order = draft.links.map(({ name }) => name);
  const place = order.indexOf(link.name);
  const before = draft.addresses.filter(
    (other) => other.link !== link.name && order.indexOf(other.link) < place,
  );
  const after = draft.addresses.filter((other) => order.indexOf(other.link) > place);
  draft.addresses = [...before, ...onLink, ...after];
}
