import { formatIPv4, formatPrefix } from "#ip/index.js";
import type { LinkName, RouteType, Rule, RuleAction } from "#model/index.js";
import { DEFAULT_TABLE, LOCAL_TABLE, MAIN_TABLE } from "#model/index.js";
import { readIPv4, readNetwork, readNumber } from "./addresses.js";
import { isTrue, labelOf, optionValue, type UciSection } from "./document.js";
import { addStep, type Draft } from "./draft.js";
import { addRoute, type Interface } from "./interfaces.js";
import {
  badValueIssue,
  missingOptionIssue,
  routeInterfaceIssue,
  ruleIssue,
  unknownOptionIssue,
} from "./messages.js";

const TYPES: readonly RouteType[] = [
  "unicast",
  "local",
  "broadcast",
  "multicast",
  "blackhole",
  "unreachable",
  "prohibit",
  "throw",
  "anycast",
];

/** A `route` section that was understood, before its interface is known. */
export interface StaticRoute {
  readonly section: UciSection;
  readonly interfaceName: string;
  readonly add: (up: Interface, draft: Draft) => void;
  readonly length: number;
  readonly metric: number;
  readonly facts: string;
}

/** Reads a `route` section; null where it says nothing that netifd would install, which is reported. */
export function readRoute(section: UciSection, draft: Draft): StaticRoute | null {
  if (isTrue(section, "disabled")) return null;
  const target = optionValue(section, "target");
  const interfaceName = optionValue(section, "interface");
  if (target === null || interfaceName === null) {
    draft.issues.push(missingOptionIssue(section, target === null ? "target" : "interface"));
    return null;
  }
  const destination = readNetwork(section, "target", draft);
  const gateway = readIPv4(section, "gateway", draft);
  const type = readType(section, draft);
  if (destination === null || type === null || (gateway === null && optionValue(section, "gateway") !== null))
    return null;
  const metric = readNumber(section, "metric", draft);
  const table = readTable(section, "table", draft);
  const preferredSource = readIPv4(section, "source", draft);
  reportUnmodelled(section, ["mtu", "proto", "valid"], draft);
  const hasNoLink = type === "blackhole" || type === "unreachable" || type === "prohibit" || type === "throw";
  const given = {
    destination,
    type,
    gateway,
    preferredSource,
    isOnlink: isTrue(section, "onlink"),
    source: target.source,
    ...(metric === null ? {} : { metric }),
    ...(table === null ? {} : { table }),
    ...(hasNoLink ? { link: null } : {}),
  };
  const facts = `\`${formatPrefix(destination)}\`${gateway === null ? "" : ` via \`${formatIPv4(gateway)}\``}`;
  const add = (up: Interface, into: Draft): void => addRoute(up, given, into);
  return {
    section,
    interfaceName: interfaceName.text,
    add,
    length: destination.length,
    metric: metric ?? 0,
    facts,
  };
}

/** Installs the routes of an interface in netifd's order: longer prefixes first, then lower metrics (interface-ip.c, route_cmp). */
export function addRoutes(routes: readonly StaticRoute[], up: Interface, draft: Draft): void {
  const ordered = [...routes].sort((a, b) => b.length - a.length || a.metric - b.metric);
  for (const route of ordered) route.add(up, draft);
}

/** Reports a route whose interface does not come up. */
export function reportLostRoute(route: StaticRoute, isKnown: boolean, draft: Draft): void {
  const found = isKnown
    ? `\`${route.interfaceName}\`, which does not`
    : `\`${route.interfaceName}\`, which is not in this file`;
  draft.issues.push(routeInterfaceIssue(route.section, found, route.facts));
}

/** Turns a `rule` section into a policy rule; `links` gives the link of an interface that comes up. */
export function convertRule(section: UciSection, links: ReadonlyMap<string, LinkName>, draft: Draft): void {
  if (isTrue(section, "disabled")) return;
  const before = draft.issues.length;
  const priority = readNumber(section, "priority", draft);
  if (priority === null) draft.issues.push(ruleIssue(section, "no number as `priority`"));
  for (const selector of ["tos", "uidrange", "ipproto", "sport", "dport", "goto"]) {
    if (optionValue(section, selector) !== null) draft.issues.push(ruleIssue(section, `\`${selector}\``));
  }
  const rule: Rule = {
    priority: priority ?? 0,
    isInverted: isTrue(section, "invert"),
    from: readNetwork(section, "src", draft),
    to: readNetwork(section, "dest", draft),
    incoming: readRuleLink(section, "in", links, draft),
    outgoing: readRuleLink(section, "out", links, draft),
    mark: readMark(section, draft),
    action: readAction(section, draft),
  };
  if (draft.issues.length === before)
    addStep(draft, labelOf(section), { kind: "rule-add", rule }, section.source);
}

function readType(section: UciSection, draft: Draft): RouteType | null {
  const value = optionValue(section, "type");
  if (value === null) return "unicast";
  const type = TYPES.find((name) => name === value.text);
  if (type === undefined) draft.issues.push(badValueIssue(section, "type", value, "a route type"));
  return type ?? null;
}

function readTable(section: UciSection, option: string, draft: Draft): number | null {
  const value = optionValue(section, option);
  if (value?.text === "main") return MAIN_TABLE;
  if (value?.text === "local") return LOCAL_TABLE;
  if (value?.text === "default") return DEFAULT_TABLE;
  return readNumber(section, option, draft);
}

function readRuleLink(
  section: UciSection,
  option: string,
  links: ReadonlyMap<string, LinkName>,
  draft: Draft,
): LinkName | null {
  const value = optionValue(section, option);
  if (value === null) return null;
  const link = value.text === "loopback" ? undefined : links.get(value.text);
  if (link === undefined)
    draft.issues.push(ruleIssue(section, `\`${option}\` \`${value.text}\`, which has no link in this file,`));
  return link ?? null;
}

function readMark(section: UciSection, draft: Draft): Rule["mark"] {
  const value = optionValue(section, "mark");
  if (value === null) return null;
  const match = /^(0x[0-9a-f]{1,8}|\d{1,10})(?:\/(0x[0-9a-f]{1,8}|\d{1,10}))?$/i.exec(value.text);
  if (match === null) {
    draft.issues.push(badValueIssue(section, "mark", value, "a mark such as `0x1/0xff`"));
    return null;
  }
  return { value: Number(match[1]) >>> 0, mask: Number(match[2] ?? 0xffffffff) >>> 0 };
}

function readAction(section: UciSection, draft: Draft): RuleAction {
  const value = optionValue(section, "action");
  if (value?.text === "blackhole" || value?.text === "unreachable" || value?.text === "prohibit")
    return { kind: value.text };
  if (value !== null)
    draft.issues.push(badValueIssue(section, "action", value, "`blackhole`, `unreachable` or `prohibit`"));
  const table = readTable(section, "lookup", draft) ?? MAIN_TABLE;
  return { kind: "lookup", table, suppressPrefixLength: readNumber(section, "suppress_prefixlength", draft) };
}

function reportUnmodelled(section: UciSection, options: readonly string[], draft: Draft): void {
  for (const option of options) {
    const value = optionValue(section, option);
    if (value !== null) draft.issues.push(unknownOptionIssue(section, option, value));
  }
}
