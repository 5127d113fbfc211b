import type { HostConfiguration, LinkName } from "#model/index.js";
import { linkName } from "#model/index.js";
import { vlanIdOf } from "./bridge-vlans.js";
import { type Device, readDevices } from "./devices.js";
import { isTrue, optionValue, optionValues, type UciDocument, type UciSection } from "./document.js";
import { addStep, type Draft, finishDraft, newDraft } from "./draft.js";
import { bootInterfaces, convertInterface, type Interface, interfaceLink } from "./interfaces.js";
import { newLinks } from "./links.js";
import { bridgeVlanIssue, switchVlanIssue, unknownSectionIssue, unusedDeviceIssue } from "./messages.js";
import { reportUnknownOptions } from "./options.js";
import { addRoutes, convertRule, readRoute, reportLostRoute, type StaticRoute } from "./routes.js";

/** What a boot with this /etc/config/network does, in netifd's order. */
export function convertNetwork(document: UciDocument): HostConfiguration {
  const draft = newDraft(document.issues);
  const source = { file: document.file, line: 1, column: 1 };
  // OpenWrt's base-files ship /etc/sysctl.d/10-default.conf, which makes every such host a router.
  addStep(draft, "sysctl", { kind: "sysctl", key: "ip_forward", value: 1 }, source);
  const links = newLinks(readDevices(document, draft), draft);
  const routes = readRoutes(document, draft);
  const up = new Map<string, Interface>();
  const defaults = new Map<string, string>();
  const byName = new Map(
    document.sections
      .filter((section) => section.type === "interface")
      .map((section) => [section.name ?? "", section]),
  );
  for (const section of bootInterfaces(document, draft)) {
    const link = interfaceLink(byName, section, draft);
    if (link === null) continue;
    const done = convertInterface({ section, link, links }, defaults);
    const name = section.name ?? "";
    up.set(name, done);
    addRoutes(routes.get(name) ?? [], done, draft);
  }
  reportLostRoutes(routes, up, byName, draft);
  convertOtherSections(document, up, draft);
  reportUnused(links.devices, links.done, draft);
  reportUnknownOptions(document, draft);
  return finishDraft(draft);
}

function readRoutes(document: UciDocument, draft: Draft): ReadonlyMap<string, readonly StaticRoute[]> {
  const routes = new Map<string, StaticRoute[]>();
  for (const section of document.sections) {
    const route = section.type === "route" ? readRoute(section, draft) : null;
    if (route === null) continue;
    const known = routes.get(route.interfaceName);
    if (known === undefined) routes.set(route.interfaceName, [route]);
    else known.push(route);
  }
  return routes;
}

function reportLostRoutes(
  routes: ReadonlyMap<string, readonly StaticRoute[]>,
  up: ReadonlyMap<string, Interface>,
  byName: ReadonlyMap<string, UciSection>,
  draft: Draft,
): void {
  for (const [name, lost] of routes) {
    if (!up.has(name)) for (const route of lost) reportLostRoute(route, byName.has(name), draft);
  }
}

function convertOtherSections(document: UciDocument, up: ReadonlyMap<string, Interface>, draft: Draft): void {
  const links = new Map<string, LinkName>([...up].map(([name, { link }]) => [name, link]));
  for (const section of document.sections) convertOther(section, links, draft);
}

function convertOther(section: UciSection, links: ReadonlyMap<string, LinkName>, draft: Draft): void {
  switch (section.type) {
    case "interface":
    case "device":
    case "route":
    case "globals":
    case "switch":
    case "switch_port":
      break;
    case "rule":
      convertRule(section, links, draft);
      break;
    case "bridge-vlan":
      if (vlanIdOf(section) === null || optionValue(section, "device") === null) reportVlan(section, draft);
      break;
    case "switch_vlan":
      reportVlan(section, draft);
      break;
    case "route6":
      readRoute6(section, links, draft);
      break;
    case "rule6":
      break;
    default:
      if (!section.type.startsWith("wireguard_")) draft.issues.push(unknownSectionIssue(section));
  }
}

function reportVlan(section: UciSection, draft: Draft): void {
  const words = ["device", "vlan", "vid", "ports"].flatMap((option) => {
    const values = optionValues(section, option).map((value) => value.text);
    return values.length === 0 ? [] : [`\`${option}\` \`${values.join(" ")}\``];
  });
  const facts = words.length === 0 ? "a VLAN without options" : words.join(", ");
  draft.issues.push(
    section.type === "switch_vlan" ? switchVlanIssue(section, facts) : bridgeVlanIssue(section, facts),
  );
}

function readRoute6(section: UciSection, links: ReadonlyMap<string, LinkName>, draft: Draft): void {
  const target = optionValue(section, "target");
  if (target === null || isTrue(section, "disabled")) return;
  const gateway = optionValue(section, "gateway");
  const text = gateway === null ? target.text : `${target.text} via ${gateway.text}`;
  const name = optionValue(section, "interface")?.text ?? "";
  draft.ipv6.push({ link: links.get(name) ?? null, kind: "route", text, source: target.source });
}

/** netifd makes a bridge or a VLAN only when an interface claims it (device.c, device_claim). */
function reportUnused(devices: ReadonlyMap<string, Device>, done: ReadonlySet<string>, draft: Draft): void {
  for (const device of devices.values()) {
    if (device.type === null || done.has(linkName(device.name))) continue;
    const ports = [...new Set(device.ports.map((port) => port.text))].join(" ");
    const lower = device.lower === null ? "" : ` on \`${device.lower}\``;
    const facts = `\`${device.type.kind}\`${lower}${ports === "" ? "" : `, ports \`${ports}\``}`;
    draft.issues.push(unusedDeviceIssue(device.source, device.name, facts));
  }
}
