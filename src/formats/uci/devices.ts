import { type Mac, parseMac } from "#ip/index.js";
import type { LinkType, Source } from "#model/index.js";
import { linkName } from "#model/index.js";
import { type BridgeVlan, readBridgeVlans } from "./bridge-vlans.js";
import {
  isTrue,
  optionValue,
  optionValues,
  type UciDocument,
  type UciSection,
  type UciValue,
} from "./document.js";
import type { Draft } from "./draft.js";
import { badDeviceIssue, badValueIssue, deviceTypeIssue, missingOptionIssue } from "./messages.js";

/** What the file says of one network device. */
export interface Device {
  readonly name: string;
  /** null for hardware, which a boot finds and does not make. */
  readonly type: LinkType | null;
  /** Names of bridge ports, each with its place. */
  readonly ports: readonly UciValue[];
  /** The VLANs of a VLAN-aware bridge; missing where it keeps those of the kernel. */
  readonly vlans?: readonly BridgeVlan[];
  /** The device below a VLAN or macvlan. */
  readonly lower: string | null;
  readonly mac: Mac | null;
  readonly mtu: number | null;
  /** Keys below `net.ipv4.conf.LINK.` that netifd sets when it brings the device up. */
  readonly sysctls: readonly DeviceSysctl[];
  readonly source: Source;
}

/** One sysctl of a device. */
export interface DeviceSysctl {
  readonly key: string;
  readonly value: number;
  readonly source: Source;
}

/** Options of a device section that are sysctls, with the words netifd knows (system-linux.c, system_if_apply_settings). */
const SYSCTLS: ReadonlyMap<string, string> = new Map([
  ["rpfilter", "rp_filter"],
  ["acceptlocal", "accept_local"],
  ["sendredirects", "send_redirects"],
  ["arp_accept", "arp_accept"],
]);
const SYSCTL_VALUES: ReadonlyMap<string, number> = new Map([
  ["0", 0],
  ["1", 1],
  ["2", 2],
  ["none", 0],
  ["strict", 1],
  ["loose", 2],
]);

/** Link names are at most 15 bytes without white space or slash (net/core/dev.c, dev_valid_name). */
export function isLinkName(text: string): boolean {
  return /^[^\s/:]{1,15}$/.test(text) && text !== "." && text !== "..";
}

/** Collects the `device` sections and the bridges that older files write into their interfaces, by device name. */
export function readDevices(document: UciDocument, draft: Draft): ReadonlyMap<string, Device> {
  const devices = new Map<string, Device>();
  const vlans = readBridgeVlans(document);
  for (const section of document.sections) {
    if (section.type !== "device" || isTrue(section, "disabled")) continue;
    const device = readDevice(section, vlans, draft);
    if (device !== null) devices.set(device.name, device);
  }
  for (const section of document.sections) {
    const device = readMadeLink(section) ?? readInterfaceBridge(section, devices, draft);
    if (device !== null) devices.set(device.name, device);
  }
  return devices;
}

/** The bridge that `option type 'bridge'` of an interface makes, or null where there is none. */
export function interfaceBridgeName(section: UciSection): string | null {
  const hasFlag = optionValue(section, "type")?.text === "bridge";
  const device = optionValue(section, "device");
  if (!hasFlag || section.name === null) return null;
  const name = `br-${section.name}`;
  return device === null || device.text === name ? name : null;
}

/** The link that the protocol of an interface makes, of a kind whose traffic is not modelled; null for other protocols. */
export function madeLinkName(section: UciSection): string | null {
  const proto = optionValue(section, "proto")?.text;
  if (proto !== "wireguard" && proto !== "batadv") return null;
  const name = optionValue(section, "mesh")?.text ?? section.name ?? "";
  return isLinkName(name) ? name : null;
}

/** A device that no section names: a VLAN where the name is dotted (`eth0.2`), else hardware. */
export function implicitDevice(name: string, source: Source): Device {
  const dot = name.lastIndexOf(".");
  const id = name.slice(dot + 1);
  const isVlan = dot > 0 && /^\d{1,4}$/.test(id) && Number(id) < 4095;
  const lower = name.slice(0, dot);
  const type: LinkType | null = isVlan ? { kind: "vlan", id: Number(id), lower: linkName(lower) } : null;
  return { name, type, ports: [], lower: isVlan ? lower : null, mac: null, mtu: null, sysctls: [], source };
}

function readDevice(
  section: UciSection,
  vlans: ReadonlyMap<string, readonly BridgeVlan[]>,
  draft: Draft,
): Device | null {
  const name = deviceName(section);
  if (name === null) {
    draft.issues.push(missingOptionIssue(section, "name"));
    return null;
  }
  if (!isLinkName(name.text)) {
    draft.issues.push(badDeviceIssue(section, name));
    return null;
  }
  const own = vlans.get(name.text) ?? [];
  const isVlanAware = own.length > 0 || isTrue(section, "vlan_filtering");
  const lower = optionValue(section, "ifname")?.text ?? null;
  return {
    name: name.text,
    type: readType(section, { name: name.text, isVlanAware, lower }, draft),
    // netifd makes each of them a port (bridge.c, bridge_config_init).
    ports: [
      ...bridgePorts(section),
      ...own.flatMap(({ ports }) => ports.map(({ name: text, source }) => ({ text, source }))),
    ],
    ...(own.length > 0 ? { vlans: own } : {}),
    lower,
    ...readSettings(section, draft),
    sysctls: readSysctls(section, draft),
    source: section.source,
  };
}

function readSysctls(section: UciSection, draft: Draft): readonly DeviceSysctl[] {
  return [...SYSCTLS].flatMap(([option, key]) => {
    const written = optionValue(section, option);
    const value = SYSCTL_VALUES.get(written?.text ?? "");
    if (written === null) return [];
    if (value !== undefined) return [{ key, value, source: written.source }];
    draft.issues.push(badValueIssue(section, option, written, "0, 1 or 2"));
    return [];
  });
}

/** netifd names a VLAN device without `name` after its lower one. */
function deviceName(section: UciSection): UciValue | null {
  const name = optionValue(section, "name");
  const lower = optionValue(section, "ifname");
  const vid = optionValue(section, "vid");
  if (name !== null || lower === null || vid === null) return name;
  return { text: `${lower.text}.${vid.text}`, source: lower.source };
}

function readType(
  section: UciSection,
  place: { readonly name: string; readonly isVlanAware: boolean; readonly lower: string | null },
  draft: Draft,
): LinkType | null {
  const type = optionValue(section, "type");
  switch (type?.text) {
    case undefined:
      return implicitDevice(place.name, section.source).type;
    case "bridge":
      return { kind: "bridge", isVlanAware: place.isVlanAware };
    case "8021q":
      return readVlanType(section, place, draft);
    case "macvlan":
    case "veth":
      return { kind: "ethernet" };
    default: {
      const name = type?.text ?? "";
      draft.issues.push(deviceTypeIssue(type?.source ?? section.source, place.name, name));
      return { kind: "other", name };
    }
  }
}

function readVlanType(
  section: UciSection,
  place: { readonly name: string; readonly lower: string | null },
  draft: Draft,
): LinkType | null {
  const vid = optionValue(section, "vid");
  if (place.lower === null || vid === null) {
    draft.issues.push(missingOptionIssue(section, place.lower === null ? "ifname" : "vid"));
    return null;
  }
  if (!/^\d{1,4}$/.test(vid.text) || Number(vid.text) > 4094) {
    draft.issues.push(badValueIssue(section, "vid", vid, "a VLAN of 0 to 4094"));
    return null;
  }
  return { kind: "vlan", id: Number(vid.text), lower: linkName(place.lower) };
}

function bridgePorts(section: UciSection): readonly UciValue[] {
  const ports = optionValues(section, "ports");
  return ports.length > 0 || optionValue(section, "type")?.text !== "bridge"
    ? ports
    : optionValues(section, "ifname");
}

/** The Ethernet address and the MTU that a section sets. */
export function readSettings(
  section: UciSection,
  draft: Draft,
): { readonly mac: Mac | null; readonly mtu: number | null } {
  const macaddr = optionValue(section, "macaddr");
  const mac = macaddr === null ? null : parseMac(macaddr.text);
  if (macaddr !== null && mac === null)
    draft.issues.push(badValueIssue(section, "macaddr", macaddr, "an Ethernet address"));
  const text = optionValue(section, "mtu");
  const isNumber = text !== null && /^\d{2,5}$/.test(text.text);
  if (text !== null && !isNumber) draft.issues.push(badValueIssue(section, "mtu", text, "an MTU in bytes"));
  return { mac, mtu: isNumber ? Number(text.text) : null };
}

function readMadeLink(section: UciSection): Device | null {
  const name = section.type === "interface" && !isTrue(section, "disabled") ? madeLinkName(section) : null;
  if (name === null) return null;
  const type = { kind: "other", name: optionValue(section, "proto")?.text ?? "" } as const;
  return { name, type, ports: [], lower: null, mac: null, mtu: null, sysctls: [], source: section.source };
}

function readInterfaceBridge(
  section: UciSection,
  devices: ReadonlyMap<string, Device>,
  draft: Draft,
): Device | null {
  const name = section.type === "interface" ? interfaceBridgeName(section) : null;
  if (name === null || isTrue(section, "disabled") || devices.has(name)) return null;
  return {
    name,
    type: { kind: "bridge", isVlanAware: false },
    ports: optionValues(section, "ifname").filter((port) => port.text !== name),
    lower: null,
    sysctls: [],
    ...readSettings(section, draft),
    source: section.source,
  };
}
