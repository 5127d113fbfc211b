import type { NewRoute, Wish } from "#formats/change/index.js";
import { formatIPv4, formatPrefix, samePrefix } from "#ip/index.js";
import { editedRouteText, type RouteKey, type Source } from "#model/index.js";
import { type Granting, settle } from "./granting.js";
import type { AimedRoute, HostAim } from "./host-aim.js";
import { mistake, note } from "./messages.js";
import { linkNames, linksInScope, linkTowards } from "./scope.js";

type RouteWish = Extract<Wish, { kind: "gateway" | "route-add" | "route-remove" }>;

/** Carries a wish for a route out on one host. */
export function applyRouteWish(granting: Granting, aim: HostAim, wish: RouteWish): void {
  switch (wish.kind) {
    case "gateway":
      setGateway(granting, aim, wish);
      return;
    case "route-add":
      addRoute(granting, aim, wish.route, wish.source);
      return;
    case "route-remove":
      removeRoute(granting, aim, wish.route, wish.source);
      return;
  }
}

function setGateway(granting: Granting, aim: HostAim, wish: Extract<Wish, { kind: "gateway" }>): void {
  const { gateway, isOnlink, source } = wish;
  const text = gateway === null ? "none" : formatIPv4(gateway);
  settle(granting, aim, { what: "the gateway", value: `${text} ${isOnlink}`, source });
  const links = linksInScope(granting, aim);
  const candidates = aim.defaults.filter(
    ({ link, gateway: own }) => own !== null && (links === null || links.has(link)),
  );
  if (candidates.length > 1) {
    const texts = candidates.map(
      ({ gateway: own, link }) => `default via ${own === null ? "" : formatIPv4(own)} dev ${link}`,
    );
    granting.issues.push(mistake.severalDefaults(aim.host.id, texts, source));
    return;
  }
  const [old] = candidates;
  if (gateway === null) {
    if (old === undefined) granting.notes.push(note.nothingToRemove(aim.host.id, "default route"));
    aim.defaults = aim.defaults.map((each) => (each === old ? { ...each, gateway } : each));
    return;
  }
  const link = linkTowards(granting, aim, { ip: gateway, what: `towards \`${text}\``, source });
  if (link === null) return;
  const next = { link, gateway, isOnlink: isOnlink ?? old?.isOnlink ?? false, was: old?.was ?? null };
  aim.defaults = [...aim.defaults.filter((each) => each !== old), next];
}

function addRoute(granting: Granting, aim: HostAim, wanted: NewRoute, source: Source): void {
  const what = `for the route to \`${formatPrefix(wanted.destination)}\``;
  const link = wanted.link ?? linkTowards(granting, aim, { ip: wanted.gateway, what, source });
  if (link === null) return;
  const known = linkNames(aim);
  if (!known.includes(link)) {
    granting.issues.push(mistake.unknownLink(aim.host.id, { names: [link], known, source }));
    return;
  }
  const route = { ...wanted, link };
  const isThere = aim.routes.some(
    ({ route: own }) =>
      editedRouteText({ ...own, metric: wanted.metric === null ? null : own.metric }) ===
      editedRouteText(route),
  );
  if (!isThere) aim.routes = [...aim.routes, { route, was: null }];
}

function removeRoute(granting: Granting, aim: HostAim, key: RouteKey, source: Source): void {
  const links = linksInScope(granting, aim);
  const found = aim.routes.filter(
    (each) => matches(each, key) && (links === null || links.has(each.route.link)),
  );
  if (found.length > 1) {
    const texts = found.map(({ route }) => editedRouteText(route));
    granting.issues.push(mistake.severalRoutes(aim.host.id, texts, source));
    return;
  }
  if (found.length === 0) {
    const what = `route to \`${formatPrefix(key.destination)}\` of this kind`;
    granting.notes.push(note.nothingToRemove(aim.host.id, what));
  }
  aim.routes = aim.routes.filter((each) => !found.includes(each));
}

function matches({ route }: AimedRoute, key: RouteKey): boolean {
  return (
    samePrefix(route.destination, key.destination) &&
    (key.gateway === null || route.gateway === key.gateway) &&
    (key.link === null || route.link === key.link) &&
    (key.metric === null || key.metric === 0 || (route.metric ?? 0) === key.metric)
  );
}
