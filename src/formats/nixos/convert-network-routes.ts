import { DEFAULT_PREFIX, type IPv4, type Prefix, parseIPv4, parsePrefix } from "#ip/index.js";
import { type LinkName, linkName, operation, type Route } from "#model/index.js";
import type { BootPlan } from "./boot-plan.js";
import { optionOf, report } from "./fact.js";
import { unmodelledIssue } from "./messages.js";
import {
  isYes,
  lastSetting,
  type NetworkUnit,
  settingValues,
  type UnitSection,
  type UnitSetting,
} from "./unit-sections.js";

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

/** The routes of a unit; networkd waits for gateways to be reachable, so those without one come first. */
export function networkRoutes(plan: BootPlan, unit: NetworkUnit): readonly Route[] {
  const routes = [...gatewayRoutes(plan, unit), ...sectionRoutes(plan, unit)];
  return [
    ...routes.filter((route) => route.gateway === null),
    ...routes.filter((route) => route.gateway !== null),
  ];
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

/** A section that holds something unknown, which is reported already, gives no route: what is left of it would be another one. */
function readRouteSection(
  plan: BootPlan,
  section: UnitSection,
  link: LinkName,
  complain: (detail: string) => void,
): Route | null {
  const value = (key: string): UnitSetting | null => lastSetting([section], "Route", key);
  const to = value("Destination");
  const via = value("Gateway");
  if (!section.isWhole || (to === null && via === null)) return null;
  if (isIpv6(to) || isIpv6(via)) {
    const text = describeIpv6(to, via);
    plan.ipv6.push({ link, kind: "route", text, source: section.source });
    return null;
  }
  const destination = to === null ? DEFAULT_PREFIX : parsePrefix(to.text);
  if (destination === null) {
    complain(`\`${to?.text ?? ""}\` is no network`);
    return null;
  }
  const gateway = via === null ? null : readGateway(plan, { link, setting: via, report: complain });
  if (via !== null && gateway === null) return null;
  return buildRoute({ value, destination, gateway, link, source: section.source, complain });
}

function isIpv6(setting: UnitSetting | null): boolean {
  return setting?.text.includes(":") === true;
}

function describeIpv6(to: UnitSetting | null, via: UnitSetting | null): string {
  return `${to?.text ?? "default"}${via === null ? "" : ` via ${via.text}`}`;
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
  const place = readPlace(value);
  if (place === null) {
    complain("its `Table`, `Metric` or `PreferredSource` is not understood, so the route is left out");
    return null;
  }
  const type = ROUTE_TYPES.find((each) => each === (value("Type")?.text ?? "unicast")) ?? "unicast";
  const scope = SCOPES[value("Scope")?.text ?? ""];
  return operation.route({
    ...place,
    destination,
    gateway,
    link: DIRECT_TYPES.has(type) ? null : link,
    type,
    isOnlink: isYes(value("GatewayOnLink") ?? value("GatewayOnlink")),
    protocol: "static",
    source,
    ...(scope === undefined ? {} : { scope }),
  });
}

function readPlace(
  value: (key: string) => UnitSetting | null,
): Pick<Route, "table" | "metric" | "preferredSource"> | null {
  const tableText = value("Table")?.text ?? "main";
  const table = TABLES[tableText] ?? (/^\d{1,10}$/.test(tableText) ? Number(tableText) : null);
  const metric = Number(value("Metric")?.text ?? "0");
  const sourceText = value("PreferredSource")?.text ?? null;
  const preferredSource = sourceText === null ? null : parseIPv4(sourceText);
  const isSourceLost = sourceText !== null && preferredSource === null;
  if (table === null || !Number.isInteger(metric) || isSourceLost) return null;
  return { table, metric, preferredSource };
}
