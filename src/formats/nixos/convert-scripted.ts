import { DEFAULT_PREFIX, hostPrefix, parseMac } from "#ip/index.js";
import { linkName, operation, type Route } from "#model/index.js";
import { addStep, type BootPlan, scriptUnit, type Unit } from "./boot-plan.js";
import { addNetdev, type Hardware, type Netdev, netdevsOf } from "./convert-netdevs.js";
import { readRoute } from "./convert-routes.js";
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
  wrongType,
} from "./fact.js";
import { globalDhcpIssue, misspeltIssue, unmodelledIssue } from "./messages.js";
import { addIpv6, readAddressPair, readIPv4 } from "./read-addresses.js";

/** What the scripted networking is converted with; `isNetworkd` where systemd-networkd carries the same options out. */
interface Scripted {
  readonly plan: BootPlan;
  readonly networking: Fact;
  readonly isNetworkd: boolean;
  readonly interfaces: ReadonlyMap<string, Fact>;
  readonly netdevs: ReadonlyMap<string, Netdev>;
  readonly hardwareOf: (name: string) => Hardware;
  /** The units that are added already. */
  readonly done: Set<string>;
}

const INTERFACE_OPTIONS: ReadonlySet<string> = new Set([
  "name",
  "ipv4",
  "ipv6",
  "tempAddress",
  "useDHCP",
  "mtu",
  "macAddress",
  "virtual",
  "virtualOwner",
  "virtualType",
  "proxyARP",
  "wakeOnLan",
]);
const FAMILY_OPTIONS: ReadonlySet<string> = new Set(["addresses", "routes"]);

/**
 * `networking.interfaces`, the netdevs and `networking.defaultGateway`, in the order that the units of
 * nixos/modules/tasks/network-interfaces-scripted.nix require: a netdev after what it stands on, a bridge or bond also
 * after the addresses of its ports, the default gateway last.
 */
export function convertScripted(plan: BootPlan, networking: Fact | null, isNetworkd: boolean): void {
  if (networking === null) return;
  const interfaces = new Map(children(child(networking, "interfaces")));
  const scripted: Scripted = {
    plan,
    networking,
    isNetworkd,
    interfaces,
    netdevs: netdevsOf(networking),
    hardwareOf: (name) => readHardware(interfaces.get(name)),
    done: new Set(),
  };
  for (const [name, fact] of interfaces) if (!scripted.netdevs.has(name)) addHardware(plan, name, fact);
  for (const name of scripted.netdevs.keys()) visitNetdev(scripted, name, 0);
  for (const name of interfaces.keys()) visitAddresses(scripted, name, 0);
  addDefaultGateway(scripted);
  addDhcp(scripted);
}

/** Deeper stacks than the kernel allows (MAX_NEST_DEV is 8) are not followed to their end. */
const DEEPEST_STACK = 32;

function visitNetdev(scripted: Scripted, name: string, depth: number): void {
  const netdev = scripted.netdevs.get(name);
  if (netdev === undefined || scripted.done.has(`netdev ${name}`) || depth > DEEPEST_STACK) return;
  scripted.done.add(`netdev ${name}`);
  for (const lower of netdev.lower) visitNetdev(scripted, lower, depth + 1);
  for (const port of netdev.hasPorts ? netdev.lower : []) visitAddresses(scripted, port, depth + 1);
  addNetdev(scripted, name, netdev);
}

function visitAddresses(scripted: Scripted, name: string, depth: number): void {
  const fact = scripted.interfaces.get(name);
  if (fact === undefined || scripted.done.has(`addresses ${name}`)) return;
  scripted.done.add(`addresses ${name}`);
  visitNetdev(scripted, name, depth + 1);
  addAddresses(scripted, name, fact);
}

/** The unit of a step: its own script, or networkd, which goes on after a refusal. */
function unitOf(scripted: Scripted, name: string): Unit {
  return scripted.isNetworkd ? { name: "systemd-networkd.service", onRefusal: "continue" } : scriptUnit(name);
}

/** udev applies `40-LINK.link` when the device appears, before any of these units. */
function addHardware(plan: BootPlan, name: string, fact: Fact): void {
  const unit: Unit = { name: "systemd-udevd.service", onRefusal: "continue" };
  const { mac, mtu } = readHardware(fact);
  const link = linkName(name);
  if (mac !== null) addStep(plan, { kind: "link-mac", link, mac }, fact.source, unit);
  if (mtu !== null)
    addStep(plan, { kind: "link-mtu", link, mtu }, child(fact, "mtu")?.source ?? fact.source, unit);
}

function readHardware(fact: Fact | undefined): Hardware {
  if (fact === undefined) return { mac: null, mtu: null };
  for (const [option, inner] of children(fact)) {
    if (!INTERFACE_OPTIONS.has(option)) report(inner, misspeltIssue(optionOf(inner), inner.source));
  }
  const macFact = child(fact, "macAddress");
  const text = readText(macFact);
  const mac =
    macFact === null || text === null ? null : (parseMac(text) ?? wrongType(macFact, "an Ethernet address"));
  return { mac, mtu: readInteger(child(fact, "mtu")) };
}

function addAddresses(scripted: Scripted, name: string, fact: Fact): void {
  const { plan } = scripted;
  const unit = unitOf(scripted, `network-addresses-${name}.service`);
  const link = linkName(name);
  addStep(plan, { kind: "link-up", link }, fact.source, unit);
  reportMisspelt(fact);
  for (const item of items(child(fact, "ipv4", "addresses"))) {
    const pair = readAddressPair(item);
    if (pair === null) continue;
    const address = operation.address({ link, ip: pair.address, length: pair.length, source: item.source });
    addStep(plan, { kind: "address-add", address }, item.source, unit);
  }
  for (const item of items(child(fact, "ipv4", "routes"))) {
    const route = readRoute(item, name);
    if (route !== null) addStep(plan, { kind: "route-add", route }, item.source, unit);
  }
  for (const item of items(child(fact, "ipv6", "addresses")))
    addIpv6(plan, item, { link: name, kind: "address" });
  for (const item of items(child(fact, "ipv6", "routes"))) addIpv6(plan, item, { link: name, kind: "route" });
  addProxyArp(plan, name, child(fact, "proxyARP"));
}

function reportMisspelt(fact: Fact): void {
  for (const family of ["ipv4", "ipv6"]) {
    for (const [option, inner] of children(child(fact, family))) {
      if (!FAMILY_OPTIONS.has(option)) report(inner, misspeltIssue(optionOf(inner), inner.source));
    }
  }
}

function addProxyArp(plan: BootPlan, name: string, fact: Fact | null): void {
  if (fact === null || readBoolean(fact) !== true) return;
  const key = `conf.${name.replaceAll(".", "/")}.proxy_arp`;
  addStep(plan, { kind: "sysctl", key, value: 1 }, fact.source, {
    name: "systemd-sysctl.service",
    onRefusal: "continue",
  });
}

/** network-setup.service: with `interface`, first a host route to the gateway, which makes it on-link, then the default route. */
function addDefaultGateway(scripted: Scripted): void {
  const { plan, networking } = scripted;
  const gateway6 = child(networking, "defaultGateway6");
  if (gateway6 !== null)
    addIpv6(plan, child(gateway6, "address") ?? gateway6, { link: null, kind: "gateway" });
  const fact = child(networking, "defaultGateway");
  const route = fact === null ? null : readDefaultRoute(fact);
  if (fact === null || route === null) return;
  const unit = unitOf(scripted, "network-setup.service");
  if (route.link !== null && route.gateway !== null) {
    const { link, metric, protocol, source } = route;
    const toGateway = operation.route({
      destination: hostPrefix(route.gateway),
      link,
      metric,
      protocol,
      source,
    });
    addStep(plan, { kind: "route-replace", route: toGateway }, fact.source, unit);
  }
  addStep(plan, { kind: "route-replace", route }, fact.source, unit);
}

function readDefaultRoute(fact: Fact): Route | null {
  const base = { destination: DEFAULT_PREFIX, protocol: "static", source: fact.source } as const;
  if (fact.value.kind !== "attributes") {
    const gateway = readIPv4(fact);
    return gateway === null ? null : operation.route({ ...base, gateway });
  }
  const device = child(fact, "interface");
  const deviceName = readText(device);
  const address = child(fact, "address");
  if (address === null) {
    const only = deviceName === null ? "" : `, only \`interface = ${deviceName}\``;
    report(
      fact,
      unmodelledIssue(optionOf(fact), `no \`address\` is set in the files read${only}`, fact.source),
    );
  }
  const gateway = readIPv4(address);
  const metric = orDefault(child(fact, "metric"), readInteger, 0);
  const preferredSource = orDefault(child(fact, "source"), readIPv4, "none");
  const link = orDefault(device, readText, "none");
  if (gateway === null || metric === null || preferredSource === null || link === null) return null;
  return operation.route({
    ...base,
    gateway,
    metric,
    link: device === null ? null : linkName(link),
    preferredSource: preferredSource === "none" ? null : preferredSource,
  });
}

/** The default where the option is not set; null where it is set and not known. */
function orDefault<T, D>(fact: Fact | null, read: (fact: Fact) => T | null, otherwise: D): T | D | null {
  return fact === null ? otherwise : read(fact);
}

function addDhcp({ plan, networking, interfaces, netdevs }: Scripted): void {
  const ports = new Set([...netdevs.values()].flatMap((netdev) => (netdev.hasPorts ? netdev.lower : [])));
  const everywhere = child(networking, "useDHCP");
  const isEverywhere = readBoolean(everywhere) === true;
  if (isEverywhere && everywhere !== null) report(everywhere, globalDhcpIssue(everywhere.source));
  for (const [name, fact] of interfaces) {
    const own = child(fact, "useDHCP");
    const hasAddresses = items(child(fact, "ipv4", "addresses")).length > 0;
    const isWanted =
      own === null ? isEverywhere && !hasAddresses && !ports.has(name) : readBoolean(own) === true;
    if (isWanted)
      plan.dynamicLinks.push({ link: linkName(name), protocol: "dhcp", source: own?.source ?? fact.source });
  }
}
