import { type Mac, mac } from "#ip/index.js";
import type { Link } from "../host.js";
import type { LinkName } from "../identifiers.js";
import { forgetVlans, giveVlans } from "./bridge-vlans.js";
import { changeLink, type Draft, findLink, keep } from "./draft.js";
import { refreshCarrier } from "./link-state.js";
import { refuse } from "./messages.js";
import type { Refusal } from "./refusal.js";

/** `ip link set LINK master BRIDGE` or `nomaster` (net/bridge/br_if.c, br_add_if and br_del_if). */
export function setMaster(draft: Draft, name: LinkName, master: LinkName | null): Refusal | null {
  // `ip` looks for the master while it reads its words, for the link only afterwards.
  if (master !== null && findLink(draft, master) === null) return refuse.noSuchMaster(master);
  const link = findLink(draft, name);
  if (link === null) return refuse.noSuchLink(name);
  if (master === null) {
    if (link.master !== null) releasePort(draft, link);
    return null;
  }
  const bridge = findLink(draft, master);
  if (bridge === null) return refuse.noSuchMaster(master);
  if (bridge.name === link.master) return null;
  const refusal = whyNotAPort(link, bridge);
  if (refusal !== null) return refusal;
  if (link.master !== null) releasePort(draft, link);
  join(draft, link, bridge);
  return null;
}

function whyNotAPort(link: Link, bridge: Link): Refusal | null {
  const { kind } = bridge.type;
  if (kind !== "bridge" && kind !== "bond" && kind !== "other") return refuse.notAMaster();
  if (kind === "bridge" && link.type.kind === "loopback") return refuse.loopbackInBridge();
  return kind === "bridge" && link.type.kind === "bridge" ? refuse.bridgeInBridge() : null;
}

function join(draft: Draft, link: Link, bridge: Link): void {
  const before = draft.links;
  changeLink(draft, link.name, { master: bridge.name });
  giveVlans(draft, link.name, bridge);
  adjustBridgeMac(draft, bridge.name, before);
  adjustBridgeMtu(draft, bridge.name, before);
  refreshCarrier(draft, bridge.name);
}

/** Takes a port out of its bridge or bond; what was learnt on it is forgotten. */
export function releasePort(draft: Draft, link: Link): void {
  const before = draft.links;
  changeLink(draft, link.name, { master: null });
  forgetVlans(draft, link.name);
  draft.fdb = keep(draft.fdb, (entry) => entry.link !== link.name || entry.master === null);
  if (link.master === null) return;
  adjustBridgeMac(draft, link.master, before);
  adjustBridgeMtu(draft, link.master, before);
  refreshCarrier(draft, link.master);
}

/**
 * A bridge without an Ethernet address of its own takes the lowest of its ports' (net/bridge/br_stp_if.c,
 * br_stp_recalculate_bridge_id). It has one of its own where none of its ports had it before.
 */
function adjustBridgeMac(draft: Draft, name: LinkName, before: readonly Link[]): void {
  const bridge = findLink(draft, name);
  if (bridge === null || (bridge.type.kind !== "bridge" && bridge.type.kind !== "bond")) return;
  const isOwn = bridge.mac !== null && bridge.mac !== NO_MAC && !macsOf(before, name).includes(bridge.mac);
  if (isOwn) return;
  const macs = macsOf(draft.links, name);
  const lowest = bridge.type.kind === "bond" ? macs[0] : macs.toSorted()[0];
  changeLink(draft, name, { mac: lowest ?? NO_MAC });
}

/** What a bridge has that lost its last port. */
const NO_MAC: Mac = mac([0, 0, 0, 0, 0, 0]);

function macsOf(links: readonly Link[], master: LinkName): readonly Mac[] {
  return portsOf(links, master).flatMap((port) => (port.mac === null ? [] : [port.mac]));
}

function portsOf(links: readonly Link[], master: LinkName): readonly Link[] {
  return links.filter((port) => port.master === master);
}

/** 1500, the MTU of a bridge without ports. */
const BRIDGE_MTU = 1500;

/** A bridge whose MTU nobody has set keeps the least of its ports' (net/bridge/br_if.c, br_mtu_auto_adjust). */
export function adjustBridgeMtu(draft: Draft, name: LinkName, before: readonly Link[]): void {
  const bridge = findLink(draft, name);
  if (bridge === null || bridge.type.kind !== "bridge") return;
  if (bridge.mtu !== leastMtu(before, name)) return;
  const mtu = leastMtu(draft.links, name);
  if (mtu !== bridge.mtu) changeLink(draft, name, { mtu });
}

function leastMtu(links: readonly Link[], master: LinkName): number {
  const mtus = portsOf(links, master).map((port) => port.mtu);
  return mtus.length === 0 ? BRIDGE_MTU : Math.min(...mtus);
}
