import type { Mac } from "#ip/index.js";
import { type LinkType, linkName } from "#model/index.js";
import { addStep, type BootPlan, newLink, scriptUnit, type Unit } from "./boot-plan.js";
import {
  child,
  children,
  type Fact,
  items,
  optionOf,
  readBoolean,
  readInteger,
  readText,
  report,
} from "./fact.js";
import { unmodelledIssue } from "./messages.js";

/** A link that a `LINK-netdev.service` creates. */
export interface Netdev {
  readonly fact: Fact;
  readonly kind: "bridge" | "bond" | "vlan" | "macvlan" | "virtual";
  /** What it stands on: ports of a bridge or bond, the lower link of a VLAN. */
  readonly lower: readonly string[];
  readonly hasPorts: boolean;
}

interface Creation {
  readonly plan: BootPlan;
  readonly isNetworkd: boolean;
  /** What `40-NAME.link` sets; udev applies it as soon as the link is there. */
  readonly hardwareOf: (name: string) => Hardware;
}

/** Ethernet address and MTU that an interface's options set, or null. */
export interface Hardware {
  readonly mac: Mac | null;
  readonly mtu: number | null;
}

const UNMODELLED = ["sits", "greTunnels", "ipips", "fooOverUDP", "vswitches"];

/** The netdevs by name: bonds, bridges, macvlans, VLANs, and interfaces with `virtual`; tunnels and Open vSwitch are reported. */
export function netdevsOf(networking: Fact): ReadonlyMap<string, Netdev> {
  for (const option of UNMODELLED) {
    for (const [, fact] of children(child(networking, option))) {
      report(fact, unmodelledIssue(optionOf(fact), "tunnels and Open vSwitch are not modelled", fact.source));
    }
  }
  const netdevs = new Map<string, Netdev>();
  for (const [name, fact] of children(child(networking, "bonds"))) netdevs.set(name, withPorts("bond", fact));
  for (const [name, fact] of children(child(networking, "bridges")))
    netdevs.set(name, withPorts("bridge", fact));
  for (const [name, fact] of children(child(networking, "macvlans")))
    netdevs.set(name, onLower("macvlan", fact));
  for (const [name, fact] of children(child(networking, "vlans"))) netdevs.set(name, onLower("vlan", fact));
  for (const [name, fact] of children(child(networking, "interfaces"))) {
    if (readBoolean(child(fact, "virtual")) === true)
      netdevs.set(name, { fact, kind: "virtual", lower: [], hasPorts: false });
  }
  return netdevs;
}

function withPorts(kind: "bond" | "bridge", fact: Fact): Netdev {
  const lower = items(child(fact, "interfaces")).flatMap((item) => readText(item) ?? []);
  return { fact, kind, lower, hasPorts: true };
}

function onLower(kind: "vlan" | "macvlan", fact: Fact): Netdev {
  const lower = readText(child(fact, "interface"));
  return { fact, kind, lower: lower === null ? [] : [lower], hasPorts: false };
}

/** The steps of one `NAME-netdev.service`. */
export function addNetdev(creation: Creation, name: string, netdev: Netdev): void {
  const { plan } = creation;
  const unit: Unit = creation.isNetworkd
    ? { name: "systemd-networkd.service", onRefusal: "continue" }
    : scriptUnit(`${name}-netdev.service`);
  const type = typeOf(netdev, name);
  const { source } = netdev.fact;
  if (type === null) return;
  const { mac, mtu } = creation.hardwareOf(name);
  const link = newLink(name, type, { source, mac, mtu: mtu ?? lowerMtu(plan, netdev) });
  addStep(plan, { kind: "link-add", link }, source, unit);
  if (netdev.kind === "virtual") return;
  if (netdev.kind === "bond") addStep(plan, { kind: "link-up", link: linkName(name) }, source, unit);
  if (netdev.hasPorts) addPorts(plan, name, netdev, unit);
  if (netdev.kind === "bond") return;
  const isTolerant = netdev.kind === "vlan";
  addStep(
    plan,
    { kind: "link-up", link: linkName(name) },
    source,
    isTolerant ? { ...unit, onRefusal: "continue" } : unit,
  );
}

/** A bond takes only ports that are down and brings them up itself (drivers/net/bonding/bond_main.c, bond_enslave). */
function addPorts(plan: BootPlan, name: string, netdev: Netdev, unit: Unit): void {
  for (const port of items(child(netdev.fact, "interfaces"))) {
    const text = readText(port);
    if (text === null) continue;
    const link = linkName(text);
    if (netdev.kind === "bond") addStep(plan, { kind: "link-down", link }, port.source, unit);
    addStep(plan, { kind: "link-master", link, master: linkName(name) }, port.source, unit);
    addStep(plan, { kind: "link-up", link }, port.source, unit);
  }
}

function typeOf(netdev: Netdev, name: string): LinkType | null {
  const { fact } = netdev;
  switch (netdev.kind) {
    case "bridge":
      return { kind: "bridge", isVlanAware: false };
    case "bond":
      return {
        kind: "bond",
        mode: readText(child(fact, "driverOptions", "mode")) ?? readText(child(fact, "mode")) ?? "balance-rr",
      };
    case "vlan":
      return vlanType(netdev);
    case "macvlan":
      return readText(child(fact, "mode")) === "bridge"
        ? { kind: "ethernet" }
        : { kind: "other", name: "macvlan" };
    case "virtual":
      return virtualType(fact, name);
    default:
      return netdev.kind satisfies never;
  }
}

function vlanType({ fact, lower }: Netdev): LinkType | null {
  const id = readInteger(child(fact, "id"));
  const [link] = lower;
  if (id !== null && link !== undefined) return { kind: "vlan", id, lower: linkName(link) };
  const missing = [...(id === null ? ["`id`"] : []), ...(link === undefined ? ["`interface`"] : [])].join(
    " and ",
  );
  report(
    fact,
    unmodelledIssue(
      optionOf(fact),
      `its ${missing} is not known from the files, so the link is left out`,
      fact.source,
    ),
  );
  return null;
}

function virtualType(fact: Fact, name: string): LinkType {
  const written = readText(child(fact, "virtualType"));
  const type = written ?? (name.startsWith("tun") ? "tun" : "tap");
  return type === "tap" ? { kind: "ethernet" } : { kind: "other", name: type };
}

/** A VLAN takes the MTU of its lower link, which udev has set by then. */
function lowerMtu(plan: BootPlan, netdev: Netdev): number | null {
  const [lower] = netdev.lower;
  return netdev.hasPorts || lower === undefined ? null : mtuStep(plan, lower);
}

function mtuStep(plan: BootPlan, name: string): number | null {
  for (const { operation } of plan.steps) {
    if (operation.kind === "link-mtu" && operation.link === name) return operation.mtu;
    if (operation.kind === "link-add" && operation.link.name === name) return operation.link.mtu;
  }
  return null;
}
