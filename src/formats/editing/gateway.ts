import { DEFAULT_PREFIX, hostPrefix, samePrefix } from "#ip/index.js";
import {
  type BootStep,
  type ConfigurationEdit,
  type EditedRoute,
  type EditRefusal,
  err,
  type HostConfiguration,
  type LinkName,
  ok,
  type Result,
  type Route,
} from "#model/index.js";
import type { RouteChange } from "./change.js";
import { routeOfStep } from "./facts.js";
import { dynamicLink, severalDefaults } from "./messages.js";

type GatewayEdit = Extract<ConfigurationEdit, { kind: "gateway" }>;

/** Links that may learn a default route at run time. */
const LEARNING: ReadonlySet<string> = new Set(["dhcp", "bootp", "pppoe", "modem"]);

/**
 * The routes that give way: the default route of the link (for a new gateway also the only one of the files, which then moves to the
 * link), with its metric, and the host route that makes its gateway on-link where there is one. Empty where there is nothing to do.
 */
export function gatewayChanges(
  configuration: HostConfiguration,
  edit: GatewayEdit,
): Result<readonly RouteChange[], Omit<EditRefusal, "edit">> {
  const all = configuration.steps.filter(isDefault);
  const isMoved = all.length === 1 && edit.gateway !== null;
  const candidates = isMoved ? all : all.filter((step) => isOn(step, edit));
  const [only] = candidates;
  if (candidates.length > 1) return err(severalDefaults(edit.link, candidates.length, only?.source ?? null));
  const learnt = configuration.dynamicLinks.find(
    ({ link, protocol }) => link === edit.link && LEARNING.has(protocol),
  );
  if (learnt !== undefined && (only === undefined || edit.gateway === null)) {
    const hint =
      "Set the gateway where the address comes from, or write the addresses of the link into the file.";
    return err(dynamicLink(edit.link, learnt.protocol, learnt.source, hint));
  }
  const found = only === undefined ? null : routeOfStep(only);
  const from = found === null ? null : editedRoute(found, edit.link);
  return ok(changesFrom(edit, from, from === null ? null : routeToGateway(configuration, from)));
}

function changesFrom(
  edit: GatewayEdit,
  from: EditedRoute | null,
  helper: EditedRoute | null,
): readonly RouteChange[] {
  const { gateway, link, isOnlink } = edit;
  const change = (old: EditedRoute | null, to: EditedRoute | null): readonly RouteChange[] =>
    old === null && to === null ? [] : [{ kind: "route", from: old, to }];
  if (gateway === null) return [...change(from, null), ...change(helper, null)];
  const keepsHelper = helper !== null && isOnlink;
  const to: EditedRoute = {
    destination: DEFAULT_PREFIX,
    gateway,
    link,
    metric: from?.link === link && from.metric !== 0 ? from.metric : null,
    isOnlink: keepsHelper ? (from?.isOnlink ?? false) : isOnlink,
  };
  const next = keepsHelper ? { ...helper, destination: hostPrefix(gateway), link } : null;
  return [...change(from, to), ...change(helper, next)];
}

/** The route without a gateway to the gateway alone, as hosted servers have it. */
function routeToGateway(
  configuration: HostConfiguration,
  { gateway, link }: EditedRoute,
): EditedRoute | null {
  if (gateway === null) return null;
  const wanted = hostPrefix(gateway);
  for (const step of configuration.steps) {
    const route = routeOfStep(step);
    if (route?.gateway !== null || route.link !== link) continue;
    if (samePrefix(route.destination, wanted)) return editedRoute(route, link);
  }
  return null;
}

function isDefault(step: BootStep): boolean {
  const route = routeOfStep(step);
  return route !== null && samePrefix(route.destination, DEFAULT_PREFIX);
}

function isOn(step: BootStep, edit: GatewayEdit): boolean {
  const link = routeOfStep(step)?.link ?? null;
  return link === edit.link || link === null;
}

function editedRoute(route: Route, fallback: LinkName): EditedRoute {
  const { destination, gateway, metric, isOnlink } = route;
  return { destination, gateway, link: route.link ?? fallback, metric, isOnlink };
}
