import { DEFAULT_PREFIX, hostPrefix, type Prefix, prefix } from "#ip/index.js";
import type { LinkName, Route, Source } from "#model/index.js";
import { linkName, MAIN_TABLE, operation } from "#model/index.js";
import {
  addressFacts,
  type InterfaceAddress,
  isIPv6,
  readAddresses,
  readIPv4,
  readNumber,
} from "./addresses.js";
import { interfaceBridgeName, isLinkName, madeLinkName, readSettings } from "./devices.js";
import {
  isFalse,
  isTrue,
  labelOf,
  optionValue,
  optionValues,
  type UciDocument,
  type UciSection,
  type UciValue,
} from "./document.js";
import { addStep, type Draft } from "./draft.js";
import { bringUp, type Links } from "./links.js";
import {
  badDeviceIssue,
  badValueIssue,
  bridgeFlagIssue,
  missingOptionIssue,
  noAddressIssue,
  noDeviceIssue,
  notAtBootIssue,
  routingTableIssue,
  sameDefaultIssue,
  staleAddressIssue,
  unknownProtocolIssue,
} from "./messages.js";

/** An interface of netifd that comes up, as its routes need it. */
export interface Interface {
  readonly section: UciSection;
  readonly unit: string;
  readonly link: LinkName;
  readonly metric: number;
  readonly table: number;
}

/** Protocols that ask somebody else for an address on the device itself. */
const DYNAMIC: ReadonlySet<string> = new Set(["dhcp", "dhcpv6"]);
/** Protocols that make a link `PROTOCOL-NAME` of their own. */
const DIALLED: ReadonlySet<string> = new Set(["ppp", "pppoe", "pppoa", "pptp", "l2tp"]);
/** The sections of interfaces that come up at boot, in netifd's order: by name (interface.c, avl_strcmp). */
export function bootInterfaces(document: UciDocument, draft: Draft): readonly UciSection[] {
  const sections = document.sections.filter((section) => section.type === "interface");
  return sections
    .filter((section) => comesUp(section, draft))
    .sort((a, b) => ((a.name ?? "") < (b.name ?? "") ? -1 : 1));
}

function comesUp(section: UciSection, draft: Draft): boolean {
  if (section.name === null) {
    draft.issues.push(missingOptionIssue(section, "name"));
    return false;
  }
  const proto = optionValue(section, "proto");
  const why = isTrue(section, "disabled")
    ? optionValue(section, "disabled")
    : isFalse(section, "auto")
      ? optionValue(section, "auto")
      : null;
  if (proto !== null && why === null) return true;
  draft.issues.push(
    notAtBootIssue(
      section,
      why === null ? null : { ...why, text: describeSwitch(section, why) },
      addressFacts(section),
    ),
  );
  return false;
}

function describeSwitch(section: UciSection, why: UciValue): string {
  return `${isTrue(section, "disabled") ? "disabled" : "auto"} ${why.text}`;
}

/**
 * The name of the link that an interface runs on; `@other` stands for the link of another interface.
 *
 * @returns null where the file names none, with the reason reported.
 */
export function interfaceLink(
  sections: ReadonlyMap<string, UciSection>,
  section: UciSection,
  draft: Draft,
): LinkName | null {
  const target = followAlias(sections, section);
  const made = target === null ? null : ownLinkName(target, section);
  if (made !== null) return linkName(made);
  const device = target === null ? null : deviceOf(target);
  if (device !== null && isLinkName(device.text)) return linkName(device.text);
  const facts = `\`proto\` \`${optionValue(section, "proto")?.text ?? ""}\`, ${addressFacts(section)}`;
  draft.issues.push(device === null ? noDeviceIssue(section, facts) : badDeviceIssue(section, device));
  return null;
}

/** The interface at the end of a chain of `@other`; null where the chain ends in nothing. */
function followAlias(sections: ReadonlyMap<string, UciSection>, section: UciSection): UciSection | null {
  const seen = new Set<UciSection>();
  let current: UciSection | undefined = section;
  while (current !== undefined && !seen.has(current)) {
    seen.add(current);
    const device = deviceOf(current)?.text ?? "";
    if (!device.startsWith("@")) return current;
    current = sections.get(device.slice(1));
  }
  return null;
}

/** The link that the protocol of `target` makes, as `section` sees it: who dials runs on the device below. */
function ownLinkName(target: UciSection, section: UciSection): string | null {
  const proto = optionValue(target, "proto")?.text ?? "";
  return DIALLED.has(proto) && target !== section ? `${proto}-${target.name ?? ""}` : madeLinkName(target);
}

function deviceOf(section: UciSection): UciValue | null {
  const bridge = interfaceBridgeName(section);
  if (bridge !== null) return { text: bridge, source: section.source };
  return optionValue(section, "device") ?? optionValues(section, "ifname")[0] ?? null;
}

/** Brings one interface up: its device, its addresses, its default route. */
export function convertInterface(
  given: { readonly section: UciSection; readonly link: LinkName; readonly links: Links },
  defaults: Map<string, string>,
): Interface {
  const { section, link, links } = given;
  const { draft } = links;
  const unit = labelOf(section);
  const table = readTable(section, draft);
  const up: Interface = { section, unit, link, metric: readNumber(section, "metric", draft) ?? 0, table };
  reportBridgeFlag(section, draft);
  const proto = optionValue(section, "proto") ?? { text: "none", source: section.source };
  // A dialled link is there when its daemon says so, not when somebody brings it up.
  for (const protocol of DIALLED) if (link.startsWith(`${protocol}-`)) links.done.add(link);
  bringUp(links, { name: link, unit, source: deviceOf(section)?.source ?? section.source });
  setInterfaceLink(up, links);
  if (proto.text === "static") addStatic(up, draft, defaults);
  else if (proto.text === "wireguard") addAddresses(up, readAddresses(section, "addresses", draft), draft);
  else reportStale(section, proto.text, draft);
  readDynamic(up, proto, draft);
  readIpv6(up, draft);
  return up;
}

function readDynamic(up: Interface, proto: UciValue, draft: Draft): void {
  const { section, link } = up;
  const learnt = {
    protocol: proto.text,
    source: proto.source,
    ...(up.metric === 0 ? {} : { metric: up.metric }),
  };
  if (DYNAMIC.has(proto.text)) draft.dynamicLinks.push({ link, ...learnt });
  else if (DIALLED.has(proto.text)) {
    const name = linkName(`${proto.text}-${section.name ?? ""}`);
    draft.dynamicLinks.push({ link: name, ...learnt });
  } else if (proto.text !== "static" && proto.text !== "none")
    draft.issues.push(unknownProtocolIssue(section, proto));
}

/** Older files give MTU and Ethernet address to the interface; batman-adv and dialled links mean their own MTU. */
function setInterfaceLink(up: Interface, links: Links): void {
  const { section, unit, link } = up;
  if (interfaceBridgeName(section) !== null) return;
  const { mac, mtu } = readSettings(section, links.draft);
  const proto = optionValue(section, "proto")?.text ?? "";
  const source = (option: string): Source => optionValue(section, option)?.source ?? section.source;
  if (mac !== null) addStep(links.draft, unit, { kind: "link-mac", link, mac }, source("macaddr"));
  if (mtu !== null && !DIALLED.has(proto) && proto !== "batadv")
    addStep(links.draft, unit, { kind: "link-mtu", link, mtu }, source("mtu"));
}

function addStatic(up: Interface, draft: Draft, defaults: Map<string, string>): void {
  const { section } = up;
  const addresses = readAddresses(section, "ipaddr", draft);
  addAddresses(up, addresses, draft);
  const hasAny = ["ipaddr", "ip6addr", "ip6assign", "ip6prefix"].some(
    (option) => optionValue(section, option) !== null,
  );
  if (!hasAny) draft.issues.push(noAddressIssue(section));
  const gateway = readIPv4(section, "gateway", draft);
  if (gateway === null || addresses.length === 0) return;
  const key = `${up.table} ${up.metric}`;
  const source = optionValue(section, "gateway")?.source ?? section.source;
  const first = defaults.get(key);
  if (first !== undefined) draft.issues.push(sameDefaultIssue(source, first, up.unit));
  defaults.set(key, up.unit);
  addRoute(up, { destination: DEFAULT_PREFIX, gateway, source }, draft);
}

/** Adds a route as netifd does: RTPROT_STATIC, replacing one of the same prefix, table and metric (system-linux.c, system_rt). */
export function addRoute(
  up: Interface,
  given: Pick<Route, "destination"> & Partial<Route> & { readonly source: NonNullable<Route["source"]> },
  draft: Draft,
): void {
  const route = operation.route({
    link: up.link,
    metric: up.metric,
    table: up.table,
    protocol: "static",
    ...given,
  });
  addStep(draft, up.unit, { kind: "route-replace", route }, given.source);
}

function addAddresses(up: Interface, addresses: readonly InterfaceAddress[], draft: Draft): void {
  for (const address of addresses) {
    if (up.link === "lo" && address.ip >>> 24 === 127) continue;
    const { source } = address;
    const added = operation.address({ link: up.link, ...address });
    addStep(draft, up.unit, { kind: "address-add", address: added }, source);
    if (up.metric !== 0 || up.table !== MAIN_TABLE) moveSubnetRoute(up, address, draft);
    if (up.table !== MAIN_TABLE) addAddressRules(up, address, draft);
  }
}

/** With a metric or a table of its own the kernel's connected route gives way to one of netifd (interface_handle_subnet_route). */
function moveSubnetRoute(up: Interface, address: InterfaceAddress, draft: Draft): void {
  const destination = prefix(address.peer ?? address.ip, address.length);
  if (destination.length === 32) return;
  const key = {
    table: MAIN_TABLE,
    destination,
    type: null,
    gateway: null,
    link: up.link,
    metric: 0,
    scope: null,
  };
  addStep(draft, up.unit, { kind: "route-delete", route: key }, address.source);
  addRoute(up, { destination, source: address.source }, draft);
}

/** netifd's interface_add_addr_rules: from the address at 10000, to its network at 20000. */
function addAddressRules(up: Interface, address: InterfaceAddress, draft: Draft): void {
  const rules: readonly {
    readonly priority: number;
    readonly from: Prefix | null;
    readonly to: Prefix | null;
  }[] = [
    { priority: 10_000, from: hostPrefix(address.ip), to: null },
    { priority: 20_000, from: null, to: prefix(address.ip, address.length) },
  ];
  for (const selectors of rules) {
    const action = { kind: "lookup", table: up.table, suppressPrefixLength: null } as const;
    const rule = { ...selectors, isInverted: false, incoming: null, outgoing: null, mark: null, action };
    addStep(draft, up.unit, { kind: "rule-add", rule }, address.source);
  }
}

function readTable(section: UciSection, draft: Draft): number {
  const value = optionValue(section, "ip4table");
  if (value === null || value.text === "main" || value.text === "254") return MAIN_TABLE;
  const table = readNumber(section, "ip4table", draft);
  if (table === null) return MAIN_TABLE;
  draft.issues.push(routingTableIssue(section, `\`ip4table\` \`${value.text}\``));
  return table;
}

function reportBridgeFlag(section: UciSection, draft: Draft): void {
  const type = optionValue(section, "type");
  const device = optionValue(section, "device");
  if (type?.text === "bridge" && device !== null && interfaceBridgeName(section) === null)
    draft.issues.push(bridgeFlagIssue(section, type, device.text));
}

function reportStale(section: UciSection, proto: string, draft: Draft): void {
  for (const value of optionValues(section, "ipaddr"))
    draft.issues.push(staleAddressIssue(section, value, proto));
}

function readIpv6(up: Interface, draft: Draft): void {
  const kinds = { ip6addr: "address", addresses: "address", ip6gw: "gateway", ip6prefix: "route" } as const;
  for (const [option, kind] of Object.entries(kinds)) {
    for (const value of optionValues(up.section, option)) {
      if (isIPv6(value.text) && !/[<>{}$\s]/.test(value.text))
        draft.ipv6.push({ link: up.link, kind, text: value.text, source: value.source });
      else if (option !== "addresses")
        draft.issues.push(badValueIssue(up.section, option, value, "an IPv6 address"));
    }
  }
}
