import { parseMac } from "#ip/index.js";
import { type LinkType, linkName } from "#model/index.js";
import { addStep, type BootPlan, newLink, type Unit } from "./boot-plan.js";
import { addNetworkFacts, addNetworkLinks, addNetworkMtu, describeSections } from "./convert-network-unit.js";
import { child, children, type Fact, optionOf, readBoolean, readText, report } from "./fact.js";
import { unmatchedLinkIssue, unmodelledIssue } from "./messages.js";
import {
  isYes,
  lastSetting,
  type NetworkUnit,
  sectionOf,
  sectionsOf,
  sectionsOfText,
  settingsOf,
  settingValues,
  type UnitSection,
  type UnitSetting,
} from "./unit-sections.js";

const UNIT: Unit = { name: "systemd-networkd.service", onRefusal: "continue" };
/** Options of a network that are not read, with what they would do. */
const UNMODELLED_LISTS: Readonly<Record<string, string>> = {
  routingPolicyRules: "policy routing rules are not read here",
  macvlan: "a macvlan on this link is not read here",
  vxlan: "a VXLAN on this link is not read here",
  tunnel: "tunnels are not modelled",
  vrf: "VRFs are not modelled",
  xfrm: "IPsec interfaces are not modelled",
};

/** `systemd.network.{links,netdevs,networks}` in the order networkd works: netdevs, then each link with its first matching network. */
export function convertNetworkd(plan: BootPlan, root: Fact): void {
  const network = child(root, "systemd", "network");
  const enable = child(network, "enable");
  if (network === null || (enable !== null && readBoolean(enable) === false)) return;
  for (const [, fact] of children(child(network, "links"))) addLinkFile(plan, fact);
  const units = networkUnits(child(network, "networks"));
  const netdevs = children(child(network, "netdevs")).flatMap(([key, fact]) => readNetdevUnit(key, fact));
  const created = new Set(netdevs.map(({ name }) => name));
  for (const unit of units) if (!created.has(unit.link)) addNetworkMtu(plan, unit, UNIT);
  for (const netdev of netdevs) addNetdevUnit(plan, netdev, lowerOf(netdev.name, units));
  for (const unit of units) {
    if (created.has(unit.link)) addNetworkMtu(plan, unit, UNIT);
    addNetworkLinks(plan, unit, UNIT);
  }
  for (const unit of units) addNetworkFacts(plan, unit, UNIT);
}

/** The network whose `vlan` names a netdev. */
function lowerOf(name: string, units: readonly NetworkUnit[]): NetworkUnit | null {
  return (
    units.find(({ sections }) =>
      settingValues(sections, "Network", "VLAN").some(({ text }) => text === name),
    ) ?? null
  );
}

function addLinkFile(plan: BootPlan, fact: Fact): void {
  const match =
    readText(child(fact, "matchConfig", "OriginalName")) ?? readText(child(fact, "matchConfig", "Name"));
  const sections = sectionOf("Link", child(fact, "linkConfig"));
  const mtu = lastSetting(sections, "Link", "MTUBytes");
  const mac = lastSetting(sections, "Link", "MACAddress");
  if (mtu === null && mac === null) return;
  if (match !== null && !/[*?[\s!]/.test(match)) {
    addHardware(plan, match, { mtu, mac });
    return;
  }
  const found = match === null ? "something other than the name" : `\`${match}\``;
  report(fact, unmatchedLinkIssue(optionOf(fact), found, describeSections(sections), fact.source));
}

function addHardware(
  plan: BootPlan,
  name: string,
  given: { readonly mtu: UnitSetting | null; readonly mac: UnitSetting | null },
): void {
  const unit: Unit = { name: "systemd-udevd.service", onRefusal: "continue" };
  const link = linkName(name);
  const { mtu, mac } = given;
  if (mtu !== null && /^\d+$/.test(mtu.text))
    addStep(plan, { kind: "link-mtu", link, mtu: Number(mtu.text) }, mtu.source, unit);
  const parsed = mac === null ? null : parseMac(mac.text);
  if (mac !== null && parsed !== null)
    addStep(plan, { kind: "link-mac", link, mac: parsed }, mac.source, unit);
}

/** The networks in the order of their file names; of several that match one link the first counts. */
function networkUnits(networks: Fact | null): readonly NetworkUnit[] {
  const units = new Map<string, NetworkUnit>();
  for (const [, fact] of children(networks)) {
    const enable = child(fact, "enable");
    if (enable !== null && readBoolean(enable) === false) continue;
    const sections = networkSections(fact);
    reportUnmodelled(fact);
    for (const link of matchedLinks(fact, sections))
      if (!units.has(link)) units.set(link, { link, sections, fact });
  }
  return [...units.values()];
}

/** The links that `matchConfig.Name` names in full; any other match is reported with what it would set. */
function matchedLinks(fact: Fact, sections: readonly UnitSection[]): readonly string[] {
  const match = lastSetting(sections, "Match", "Name");
  const names = match?.text.split(/\s+/) ?? [];
  if (names.length > 0 && names.every((name) => !/[*?[\]!]/.test(name))) return names;
  const others = sections.filter((section) => section.name === "Match");
  const found = match === null ? describeSections(others) : `\`${match.text}\``;
  const detail = describeSections(sections.filter((section) => section.name !== "Match"));
  report(fact, unmatchedLinkIssue(optionOf(fact), found, detail, fact.source));
  return [];
}

function networkSections(fact: Fact): readonly UnitSection[] {
  const { source } = fact;
  const network = [
    ...settingsOf("Address", child(fact, "address")),
    ...settingsOf("Gateway", child(fact, "gateway")),
    ...settingsOf("DHCP", child(fact, "DHCP")),
    ...settingsOf("VLAN", child(fact, "vlan")),
    ...settingsOf("Bridge", child(fact, "bridge")),
    ...settingsOf("Bond", child(fact, "bond")),
  ];
  return [
    { name: "Match", settings: settingsOf("Name", child(fact, "name")), source, isWhole: true },
    ...sectionOf("Match", child(fact, "matchConfig")),
    ...sectionOf("Link", child(fact, "linkConfig")),
    ...sectionOf("Network", child(fact, "networkConfig")),
    { name: "Network", settings: network, source, isWhole: true },
    ...sectionsOf("Address", child(fact, "addresses"), "addressConfig"),
    ...sectionsOf("Route", child(fact, "routes"), "routeConfig"),
    ...sectionOf("DHCPServer", child(fact, "dhcpServerConfig")),
    ...sectionOf("DHCPv4", child(fact, "dhcpV4Config")),
    ...sectionsOfText(child(fact, "extraConfig")),
  ];
}

function reportUnmodelled(fact: Fact): void {
  for (const [option, detail] of Object.entries(UNMODELLED_LISTS)) {
    const found = child(fact, option);
    const isEmpty =
      found?.value.kind === "list" && found.value.items.length === 0 && found.value.rest === null;
    if (found !== null && !isEmpty) report(found, unmodelledIssue(optionOf(found), detail, found.source));
  }
}

interface NetdevUnit {
  readonly name: string;
  readonly kind: string | null;
  readonly sections: readonly UnitSection[];
  readonly fact: Fact;
}

function readNetdevUnit(key: string, fact: Fact): readonly NetdevUnit[] {
  const enable = child(fact, "enable");
  if (enable !== null && readBoolean(enable) === false) return [];
  const sections = [
    ...sectionOf("NetDev", child(fact, "netdevConfig")),
    ...sectionOf("VLAN", child(fact, "vlanConfig")),
    ...sectionOf("Bond", child(fact, "bondConfig")),
    ...sectionOf("Bridge", child(fact, "bridgeConfig")),
    ...sectionsOfText(child(fact, "extraConfig")),
  ];
  const name = lastSetting(sections, "NetDev", "Name")?.text ?? key;
  return [{ name, kind: lastSetting(sections, "NetDev", "Kind")?.text ?? null, sections, fact }];
}

function addNetdevUnit(plan: BootPlan, netdev: NetdevUnit, lower: NetworkUnit | null): void {
  const { name, sections, fact } = netdev;
  const type = netdevType(netdev, lower);
  if (type === null) return;
  const mtu =
    plainNumber(lastSetting(sections, "NetDev", "MTUBytes")) ??
    plainNumber(lastSetting(lower?.sections ?? [], "Link", "MTUBytes"));
  const mac = parseMac(lastSetting(sections, "NetDev", "MACAddress")?.text ?? "");
  addStep(
    plan,
    { kind: "link-add", link: newLink(name, type, { source: fact.source, mtu, mac }) },
    fact.source,
    UNIT,
  );
}

function plainNumber(setting: UnitSetting | null): number | null {
  return setting !== null && /^\d{1,9}$/.test(setting.text) ? Number(setting.text) : null;
}

function netdevType({ name, kind, sections, fact }: NetdevUnit, lower: NetworkUnit | null): LinkType | null {
  switch (kind) {
    case "bridge":
      return { kind: "bridge", isVlanAware: isYes(lastSetting(sections, "Bridge", "VLANFiltering")) };
    case "bond":
      return { kind: "bond", mode: lastSetting(sections, "Bond", "Mode")?.text ?? "balance-rr" };
    case "dummy":
      return { kind: "dummy" };
    case "veth":
    case "tap":
      return { kind: "ethernet" };
    case "vlan": {
      const id = plainNumber(lastSetting(sections, "VLAN", "Id"));
      if (id !== null && lower !== null) return { kind: "vlan", id, lower: linkName(lower.link) };
      const missing = id === null ? "`Id`" : "network that names it in `vlan`";
      report(
        fact,
        unmodelledIssue(optionOf(fact), `VLAN \`${name}\` has no ${missing} in the files read`, fact.source),
      );
      return null;
    }
    default:
      report(
        fact,
        unmodelledIssue(optionOf(fact), `netdevs of kind \`${kind ?? ""}\` are not modelled`, fact.source),
      );
      return kind === null ? null : { kind: "other", name: kind };
  }
}
