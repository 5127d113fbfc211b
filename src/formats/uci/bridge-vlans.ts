import type { Operation, PortVlans, Source } from "#model/index.js";
import { linkName } from "#model/index.js";
import {
  isFalse,
  optionValue,
  optionValues,
  type UciDocument,
  type UciSection,
  type UciValue,
} from "./document.js";
import { addStep, type Draft } from "./draft.js";

/** One `bridge-vlan` section. */
export interface BridgeVlan {
  readonly id: number;
  /** Whether the bridge itself is a member, with a tag; `option local`. */
  readonly isLocal: boolean;
  readonly ports: readonly VlanPort[];
  readonly source: Source;
}

/** One word of `list ports`: `lan1`, `lan2:t`, `lan3:u*`. */
interface VlanPort {
  readonly name: string;
  readonly isUntagged: boolean;
  readonly isPvid: boolean;
  readonly source: Source;
}

/** What the kernel gives a new VLAN-aware bridge, and each new port (net/bridge/br_vlan.c). */
export const KERNEL_VLANS: PortVlans = { pvid: 1, untagged: [1], tagged: [] };

const LAST_VLAN = 4094;

/** The VLAN of a `bridge-vlan` section, or null where netifd leaves it out. */
export function vlanIdOf(section: UciSection): number | null {
  const text = optionValue(section, "vlan")?.text ?? "";
  const id = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  return id >= 1 && id <= LAST_VLAN ? id : null;
}

/** The VLANs of each bridge in ascending order, which is netifd's (config.c, config_init_vlans). */
export function readBridgeVlans(document: UciDocument): ReadonlyMap<string, readonly BridgeVlan[]> {
  const vlans = new Map<string, Map<number, BridgeVlan>>();
  for (const section of document.sections) {
    const bridge = section.type === "bridge-vlan" ? optionValue(section, "device") : null;
    const id = vlanIdOf(section);
    if (bridge === null || id === null) continue;
    const own = vlans.get(bridge.text) ?? new Map<number, BridgeVlan>();
    vlans.set(bridge.text, own);
    const ports = optionValues(section, "ports").map(readPort);
    own.set(id, { id, isLocal: !isFalse(section, "local"), ports, source: section.source });
  }
  return new Map([...vlans].map(([bridge, own]) => [bridge, [...own.values()].sort((a, b) => a.id - b.id)]));
}

function readPort({ text, source }: UciValue): VlanPort {
  const [name = "", flags = ""] = text.split(":", 2);
  return { name, isUntagged: !flags.includes("t"), isPvid: flags.includes("*"), source };
}

/** Where steps go. */
interface Place {
  readonly draft: Draft;
  readonly unit: string;
  readonly source: Source;
}

/** The bridge itself loses VLAN 1 and joins each VLAN that is local (bridge.c, bridge_enable_interface). */
export function addBridgeToVlans(place: Place, bridge: string, vlans: readonly BridgeVlan[]): void {
  if (vlans.length === 0) return;
  addStep(place.draft, place.unit, vlanDelete(bridge, true), place.source);
  for (const { id, isLocal, source } of vlans) {
    const vlan = { name: bridge, id, isPvid: false, isUntagged: false, isSelf: true };
    if (isLocal) addStep(place.draft, place.unit, vlanAdd(vlan), source);
  }
}

/**
 * A port loses VLAN 1 and joins its VLANs in ascending order. Its first untagged one becomes the PVID, and so does each that has a `*`
 * (bridge.c, bridge_enable_member and bridge_member_vlan_is_pvid).
 */
export function addPortToVlans(place: Place, port: string, vlans: readonly BridgeVlan[]): void {
  if (vlans.length === 0) return;
  addStep(place.draft, place.unit, vlanDelete(port, false), place.source);
  let hasPvid = false;
  for (const { id, ports } of vlans) {
    const own = ports.find(({ name }) => name === port);
    if (own === undefined) continue;
    const isPvid: boolean = own.isPvid || (!hasPvid && own.isUntagged);
    hasPvid ||= isPvid;
    const vlan = { name: port, id, isPvid, isUntagged: own.isUntagged, isSelf: false };
    addStep(place.draft, place.unit, vlanAdd(vlan), own.source);
  }
}

interface Membership {
  readonly name: string;
  readonly id: number;
  readonly isPvid: boolean;
  readonly isUntagged: boolean;
  readonly isSelf: boolean;
}

function vlanAdd({ name, id, ...flags }: Membership): Operation {
  return { kind: "bridge-vlan-add", link: linkName(name), vlan: id, lastVlan: id, ...flags };
}

function vlanDelete(name: string, isSelf: boolean): Operation {
  return { kind: "bridge-vlan-delete", link: linkName(name), vlan: 1, lastVlan: 1, isSelf };
}
