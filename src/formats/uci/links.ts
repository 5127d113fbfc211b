import type { Link, LinkName, LinkType, Source } from "#model/index.js";
import { linkName } from "#model/index.js";
import { addBridgeToVlans, addPortToVlans, KERNEL_VLANS } from "./bridge-vlans.js";
import { type Device, implicitDevice, isLinkName } from "./devices.js";
import { addStep, type Draft } from "./draft.js";
import { deviceNestingIssue } from "./messages.js";

/** Brings devices up, each once, with what lies below them first. */
export interface Links {
  readonly devices: ReadonlyMap<string, Device>;
  readonly draft: Draft;
  readonly mtus: Map<string, number>;
  readonly done: Set<string>;
  /** Devices whose lower devices are being brought up right now. */
  readonly open: Set<string>;
}

/** Starts with no link but `lo`. */
export function newLinks(devices: ReadonlyMap<string, Device>, draft: Draft): Links {
  return { devices, draft, mtus: new Map(), done: new Set(["lo"]), open: new Set() };
}

/** The kernel nests no deeper than eight links (include/linux/netdevice.h, MAX_NEST_DEV). */
const MAX_NESTING = 8;

/** A device to bring up, the unit that asks for it, and the place that names it. */
export interface Wanted {
  readonly name: string;
  readonly unit: string;
  readonly source: Source;
}

/** Makes the device and all below it, and sets it up. Does nothing for a device that is up already. */
export function bringUp(links: Links, wanted: Wanted): void {
  const { name, unit, source } = wanted;
  if (links.done.has(name) || !isLinkName(name)) return;
  if (links.open.size >= MAX_NESTING || links.open.has(name)) {
    links.draft.issues.push(deviceNestingIssue(name, source));
    return;
  }
  links.open.add(name);
  makeLink(links, links.devices.get(name) ?? implicitDevice(name, source), unit);
  links.open.delete(name);
  links.done.add(name);
}

function makeLink(links: Links, device: Device, unit: string): void {
  const link = linkName(device.name);
  if (device.lower !== null && device.type?.kind !== "bridge")
    bringUp(links, { name: device.lower, unit, source: device.source });
  if (device.type !== null) addLink(links, { name: link, type: device.type, device, unit });
  const { mac, mtu } = device;
  if (mac !== null) addStep(links.draft, unit, { kind: "link-mac", link, mac }, device.source);
  if (mtu !== null) setMtu(links, { link, mtu, unit, source: device.source });
  if (device.type?.kind === "bridge") {
    addBridgeToVlans({ draft: links.draft, unit, source: device.source }, device.name, device.vlans ?? []);
    addPorts(links, device, unit);
  }
  for (const { key, value, source } of device.sysctls)
    addStep(
      links.draft,
      unit,
      { kind: "sysctl", key: `conf.${link.replaceAll(".", "/")}.${key}`, value },
      source,
    );
  addStep(links.draft, unit, { kind: "link-up", link }, device.source);
}

/** Sets the MTU and remembers it for VLANs above. */
function setMtu(
  links: Links,
  given: { readonly link: LinkName; readonly mtu: number; readonly unit: string; readonly source: Source },
): void {
  links.mtus.set(given.link, given.mtu);
  addStep(links.draft, given.unit, { kind: "link-mtu", link: given.link, mtu: given.mtu }, given.source);
}

function addPorts(links: Links, bridge: Device, unit: string): void {
  const ports = new Map(bridge.ports.map((port) => [port.text, port]));
  for (const port of ports.values()) {
    if (!isLinkName(port.text)) continue;
    bringUp(links, { name: port.text, unit, source: port.source });
    addStep(
      links.draft,
      unit,
      { kind: "link-master", link: linkName(port.text), master: linkName(bridge.name) },
      port.source,
    );
    addPortToVlans({ draft: links.draft, unit, source: port.source }, port.text, bridge.vlans ?? []);
  }
}

function addLink(
  links: Links,
  given: { readonly name: LinkName; readonly type: LinkType; readonly device: Device; readonly unit: string },
): void {
  const { name, type, device, unit } = given;
  const mtu = links.mtus.get(device.lower ?? "") ?? 1500;
  links.mtus.set(name, mtu);
  const link = newLink(name, type, mtu, device.source);
  const isVlanAware = type.kind === "bridge" && type.isVlanAware;
  const made = isVlanAware ? { ...link, bridgeVlans: KERNEL_VLANS } : link;
  addStep(links.draft, unit, { kind: "link-add", link: made }, device.source);
}

/** A link as `ip link add` leaves it: down, with an Ethernet address of the kernel's choice. */
function newLink(name: LinkName, type: LinkType, mtu: number, source: Source): Link {
  return { name, type, mac: null, mtu, isUp: false, hasCarrier: false, master: null, isNoArp: false, source };
}
