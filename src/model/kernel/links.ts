import type { Mac } from "#ip/index.js";
import type { Link } from "../host.js";
import type { LinkName } from "../identifiers.js";
import { adjustBridgeMtu, releasePort, setMaster } from "./bridge.js";
import { DEFAULT_PORT_VLANS, forgetVlans } from "./bridge-vlans.js";
import { disableIp } from "./disable-ip.js";
import { addressesOn, changeLink, type Draft, findLink, keep } from "./draft.js";
import { removeAddressRoutes } from "./fib-address.js";
import { setLinkDown, vlansOn } from "./link-state.js";
import { refuse } from "./messages.js";
import type { Refusal } from "./refusal.js";

/** `ip link add`: the link is made down; a VLAN takes its lower link's Ethernet address where none is given. */
export function addLink(draft: Draft, given: Link): Refusal | null {
  if (findLink(draft, given.name) !== null) return refuse.linkExists();
  const lower = given.type.kind === "vlan" || given.type.kind === "vxlan" ? given.type.lower : null;
  const lowerLink = findLink(draft, lower);
  if (lower !== null && lowerLink === null) return refuse.noSuchLink(lower);
  const isTwin = draft.links.some(({ type }) => isSameVlan(type, given.type));
  if (isTwin) return refuse.linkExists();
  const mac = given.type.kind === "vlan" ? (given.mac ?? lowerLink?.mac ?? null) : given.mac;
  const { master } = given;
  const mtu = given.type.kind === "vxlan" ? Math.min(given.mtu, mostVxlanMtu(draft, given)) : given.mtu;
  draft.links = [...draft.links, { ...given, mac, mtu, isUp: false, hasCarrier: false, master: null }];
  if (given.bridgeVlans !== undefined) startVlans(draft, given);
  return master === null ? null : setMaster(draft, given.name, master);
}

/** Whatever VLANs the new link is to have, the kernel gives a bridge the default ones and a plain link none. */
function startVlans(draft: Draft, { name, type }: Link): void {
  if (type.kind === "bridge") changeLink(draft, name, { bridgeVlans: DEFAULT_PORT_VLANS });
  else forgetVlans(draft, name);
}

function isSameVlan(a: Link["type"], b: Link["type"]): boolean {
  return a.kind === "vlan" && b.kind === "vlan" && a.id === b.id && a.lower === b.lower;
}

/** `ip link del`: with it go its addresses, routes, neighbours, forwarding entries, sysctls and the VLAN and VXLAN links on it. */
export function deleteLink(draft: Draft, name: LinkName): Refusal | null {
  const link = findLink(draft, name);
  if (link === null) return refuse.noSuchLink(name);
  if (link.type.kind === "loopback") return refuse.linkNotDeletable();
  for (const upper of uppersOn(draft, name)) deleteLink(draft, upper.name);
  setLinkDown(draft, name);
  if (link.master !== null) releasePort(draft, link);
  for (const port of draft.links) if (port.master === name) releasePort(draft, port);
  for (const address of addressesOn(draft, name)) {
    draft.addresses = draft.addresses.filter((other) => other !== address);
    removeAddressRoutes(draft, link, { address, replaced: null, isLinkGoing: true });
  }
  disableIp(draft, name, "forced");
  draft.fdb = keep(draft.fdb, (entry) => entry.link !== name && entry.master !== name);
  draft.sysctls = withoutLink(draft.sysctls, name);
  draft.links = draft.links.filter((other) => other.name !== name);
  return null;
}

function uppersOn(draft: Draft, lower: LinkName): readonly Link[] {
  const tunnels = draft.links.filter(({ type }) => type.kind === "vxlan" && type.lower === lower);
  return [...vlansOn(draft, lower), ...tunnels];
}

function withoutLink(sysctls: ReadonlyMap<string, number>, name: LinkName): ReadonlyMap<string, number> {
  const prefix = `conf.${name.replaceAll(".", "/")}.`;
  const kept = [...sysctls].filter(([key]) => !key.startsWith(prefix));
  return kept.length === sysctls.size ? sysctls : new Map(kept);
}

/** IPv4's own least MTU (RFC 791) and the most that a header's length field can say. */
const LEAST_MTU = 68;
const MOST_MTU = 65535;

/** Outer IPv4, UDP and VXLAN headers and the inner Ethernet header (RFC 7348). */
const VXLAN_HEADROOM = 50;

/** What the lower link leaves for the payload (drivers/net/vxlan/vxlan_core.c, vxlan_change_mtu). */
function mostVxlanMtu(draft: Draft, { type }: Link): number {
  const lower = type.kind === "vxlan" ? findLink(draft, type.lower) : null;
  return lower === null ? MOST_MTU : lower.mtu - VXLAN_HEADROOM;
}

/** `ip link set LINK mtu N` (net/core/dev.c, dev_validate_mtu). VLANs on the link shrink with it; a bridge follows its ports. */
export function setMtu(draft: Draft, name: LinkName, mtu: number): Refusal | null {
  const link = findLink(draft, name);
  if (link === null) return refuse.noSuchLink(name);
  const refusal = mtuRefusal(draft, link, mtu);
  if (refusal !== null) return refusal;
  if (mtu === link.mtu) return null;
  const portsBefore = draft.links;
  changeLink(draft, name, { mtu });
  for (const vlan of vlansOn(draft, name)) if (vlan.mtu > mtu) setMtu(draft, vlan.name, mtu);
  if (link.master !== null) adjustBridgeMtu(draft, link.master, portsBefore);
  return null;
}

function mtuRefusal(draft: Draft, link: Link, mtu: number): Refusal | null {
  const { type } = link;
  if (type.kind !== "loopback" && mtu < LEAST_MTU) return refuse.mtuTooSmall();
  if (type.kind !== "loopback" && mtu > MOST_MTU) return refuse.mtuTooLarge();
  if (type.kind === "vlan" && mtu > (findLink(draft, type.lower)?.mtu ?? mtu)) return refuse.mtuAboveLower();
  if (type.kind === "vxlan" && mtu > mostVxlanMtu(draft, link)) return refuse.mtuAboveVxlanLower();
  return null;
}

/** `ip link set LINK address MAC`: neighbours learnt on the link are forgotten (net/core/neighbour.c, neigh_changeaddr). */
export function setMac(draft: Draft, name: LinkName, mac: Mac): Refusal | null {
  const link = findLink(draft, name);
  if (link === null) return refuse.noSuchLink(name);
  if ((Number.parseInt(mac.slice(0, 2), 16) & 1) === 1 || mac === "00:00:00:00:00:00")
    return refuse.macNotUnicast();
  if (mac === link.mac) return null;
  changeLink(draft, name, { mac });
  draft.neighbours = keep(draft.neighbours, (neighbour) => neighbour.link !== name || neighbour.isProxy);
  for (const vlan of vlansOn(draft, name)) if (vlan.mac === link.mac) setMac(draft, vlan.name, mac);
  return null;
}
