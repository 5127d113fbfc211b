import { parseMac } from "#ip/index.js";
import { type LinkType, linkName } from "#model/index.js";
import { addStep, type BootPlan, newLink, type Unit } from "./boot-plan.js";
import { addNetworkFacts, addNetworkLinks, describeSections } from "./convert-network-unit.js";
import { child, children, type Fact, optionOf, readBoolean, readText, report } from "./fact.js";
import { unmatchedLinkIssue, unmodelledIssue } from "./messages.js";
import {
  lastSetting,
  type NetworkUnit,
  sectionOf,
  sectionsOf,
  sectionsOfText,
  settingsOf,
  type UnitSection,
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
  const vlanLower = new Map<string, string>();
  for (const { link, sections } of units) {
    for (const setting of sections.flatMap((section) =>
      section.name === "Network" ? section.settings : [],
    )) {
      if (setting.key === "VLAN") vlanLower.set(setting.text, link);
    }
  }
  for (const [name, fact] of children(child(network, "netdevs"))) addNetdevUnit(plan, name, fact, vlanLower);
  for (const unit of units) addNetworkLinks(plan, unit, UNIT);
  for (const unit of units) addNetworkFacts(plan, unit, UNIT);
}

function addLinkFile(plan: BootPlan, fact: Fact): void {
  const match =
    readText(child(fact, "matchConfig", "OriginalName")) ?? readText(child(fact, "matchConfig", "Name"));
  const sections = sectionOf("Link", child(fact, "linkConfig"));
  const mtu = lastSetting(sections, "Link", "MTUBytes");
  const mac = lastSetting(sections, "Link", "MACAddress");
  if (mtu === null && mac === null) return;
  if (match === null || /[*?[\s!]/.test(match)) {
    const found = match === null ? "something other than the name" : `\`${match}\``;
    report(fact, unmatchedLinkIssue(optionOf(fact), found, describeSections(sections), fact.source));
    return;
  }
  const unit: Unit = { name: "systemd-udevd.service", onRefusal: "continue" };
  if (mtu !== null && /^\d+$/.test(mtu.text)) {
    addStep(plan, { kind: "link-mtu", link: linkName(match), mtu: Number(mtu.text) }, mtu.source, unit);
  }
  const parsed = mac === null ? null : parseMac(mac.text);
  if (mac !== null && parsed !== null)
    addStep(plan, { kind: "link-mac", link: linkName(match), mac: parsed }, mac.source, unit);
}

/** The networks in the order of their file names; of several that match one link the first counts. */
function networkUnits(networks: Fact | null): readonly NetworkUnit[] {
  const units: NetworkUnit[] = [];
  for (const [, fact] of children(networks)) {
    const enable = child(fact, "enable");
    if (enable !== null && readBoolean(enable) === false) continue;
    const sections = networkSections(fact);
    reportUnmodelled(fact);
    const match = lastSetting(sections, "Match", "Name");
    const names = match?.text.split(/\s+/) ?? [];
    const isNamed = names.length > 0 && names.every((name) => !/[*?[\]!]/.test(name));
    if (!isNamed) {
      const found =
        match === null
          ? describeSections(sections.filter((section) => section.name === "Match"))
          : `\`${match.text}\``;
      report(
        fact,
        unmatchedLinkIssue(
          optionOf(fact),
          found || "nothing",
          describeSections(sections.filter((section) => section.name !== "Match")),
          fact.source,
        ),
      );
      continue;
    }
    for (const link of names)
      if (!units.some((unit) => unit.link === link)) units.push({ link, sections, fact });
  }
  return units;
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
    { name: "Match", settings: settingsOf("Name", child(fact, "name")), source },
    ...sectionOf("Match", child(fact, "matchConfig")),
    ...sectionOf("Link", child(fact, "linkConfig")),
    ...sectionOf("Network", child(fact, "networkConfig")),
    { name: "Network", settings: network, source },
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

function addNetdevUnit(
  plan: BootPlan,
  key: string,
  fact: Fact,
  vlanLower: ReadonlyMap<string, string>,
): void {
  const enable = child(fact, "enable");
  if (enable !== null && readBoolean(enable) === false) return;
  const sections = [
    ...sectionOf("NetDev", child(fact, "netdevConfig")),
    ...sectionOf("VLAN", child(fact, "vlanConfig")),
    ...sectionOf("Bond", child(fact, "bondConfig")),
    ...sectionOf("Bridge", child(fact, "bridgeConfig")),
    ...sectionsOfText(child(fact, "extraConfig")),
  ];
  const name = lastSetting(sections, "NetDev", "Name")?.text ?? key;
  const kind = lastSetting(sections, "NetDev", "Kind")?.text ?? null;
  const type = netdevType({ name, kind, sections, fact, vlanLower });
  if (type === null) return;
  const mtu = lastSetting(sections, "NetDev", "MTUBytes");
  const size = mtu !== null && /^\d+$/.test(mtu.text) ? Number(mtu.text) : null;
  addStep(plan, { kind: "link-add", link: newLink(name, type, fact.source, size) }, fact.source, UNIT);
}

function netdevType(given: {
  readonly name: string;
  readonly kind: string | null;
  readonly sections: readonly UnitSection[];
  readonly fact: Fact;
  readonly vlanLower: ReadonlyMap<string, string>;
}): LinkType | null {
  const { name, kind, sections, fact, vlanLower } = given;
  switch (kind) {
    case "bridge":
      return {
        kind: "bridge",
        isVlanAware: ["yes", "true", "1", "on"].includes(
          lastSetting(sections, "Bridge", "VLANFiltering")?.text ?? "",
        ),
      };
    case "bond":
      return { kind: "bond", mode: lastSetting(sections, "Bond", "Mode")?.text ?? "balance-rr" };
    case "dummy":
      return { kind: "dummy" };
    case "veth":
    case "tap":
      return { kind: "ethernet" };
    case "vlan": {
      const id = lastSetting(sections, "VLAN", "Id");
      const lower = vlanLower.get(name);
      if (id !== null && /^\d{1,4}$/.test(id.text) && lower !== undefined)
        return { kind: "vlan", id: Number(id.text), lower: linkName(lower) };
      report(
        fact,
        unmodelledIssue(
          optionOf(fact),
          `VLAN \`${name}\` has no ${id === null ? "`Id`" : "network that names it in `vlan`"} in the files read`,
          fact.source,
        ),
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
