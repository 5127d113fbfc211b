import { ipv4 } from "#ip/index.js";
import type { Address, Link } from "../host.js";
import type { LinkName } from "../identifiers.js";
import { addAddress, addAddressRoutes } from "./addresses.js";
import { disableIp } from "./disable-ip.js";
import { addressesOn, changeLink, type Draft, findLink, keep } from "./draft.js";
import { refuse } from "./messages.js";
import type { Refusal } from "./refusal.js";

/**
 * `ip link set LINK up`. Connected routes come back, static ones do not (net/ipv4/fib_frontend.c, fib_netdev_event). A cable is taken
 * to be plugged in at both ends: the model of one host cannot know otherwise.
 */
export function setLinkUp(draft: Draft, name: LinkName): Refusal | null {
  const link = findLink(draft, name);
  if (link === null) return refuse.noSuchLink(name);
  if (link.isUp) return null;
  if (link.type.kind === "vlan" && !(findLink(draft, link.type.lower)?.isUp ?? false))
    return refuse.lowerLinkIsDown();
  changeLink(draft, name, { isUp: true, hasCarrier: hasOwnCarrier(draft, link) });
  if (link.type.kind === "loopback" && addressesOn(draft, name).length === 0)
    addAddress(draft, loopbackAddress(link));
  for (const address of addressesOn(draft, name)) addAddressRoutes(draft, { ...link, isUp: true }, address);
  for (const vlan of vlansOn(draft, name)) setLinkUp(draft, vlan.name);
  refreshCarrier(draft, link.master);
  return null;
}

/** inetdev_event (net/ipv4/devinet.c) gives it to a loopback that comes up without any. */
function loopbackAddress(link: Link): Address {
  return {
    link: link.name,
    ip: ipv4(0x7f000001),
    length: 8,
    peer: null,
    broadcast: null,
    scope: "host",
    isSecondary: false,
    hasNoPrefixRoute: false,
    source: null,
  };
}

/** `ip link set LINK down`: its routes go, its addresses stay, VLANs on it go down with it. */
export function setLinkDown(draft: Draft, name: LinkName): Refusal | null {
  const link = findLink(draft, name);
  if (link === null) return refuse.noSuchLink(name);
  if (!link.isUp) return null;
  for (const vlan of vlansOn(draft, name)) setLinkDown(draft, vlan.name);
  changeLink(draft, name, { isUp: false, hasCarrier: false });
  disableIp(draft, name, "link-down");
  draft.fdb = keep(draft.fdb, (entry) => entry.isPermanent || entry.link !== name);
  refreshCarrier(draft, link.master);
  return null;
}

/** The VLAN links whose lower link this is. */
export function vlansOn(draft: Draft, lower: LinkName): readonly Link[] {
  return draft.links.filter(({ type }) => type.kind === "vlan" && type.lower === lower);
}

function hasOwnCarrier(draft: Draft, link: Link): boolean {
  switch (link.type.kind) {
    case "bridge":
      return hasLivePort(draft, link) || isFreshBridge(draft, link);
    case "bond":
      return hasLivePort(draft, link);
    case "vlan":
      return findLink(draft, link.type.lower)?.hasCarrier ?? false;
    case "loopback":
    case "ethernet":
    case "dummy":
    case "vxlan":
    case "other":
      return true;
  }
}

function hasLivePort(draft: Draft, { name }: Link): boolean {
  return draft.links.some((port) => port.master === name && port.isUp && port.hasCarrier);
}

/** A bridge that never had a port has carrier; one that lost its last port has none, and the zero address tells the two apart. */
function isFreshBridge(draft: Draft, { name, mac }: Link): boolean {
  return mac !== "00:00:00:00:00:00" && !draft.links.some((port) => port.master === name);
}

/** A bridge or bond has carrier as long as one of its ports has (net/bridge/br_stp.c, br_port_state_selection), and VLANs on it follow. */
export function refreshCarrier(draft: Draft, master: LinkName | null): void {
  const link = findLink(draft, master);
  if (link === null || !link.isUp) return;
  const hasCarrier = hasOwnCarrier(draft, link);
  if (hasCarrier === link.hasCarrier) return;
  changeLink(draft, link.name, { hasCarrier });
  for (const vlan of vlansOn(draft, link.name)) if (vlan.isUp) changeLink(draft, vlan.name, { hasCarrier });
}
