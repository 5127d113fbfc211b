import { formatIPv4, samePrefix } from "#ip/index.js";
import type { HostConfiguration } from "./configuration.js";
import type { ConfigurationEdit, EditedRoute } from "./configuration-edit.js";
import {
  addressText,
  type ConfigurationFacts,
  configurationFacts,
  isDefaultRoute,
  routeText,
} from "./configuration-facts.js";
import { type Address, MAIN_TABLE, type Route } from "./host.js";

/** How a configuration after an edit is not what was asked. */
export interface FactDifference {
  /** `missing`: asked for, or there before, and not there now; `unasked`: there now without having been asked for. */
  readonly kind: "missing" | "unasked";
  readonly text: string;
}

/** What is left to be accounted for: facts that have to stay on the left, what was found on the right. */
interface Comparison {
  addresses: readonly Address[];
  routes: readonly Route[];
  mtus: Map<string, number>;
  nodeIp: string | null;
  backend: string | null;
  server: string | null;
  foundAddresses: readonly Address[];
  foundRoutes: readonly Route[];
  readonly differences: FactDifference[];
}

/**
 * Compares a configuration with what the edits should have made of another one. Every fact that no edit names has to be the
 * same, in the same order; the place of what is new is free, and so is what a file may leave to the kernel (the metric of a route
 * that has none, the link of a route with a gateway, the MTU of a link on top of another). Empty where the two mean the same.
 */
export function compareEdited(
  before: HostConfiguration,
  edits: readonly ConfigurationEdit[],
  after: HostConfiguration,
): readonly FactDifference[] {
  const old = configurationFacts(before);
  const found = configurationFacts(after);
  const comparison: Comparison = {
    addresses: old.addresses,
    routes: old.routes,
    mtus: new Map(old.mtus),
    nodeIp: old.nodeIp === null ? null : formatIPv4(old.nodeIp),
    backend: old.backend,
    server: old.server,
    foundAddresses: found.addresses,
    foundRoutes: found.routes,
    differences: [],
  };
  for (const edit of edits) takeOut(comparison, edit);
  for (const edit of edits) account(comparison, edit);
  for (const edit of edits) if (edit.kind === "mtu") followMtu(comparison, edit, { after, found });
  return [...comparison.differences, ...restDifferences(comparison, old, found)];
}

/** What the edits remove no longer has to stay. */
function takeOut(comparison: Comparison, edit: ConfigurationEdit): void {
  switch (edit.kind) {
    case "address-remove":
      comparison.addresses = comparison.addresses.filter((each) => !isAddress(each, edit));
      return;
    case "address-length":
      comparison.addresses = comparison.addresses.map((each) =>
        isAddress(each, { ...edit, length: edit.from }) ? withLength(each, edit.to) : each,
      );
      return;
    case "route-remove":
      comparison.routes = comparison.routes.filter((each) => !matchesRoute(each, edit.route));
      return;
    case "gateway":
      comparison.routes = withoutGateway(comparison.routes, edit.link);
      return;
    default:
      return;
  }
}

/** What the edits bring has to be found; it is then accounted for. */
function account(comparison: Comparison, edit: ConfigurationEdit): void {
  switch (edit.kind) {
    case "address-add":
      accountAddress(comparison, edit);
      return;
    case "route-add":
      accountRoute(comparison, edit.route);
      return;
    case "gateway":
      accountGateway(comparison, edit);
      return;
    case "mtu":
      comparison.mtus.set(edit.link, edit.mtu);
      return;
    case "flannel-backend":
      comparison.backend = edit.backend;
      return;
    case "node-ip":
      comparison.nodeIp = formatIPv4(edit.ip);
      return;
    case "k3s-server":
      comparison.server = edit.url;
      return;
    case "address-length":
    case "address-remove":
    case "route-remove":
      return;
  }
}

/** A link on top of another takes the new MTU over where it has none of its own. */
function followMtu(
  comparison: Comparison,
  edit: ConfigurationEdit & { kind: "mtu" },
  given: { readonly after: HostConfiguration; readonly found: ConfigurationFacts },
): void {
  const followers = new Set<string>([edit.link]);
  for (const { operation } of given.after.steps) {
    if (operation.kind !== "link-add") continue;
    const { name, type } = operation.link;
    const lower = type.kind === "vlan" || type.kind === "vxlan" ? type.lower : null;
    if (lower === null || !followers.has(lower) || given.found.mtus.get(name) !== edit.mtu) continue;
    followers.add(name);
    comparison.mtus.set(name, edit.mtu);
  }
}

function withLength(address: Address, length: number): Address {
  return { ...address, length, broadcast: null };
}

function isAddress(address: Address, wanted: Pick<Address, "link" | "ip" | "length">): boolean {
  return address.link === wanted.link && address.ip === wanted.ip && address.length === wanted.length;
}

function accountAddress(comparison: Comparison, edit: ConfigurationEdit & { kind: "address-add" }): void {
  if (comparison.addresses.some((each) => isAddress(each, edit))) return;
  const found = comparison.foundAddresses.find((each) => isAddress(each, edit));
  if (found === undefined) {
    const text = `${formatIPv4(edit.ip)}/${edit.length} dev ${edit.link}`;
    comparison.differences.push({ kind: "missing", text });
  } else comparison.foundAddresses = comparison.foundAddresses.filter((each) => each !== found);
}

/** Whether a route is the one that an edit names; a missing metric or link of either side fits any. */
export function matchesRoute(route: Route, wanted: EditedRoute): boolean {
  return (
    route.table === MAIN_TABLE &&
    route.type === "unicast" &&
    samePrefix(route.destination, wanted.destination) &&
    route.gateway === wanted.gateway &&
    (route.link === null || route.link === wanted.link) &&
    (wanted.metric === null || route.metric === wanted.metric) &&
    route.isOnlink === wanted.isOnlink
  );
}

function accountRoute(comparison: Comparison, wanted: EditedRoute): void {
  if (comparison.routes.some((each) => matchesRoute(each, wanted))) return;
  const found = comparison.foundRoutes.find((each) => matchesRoute(each, wanted));
  if (found === undefined) comparison.differences.push({ kind: "missing", text: editedRouteText(wanted) });
  else comparison.foundRoutes = comparison.foundRoutes.filter((each) => each !== found);
}

/** Writes the route of an edit as `ip route` does. */
export function editedRouteText(route: EditedRoute): string {
  const full = { ...route, metric: route.metric ?? 0, table: MAIN_TABLE, type: "unicast" } as const;
  return routeText({
    ...full,
    scope: route.gateway === null ? "link" : "global",
    preferredSource: null,
    isDead: false,
    protocol: "static",
    source: null,
  });
}

/** Without the default route that an edit replaces, and without the host route that makes its gateway on-link. */
function withoutGateway(routes: readonly Route[], link: string): readonly Route[] {
  const replaced = replacedDefaults(routes, link);
  return routes.filter(
    (route) =>
      !replaced.includes(route) && !replaced.some((one) => isRouteToGateway(route, one.gateway, one.link)),
  );
}

/** The default routes that an edit of the gateway on a link replaces: the only one, else those of the link. */
function replacedDefaults(routes: readonly Route[], link: string): readonly Route[] {
  const defaults = routes.filter(isDefaultRoute);
  return defaults.length === 1 ? defaults : defaults.filter((each) => each.link === link);
}

function isRouteToGateway(route: Route, gateway: Route["gateway"], link: Route["link"]): boolean {
  return (
    gateway !== null &&
    route.gateway === null &&
    route.table === MAIN_TABLE &&
    route.destination.length === 32 &&
    route.destination.address === gateway &&
    route.link === link
  );
}

function accountGateway(comparison: Comparison, edit: ConfigurationEdit & { kind: "gateway" }): void {
  const { gateway, link } = edit;
  if (gateway === null) return;
  const helper = comparison.foundRoutes.find((route) => isRouteToGateway(route, gateway, edit.link));
  const found = comparison.foundRoutes.find(
    (route) =>
      isDefaultRoute(route) &&
      route.gateway === gateway &&
      (route.link === null || route.link === link) &&
      (edit.isOnlink ? route.isOnlink || helper !== undefined : !route.isOnlink),
  );
  if (found === undefined) {
    const text = `default via ${formatIPv4(gateway)} dev ${link}${edit.isOnlink ? " onlink" : ""}`;
    comparison.differences.push({ kind: "missing", text });
    return;
  }
  const isStaying = comparison.routes.some((route) => isRouteToGateway(route, gateway, link));
  comparison.foundRoutes = comparison.foundRoutes.filter(
    (each) => each !== found && (isStaying || each !== helper),
  );
}

function restDifferences(
  comparison: Comparison,
  old: ConfigurationFacts,
  found: ConfigurationFacts,
): readonly FactDifference[] {
  const mtuTexts = (mtus: ReadonlyMap<string, number>): readonly string[] =>
    [...mtus].map(([link, mtu]) => `mtu ${mtu} dev ${link}`).sort();
  const nodeIp = found.nodeIp === null ? null : formatIPv4(found.nodeIp);
  return [
    ...differ(comparison.addresses.map(addressText), comparison.foundAddresses.map(addressText)),
    ...differ(comparison.routes.map(routeText), comparison.foundRoutes.map(routeText)),
    ...differ(mtuTexts(comparison.mtus), mtuTexts(found.mtus)),
    ...differ(valueText("node-ip", comparison.nodeIp), valueText("node-ip", nodeIp)),
    ...differ(valueText("flannel-backend", comparison.backend), valueText("flannel-backend", found.backend)),
    ...differ(valueText("server", comparison.server), valueText("server", found.server)),
    ...differ(old.others, found.others),
  ];
}

function valueText(name: string, value: string | null): readonly string[] {
  return value === null ? [] : [`${name} ${value}`];
}

function differ(wanted: readonly string[], found: readonly string[]): readonly FactDifference[] {
  const lost = without(wanted, found).map((text) => ({ kind: "missing", text }) as const);
  const added = without(found, wanted).map((text) => ({ kind: "unasked", text }) as const);
  if (lost.length + added.length > 0) return [...lost, ...added];
  const at = wanted.findIndex((text, index) => text !== found[index]);
  return at < 0 ? [] : [{ kind: "unasked", text: `another place in the order for ${wanted[at] ?? ""}` }];
}

/** The texts of the first list that the second does not have, counted. */
function without(texts: readonly string[], taken: readonly string[]): readonly string[] {
  const left = [...taken];
  return texts.filter((text) => {
    const at = left.indexOf(text);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}
