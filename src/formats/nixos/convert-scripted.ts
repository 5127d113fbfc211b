import { DEFAULT_PREFIX, hostPrefix, parseMac } from "#ip/index.js";
import { linkName, operation } from "#model/index.js";
import { addStep, type BootPlan, scriptUnit, type Unit } from "./boot-plan.js";
import { addNetdev, netdevsOf } from "./convert-netdevs.js";
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
export interface Scripted {
  readonly plan: BootPlan;
  readonly networking: Fact;
  readonly isNetworkd: boolean;
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
  const scripted: Scripted = { plan, networking, isNetworkd, done: new Set() };
  const interfaces = children(child(networking, "interfaces"));
  for (const [name, fact] of interfaces) addHardware(scripted, name, fact);
  const netdevs = netdevsOf(networking);
  const visitNetdev = (name: string): void => {
    const netdev = netdevs.get(name);
    if (netdev === undefined || scripted.done.has(`netdev ${name}`)) return;
    scripted.done.add(`netdev ${name}`);
    for (const lower of netdev.lower) visitNetdev(lower);
    for (const port of netdev.hasPorts ? netdev.lower : []) visitAddresses(port);
    addNetdev(scripted, name, netdev);
  };
  const visitAddresses = (name: string): void => {
    const fact = interfaces.find(([other]) => other === name)?.[1];
    if (fact === undefined || scripted.done.has(`addresses ${name}`)) return;
    scripted.done.add(`addresses ${name}`);
    visitNetdev(name);
    addAddresses(scripted, name, fact);
  };
  for (const name of netdevs.keys()) visitNetdev(name);
  for (const [name] of interfaces) visitAddresses(name);
  addDefaultGateway(scripted);
  const ports = new Set([...netdevs.values()].flatMap((netdev) => (netdev.hasPorts ? netdev.lower : [])));
  addDhcp(
    scripted,
    interfaces.filter(([name]) => !ports.has(name)),
  );
}

/** The unit of a step: its own script, or networkd, which goes on after a refusal. */
export function unitOf(scripted: Scripted, name: string): Unit {
  return scripted.isNetworkd ? { name: "systemd-networkd.service", onRefusal: "continue" } : scriptUnit(name);
}

/** udev applies `40-LINK.link` when the device appears, before any of these units. */
function addHardware({ plan }: Scripted, name: string, fact: Fact): void {
  for (const [option, inner] of children(fact)) {
    if (!INTERFACE_OPTIONS.has(option)) report(inner, misspeltIssue(optionOf(inner), inner.source));
  }
  const unit: Unit = { name: "systemd-udevd.service", onRefusal: "continue" };
  const macFact = child(fact, "macAddress");
  const macText = readText(macFact);
  if (macFact !== null && macText !== null) {
    const mac = parseMac(macText) ?? wrongType(macFact, "an Ethernet address");
    if (mac !== null) addStep(plan, { kind: "link-mac", link: linkName(name), mac }, macFact.source, unit);
  }
  const mtuFact = child(fact, "mtu");
  const mtu = readInteger(mtuFact);
  if (mtuFact !== null && mtu !== null)
    addStep(plan, { kind: "link-mtu", link: linkName(name), mtu }, mtuFact.source, unit);
}

function addAddresses(scripted: Scripted, name: string, fact: Fact): void {
  const { plan } = scripted;
  const unit = unitOf(scripted, `network-addresses-${name}.service`);
  const link = linkName(name);
  addStep(plan, { kind: "link-up", link }, fact.source, unit);
  for (const family of ["ipv4", "ipv6"]) {
    for (const [option, inner] of children(child(fact, family))) {
      if (!FAMILY_OPTIONS.has(option)) report(inner, misspeltIssue(optionOf(inner), inner.source));
    }
  }
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
  const proxyArp = child(fact, "proxyARP");
  if (readBoolean(proxyArp) === true && proxyArp !== null) {
    const key = `conf.${name.replaceAll(".", "/")}.proxy_arp`;
    addStep(plan, { kind: "sysctl", key, value: 1 }, proxyArp.source, unit);
  }
}

/** network-setup.service: with `interface`, first a host route to the gateway, which makes it on-link, then the default route. */
function addDefaultGateway(scripted: Scripted): void {
  const { plan, networking } = scripted;
  const gateway6 = child(networking, "defaultGateway6");
  if (gateway6 !== null)
    addIpv6(plan, child(gateway6, "address") ?? gateway6, { link: null, kind: "gateway" });
  const fact = child(networking, "defaultGateway");
  if (fact === null) return;
  const isSet = fact.value.kind === "attributes";
  const gateway = readIPv4(isSet ? child(fact, "address") : fact);
  const device = isSet ? child(fact, "interface") : null;
  const deviceName = readText(device);
  if (isSet && child(fact, "address") === null) {
    report(
      fact,
      unmodelledIssue(
        optionOf(fact),
        `no \`address\` is set in the files read${deviceName === null ? "" : `, only \`interface = ${deviceName}\``}`,
        fact.source,
      ),
    );
  }
  const metricFact = isSet ? child(fact, "metric") : null;
  const metric = metricFact === null ? 0 : readInteger(metricFact);
  const sourceFact = isSet ? child(fact, "source") : null;
  const preferredSource = readIPv4(sourceFact);
  if (
    gateway === null ||
    metric === null ||
    (device !== null && deviceName === null) ||
    (sourceFact !== null && preferredSource === null)
  )
    return;
  const link = deviceName === null ? null : linkName(deviceName);
  const unit = unitOf(scripted, "network-setup.service");
  const given = { metric, protocol: "static", link, source: fact.source };
  if (link !== null) {
    addStep(
      plan,
      { kind: "route-replace", route: operation.route({ ...given, destination: hostPrefix(gateway) }) },
      fact.source,
      unit,
    );
  }
  const route = operation.route({ ...given, destination: DEFAULT_PREFIX, gateway, preferredSource });
  addStep(plan, { kind: "route-replace", route }, fact.source, unit);
}

function addDhcp({ plan, networking }: Scripted, interfaces: readonly (readonly [string, Fact])[]): void {
  const everywhere = child(networking, "useDHCP");
  const isEverywhere = readBoolean(everywhere) === true;
  if (isEverywhere && everywhere !== null) report(everywhere, globalDhcpIssue(everywhere.source));
  for (const [name, fact] of interfaces) {
    const own = child(fact, "useDHCP");
    const wanted =
      own === null
        ? isEverywhere && items(child(fact, "ipv4", "addresses")).length === 0
        : readBoolean(own) === true;
    if (wanted)
      plan.dynamicLinks.push({ link: linkName(name), protocol: "dhcp", source: own?.source ?? fact.source });
  }
}
