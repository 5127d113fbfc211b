import {
  broadcastOf,
  DEFAULT_PREFIX,
  type IPv4,
  ipv4,
  maskOf,
  type Prefix,
  parseIPv4,
  parsePrefix,
  prefix,
} from "#ip/index.js";
import { type LinkName, linkName, operation, type Route } from "#model/index.js";
import { addStep, type BootPlan, type Unit } from "./boot-plan.js";
import { optionOf, report } from "./fact.js";
import { unmodelledIssue, wrongTypeIssue } from "./messages.js";
import { parseAddressText } from "./read-addresses.js";
import {
  isYes,
  lastSetting,
  type NetworkUnit,
  settingValues,
  type UnitSection,
  type UnitSetting,
} from "./unit-sections.js";

const DHCP_WORDS: Readonly<Record<string, string>> = {
  yes: "dhcp",
  true: "dhcp",
  both: "dhcp",
  ipv4: "dhcp",
  v4: "dhcp",
  ipv6: "dhcpv6",
  v6: "dhcpv6",
};
const TABLES: Readonly<Record<string, number>> = { main: 254, default: 253, local: 255 };
const SCOPES: Readonly<Record<string, Route["scope"]>> = {
  global: "global",
  link: "link",
  host: "host",
  site: "site",
};
const ROUTE_TYPES = [
  "unicast",
  "local",
  "broadcast",
  "multicast",
  "blackhole",
  "unreachable",
  "prohibit",
  "throw",
  "anycast",
] as const;
const DIRECT_TYPES: ReadonlySet<string> = new Set(["blackhole", "unreachable", "prohibit", "throw"]);

/** What makes a unit readable in one message: `Address=10.0.0.1/24, Gateway=10.0.0.254`. */
export function describeSections(sections: readonly UnitSection[]): string {
  const parts = sections.flatMap((section) =>
    section.settings.map((setting) => `${setting.key}=${setting.text}`),
  );
  return parts.length === 0 ? "no settings" : `\`${parts.join(", ")}\``;
}

/** MTU, master and activation of a link. */
export function addNetworkLinks(plan: BootPlan, { link, sections, fact }: NetworkUnit, unit: Unit): void {
  const name = linkName(link);
  if (isYes(lastSetting(sections, "Link", "Unmanaged"))) return;
  const mtu = lastSetting(sections, "Link", "MTUBytes");
  if (mtu !== null && /^\d+$/.test(mtu.text))
    addStep(plan, { kind: "link-mtu", link: name, mtu: Number(mtu.text) }, mtu.source, unit);
  else if (mtu !== null)
    report(
      fact,
      unmodelledIssue(
        `${optionOf(fact)}.linkConfig.MTUBytes`,
        `\`${mtu.text}\` is no plain number`,
        mtu.source,
      ),
    );
  const master = lastSetting(sections, "Network", "Bridge", "Bond");
  if (master !== null)
    addStep(plan, { kind: "link-master", link: name, master: linkName(master.text) }, master.source, unit);
  const policy = lastSetting(sections, "Link", "ActivationPolicy")?.text ?? "up";
  if (policy === "up" || policy === "always-up")
    addStep(plan, { kind: "link-up", link: name }, fact.source, unit);
  else
    report(
      fact,
      unmodelledIssue(
        `${optionOf(fact)}.linkConfig.ActivationPolicy`,
        `\`${policy}\` leaves the link to somebody else`,
        fact.source,
      ),
    );
}

/** Addresses, routes, forwarding and DHCP of a link. */
export function addNetworkFacts(plan: BootPlan, given: NetworkUnit, unit: Unit): void {
  if (isYes(lastSetting(given.sections, "Link", "Unmanaged"))) return;
  addNetworkSysctls(plan, given, unit);
  addNetworkAddresses(plan, given, unit);
  const routes = [...gatewayRoutes(plan, given), ...sectionRoutes(plan, given)];
  const direct = routes.filter((route) => route.gateway === null);
  for (const route of [...direct, ...routes.filter((other) => other.gateway !== null)]) {
    addStep(plan, { kind: "route-add", route }, route.source ?? given.fact.source, unit);
  }
  addNetworkDhcp(plan, given);
}

function addNetworkSysctls(plan: BootPlan, { link, sections, fact }: NetworkUnit, unit: Unit): void {
  const forward = lastSetting(sections, "Network", "IPForward");
  if (forward !== null && (isYes(forward) || forward.text === "ipv4")) {
    addStep(plan, { kind: "sysctl", key: "ip_forward", value: 1 }, forward.source, unit);
  }
  const path = link.replaceAll(".", "/");
  const masquerade = lastSetting(sections, "Network", "IPMasquerade");
  const isMasquerading =
    masquerade !== null && !["no", "false", "off", "0", "ipv6"].includes(masquerade.text);
  if (isMasquerading) {
    addStep(plan, { kind: "sysctl", key: `conf.${path}.forwarding`, value: 1 }, masquerade.source, unit);
    report(
      fact,
      unmodelledIssue(
        `${optionOf(fact)}.networkConfig.IPMasquerade`,
        "it rewrites the source addresses of forwarded packets",
        masquerade.source,
      ),
    );
  }
  for (const [key, sysctl] of [
    ["IPv4Forwarding", "forwarding"],
    ["IPv4ProxyARP", "proxy_arp"],
    ["ProxyARP", "proxy_arp"],
  ] as const) {
    const setting = lastSetting(sections, "Network", key);
    if (setting !== null)
      addStep(
        plan,
        { kind: "sysctl", key: `conf.${path}.${sysctl}`, value: isYes(setting) ? 1 : 0 },
        setting.source,
        unit,
      );
  }
}

function addNetworkAddresses(plan: BootPlan, { link, sections, fact }: NetworkUnit, unit: Unit): void {
  const written = [
    ...settingValues(sections, "Network", "Address"),
    ...settingValues(sections, "Address", "Address"),
  ];
  for (const setting of written) {
    const cidr = parseAddressText(setting.text);
    if (cidr !== null) {
      const address = operation.address({
        link: linkName(link),
        ip: cidr.address,
        length: cidr.length,
        broadcast: cidr.length < 31 ? broadcastOf(cidr.address, cidr.length) : null,
        source: setting.source,
      });
      addStep(plan, { kind: "address-add", address }, setting.source, unit);
    } else if (setting.text.includes(":")) {
      plan.ipv6.push({ link: linkName(link), kind: "address", text: setting.text, source: setting.source });
    } else {
      report(
        fact,
        wrongTypeIssue(
          `${optionOf(fact)}.address`,
          "an address with a prefix length",
          setting.text,
          setting.source,
        ),
      );
    }
  }
}

/** `Gateway=` of the network section: a default route. */
function gatewayRoutes(plan: BootPlan, { link, sections, fact }: NetworkUnit): readonly Route[] {
  return settingValues(sections, "Network", "Gateway").flatMap((setting) => {
    const gateway = readGateway(plan, {
      link,
      setting,
      report: (detail) => report(fact, unmodelledIssue(`${optionOf(fact)}.gateway`, detail, setting.source)),
    });
    if (gateway === null) return [];
    return [
      operation.route({
        destination: DEFAULT_PREFIX,
        gateway,
        link: linkName(link),
        protocol: "static",
        source: setting.source,
      }),
    ];
  });
}

function readGateway(
  plan: BootPlan,
  given: { readonly link: string; readonly setting: UnitSetting; readonly report: (detail: string) => void },
): IPv4 | null {
  const { text, source } = given.setting;
  const gateway = parseIPv4(text);
  if (gateway !== null) return gateway;
  if (text.includes(":")) plan.ipv6.push({ link: linkName(given.link), kind: "gateway", text, source });
  else
    given.report(
      text.startsWith("_")
        ? `the next hop \`${text}\` comes from the network at run time`
        : `\`${text}\` is no address`,
    );
  return null;
}

function sectionRoutes(plan: BootPlan, { link, sections, fact }: NetworkUnit): readonly Route[] {
  return sections
    .filter((section) => section.name === "Route")
    .flatMap((section) => {
      const route = readRouteSection(plan, section, linkName(link), (detail) =>
        report(fact, unmodelledIssue(`${optionOf(fact)}.routes`, detail, section.source)),
      );
      return route === null ? [] : [route];
    });
}

function readRouteSection(
  plan: BootPlan,
  section: UnitSection,
  link: LinkName,
  complain: (detail: string) => void,
): Route | null {
  const value = (key: string): UnitSetting | null => lastSetting([section], "Route", key);
  const destinationText = value("Destination");
  const gatewaySetting = value("Gateway");
  if ([destinationText, gatewaySetting].some((setting) => setting?.text.includes(":"))) {
    const text = [
      destinationText?.text ?? "default",
      ...(gatewaySetting === null ? [] : ["via", gatewaySetting.text]),
    ].join(" ");
    plan.ipv6.push({ link, kind: "route", text, source: section.source });
    return null;
  }
  const destination = destinationText === null ? DEFAULT_PREFIX : parsePrefix(destinationText.text);
  const gateway =
    gatewaySetting === null ? null : readGateway(plan, { link, setting: gatewaySetting, report: complain });
  if (destination === null) complain(`\`${destinationText?.text ?? ""}\` is no network`);
  const isIncomplete = section.settings.length === 0 || (gatewaySetting === null && destinationText === null);
  if (destination === null || (gatewaySetting !== null && gateway === null) || isIncomplete) return null;
  return buildRoute({ value, destination, gateway, link, source: section.source, complain });
}

function buildRoute(given: {
  readonly value: (key: string) => UnitSetting | null;
  readonly destination: Prefix;
  readonly gateway: IPv4 | null;
  readonly link: LinkName;
  readonly source: Route["source"];
  readonly complain: (detail: string) => void;
}): Route | null {
  const { value, destination, gateway, link, source, complain } = given;
  const multipath = value("MultiPathRoute") ?? value("NextHop");
  if (multipath !== null) {
    complain(`\`${multipath.key}\` is not read here, so the route is left out`);
    return null;
  }
  const type = ROUTE_TYPES.find((each) => each === (value("Type")?.text ?? "unicast")) ?? "unicast";
  const tableText = value("Table")?.text ?? "main";
  const table = TABLES[tableText] ?? (/^\d+$/.test(tableText) ? Number(tableText) : null);
  const metric = Number(value("Metric")?.text ?? "0");
  const sourceText = value("PreferredSource")?.text ?? null;
  const preferredSource = sourceText === null ? null : parseIPv4(sourceText);
  if (table === null || !Number.isInteger(metric) || (sourceText !== null && preferredSource === null)) {
    complain(`a route to table \`${tableText}\` is not understood and left out`);
    return null;
  }
  const scope = SCOPES[value("Scope")?.text ?? ""];
  const isOnlink = isYes(value("GatewayOnLink") ?? value("GatewayOnlink"));
  const device = DIRECT_TYPES.has(type) ? null : link;
  return operation.route({
    destination,
    gateway,
    link: device,
    type,
    table,
    metric,
    preferredSource,
    isOnlink,
    protocol: "static",
    source,
    ...(scope === undefined ? {} : { scope }),
  });
}

function addNetworkDhcp(plan: BootPlan, { link, sections, fact }: NetworkUnit): void {
  const dhcp = lastSetting(sections, "Network", "DHCP");
  const protocol = dhcp === null ? undefined : DHCP_WORDS[dhcp.text.toLowerCase()];
  if (dhcp !== null && protocol !== undefined)
    plan.dynamicLinks.push({ link: linkName(link), protocol, source: dhcp.source });
  const server = lastSetting(sections, "Network", "DHCPServer");
  if (server === null || !isYes(server)) return;
  const first = settingValues(sections, "Network", "Address")
    .concat(settingValues(sections, "Address", "Address"))
    .map((setting) => parseAddressText(setting.text))
    .find((cidr) => cidr !== null);
  if (first === undefined || first === null) {
    report(
      fact,
      unmodelledIssue(
        `${optionOf(fact)}.networkConfig.DHCPServer`,
        "the link has no IPv4 address to hand out from",
        server.source,
      ),
    );
    return;
  }
  const network = prefix(first.address, first.length);
  const offset = Math.max(1, Number(lastSetting(sections, "DHCPServer", "PoolOffset")?.text ?? "0") || 0);
  const size = Number(lastSetting(sections, "DHCPServer", "PoolSize")?.text ?? "0") || 0;
  const end = ipv4((network.address | ~maskOf(network.length)) >>> 0) - 1;
  const last = size > 0 ? network.address + offset + size - 1 : end;
  plan.dhcpRanges.push({
    link: linkName(link),
    network,
    first: ipv4(network.address + offset),
    last: ipv4(Math.min(last, end)),
    source: server.source,
  });
}
