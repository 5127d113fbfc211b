import type { NewAddress, Wish } from "#formats/change/index.js";
import { contains, formatIPv4, formatPrefix, type IPv4, parseIPv4 } from "#ip/index.js";
import type { Granting } from "./granting.js";
import { aimedText, type HostAim, movedInto } from "./host-aim.js";
import { mistake } from "./messages.js";
import { addressesInScope } from "./scope.js";

/** Moves the addresses of the hosts from one network into another; gateways, next hops and node addresses among them follow. */
export function renumberNetwork(granting: Granting, wish: Extract<Wish, { kind: "renumber" }>): void {
  const { from, to, source } = wish;
  const moved = new Map<IPv4, IPv4>();
  for (const aim of granting.aims) {
    for (const { ip } of addressesInScope(granting, aim))
      if (contains(from, ip)) moved.set(ip, movedInto(ip, from, to));
  }
  const isDone = granting.aims.some((aim) => aim.addresses.some(({ ip }) => contains(to, ip)));
  if (moved.size === 0 && !isDone) {
    const has = granting.aims.flatMap((aim) => aim.addresses.map(aimedText));
    granting.issues.push(mistake.noAddress(null, { what: `in \`${formatPrefix(from)}\``, has, source }));
  }
  for (const aim of granting.aims) follow(granting, aim, moved);
}

/** Gives single hosts new addresses. */
export function renumberHosts(granting: Granting, wishes: readonly NewAddress[]): void {
  const moved = new Map<IPv4, IPv4>();
  for (const wish of wishes) {
    const aim = granting.aims.find(({ host }) => host.id === wish.host);
    if (aim !== undefined) planMove(granting, aim, { wish, moved });
  }
  for (const aim of granting.aims) {
    follow(granting, aim, moved);
    const length = wishes.find(({ host }) => host === aim.host.id)?.length ?? null;
    const ips = wishes.filter(({ host }) => host === aim.host.id).map(({ ip }) => ip);
    if (length !== null)
      aim.addresses = aim.addresses.map((each) => (ips.includes(each.ip) ? { ...each, length } : each));
  }
}

function planMove(
  granting: Granting,
  aim: HostAim,
  { wish, moved }: { readonly wish: NewAddress; readonly moved: Map<IPv4, IPv4> },
): void {
  const candidates = addressesInScope(granting, aim);
  if (candidates.some(({ ip }) => ip === wish.ip)) return;
  const [only] = candidates;
  const { source } = wish;
  if (only === undefined) {
    const has = aim.addresses.map(aimedText);
    granting.issues.push(mistake.noAddress(aim.host.id, { what: "to change", has, source }));
  } else if (candidates.length > 1)
    granting.issues.push(mistake.severalAddresses(aim.host.id, candidates.map(aimedText), source));
  else moved.set(only.ip, wish.ip);
}

/** What of a host names an address that moves: its own, its gateways and next hops, and those of k3s. */
function follow({ scope, fleet, issues }: Granting, aim: HostAim, moved: ReadonlyMap<IPv4, IPv4>): void {
  const own = new Set(addressesInScope({ scope, fleet, issues }, aim));
  aim.addresses = aim.addresses.map((each) => {
    const ip = own.has(each) ? moved.get(each.ip) : undefined;
    return ip === undefined ? each : { ...each, ip };
  });
  aim.defaults = aim.defaults.map((each) => {
    const gateway = each.gateway === null ? undefined : moved.get(each.gateway);
    return gateway === undefined ? each : { ...each, gateway };
  });
  aim.routes = aim.routes.map((each) => {
    const gateway = each.route.gateway === null ? undefined : moved.get(each.route.gateway);
    return gateway === undefined ? each : { ...each, route: { ...each.route, gateway } };
  });
  aim.server = aim.server?.replace(DOTTED_QUAD, (text) => movedText(text, moved)) ?? null;
  aim.nodeIp = (aim.nodeIp === null ? undefined : moved.get(aim.nodeIp)) ?? aim.nodeIp;
}

const DOTTED_QUAD = /(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.])/;

function movedText(text: string, moved: ReadonlyMap<IPv4, IPv4>): string {
  const ip = parseIPv4(text);
  const next = ip === null ? undefined : moved.get(ip);
  return next === undefined ? text : formatIPv4(next);
}

/** Addresses that a change gives up: a host had them, and none has them any more. */
export function givenUp(aims: readonly HostAim[]): ReadonlySet<string> {
  const kept = new Set(aims.flatMap((aim) => aim.addresses.map(({ ip }) => ip)));
  const had = aims.flatMap((aim) => aim.facts.addresses.map(({ ip }) => ip));
  return new Set(had.filter((ip) => !kept.has(ip)).map(formatIPv4));
}
