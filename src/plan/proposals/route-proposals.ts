import { contains, formatIPv4, formatPrefix, hostPrefix, type IPv4, type Prefix, prefix } from "#ip/index.js";
import { type Host, type LinkName, MAIN_TABLE, operation } from "#model/index.js";
import type { HelperProposal } from "../helper-stage.js";
import { type Ask, type Decision, decisionsOf, type Propose } from "./ask.js";
import { forwards, type Leg, networkOf, routeTo } from "./surroundings.js";

/** A next hop with the words that say why it is one. */
interface Way {
  readonly link: LinkName;
  readonly gateway: IPv4 | null;
  readonly label: string;
}

/**
 * Routes that are more specific than those of both ends, for each decision of the flow: by the old or the new next hop, so that destinations
 * under one route switch one by one; straight to a neighbour; round by another router. A gateway that no connected prefix covers needs `onlink`.
 */
export const proposeRoutes: Propose = (ask) =>
  decisionsOf(ask).flatMap((decision) => {
    const ends = ask.around.endsOf(decision.host);
    return networksOf(ask, decision, ends).flatMap((network) =>
      waysOf(ask, decision, ends).flatMap((way) => buildRoutes({ decision, ends, network, way })),
    );
  });

/**
 * The destination itself, and its owner's networks where they are narrower than the routes in use. An address of no host stands for
 * all that the same routes serve: there it is those routes' own network.
 */
function networksOf({ around }: Ask, { destination }: Decision, ends: readonly Host[]): readonly Prefix[] {
  const routes = ends.flatMap((end) => routeTo(end, destination) ?? []);
  const longest = Math.max(0, ...routes.map((route) => route.destination.length));
  const owners = around.ownersOf(destination);
  if (owners.length === 0) return distinctPrefixes(routes.map((route) => route.destination));
  const owned = owners
    .flatMap((owner) => around.legsOf(owner))
    .flatMap((leg) => leg.addresses.filter(({ ip }) => ip === destination).map(networkOf))
    .filter(({ length }) => length >= longest && length < 32);
  const narrow = owned.flatMap((network) => (network.length > longest ? [network] : []));
  return distinctPrefixes([...narrow, hostPrefix(destination)]);
}

function distinctPrefixes(prefixes: readonly Prefix[]): readonly Prefix[] {
  return [...new Map(prefixes.map((each) => [formatPrefix(each), each])).values()];
}

function waysOf(ask: Ask, decision: Decision, ends: readonly Host[]): readonly Way[] {
  const inUse = ["old", "new"].flatMap((age, index): readonly Way[] => {
    const route = routeTo(ends[index], decision.destination);
    if (route === null || route.link === null || route.type !== "unicast") return [];
    return [{ link: route.link, gateway: route.gateway, label: `the ${age} next hop` }];
  });
  const [old, next] = inUse.map(({ link, gateway }) => `${link} ${gateway}`);
  const switching = old === next ? inUse.slice(0, 1) : inUse;
  return [...switching, ...directWays(ask, decision), ...waysRound(ask, decision)];
}

/** The owner hears a link of the host. */
function directWays({ around }: Ask, { host, destination }: Decision): readonly Way[] {
  const owners = new Set(around.ownersOf(destination));
  return around
    .legsOf(host)
    .filter((leg) => around.near(leg).some((other) => owners.has(other.host)))
    .map(({ link }) => ({ link: link.name, gateway: null, label: "no gateway" }));
}

/** Any other host that forwards and hears a link of the host. */
function waysRound({ around }: Ask, { host, destination }: Decision): readonly Way[] {
  return around.legsOf(host).flatMap((leg) =>
    around
      .near(leg)
      .filter((other) => forwards(around.endsOf(other.host)))
      .flatMap((other) => gatewaysOf(leg, other))
      .filter(({ gateway }) => gateway !== destination),
  );
}

function gatewaysOf({ link }: Leg, { host, addresses }: Leg): readonly Way[] {
  return [...new Set(addresses.map(({ ip }) => ip))].map((gateway) => ({
    link: link.name,
    gateway,
    label: `\`${host}\` as next hop`,
  }));
}

interface Building {
  readonly decision: Decision;
  readonly ends: readonly Host[];
  readonly network: Prefix;
  readonly way: Way;
}

/** Two halves where a route of this very prefix is there. */
function buildRoutes({ decision, ends, network, way }: Building): readonly HelperProposal[] {
  const parts = isTaken(ends, network) ? halve(network) : [network];
  if (parts.length === 0 || parts.some((part) => isTaken(ends, part))) return [];
  const { link, gateway, label } = way;
  const isOnlink = gateway !== null && !ends.every((end) => isCovered(end, link, gateway));
  const names = parts.map(formatPrefix).join(" and ");
  const goal = gateway === null ? `straight out of \`${link}\`` : `via \`${formatIPv4(gateway)}\``;
  return [
    {
      kind: isOnlink ? "gateway-route" : "host-route",
      host: decision.host,
      make: parts.map((destination) => ({
        kind: "route-add",
        route: operation.route({ destination, gateway, link, isOnlink }),
      })),
      why: `\`${names}\` goes ${goal}: ${label}`,
      shape: `${shapeOfNetwork(network, decision)} ${label} ${link}`,
    },
  ];
}

/** Alike hosts ask for routes to each other's addresses: those go by the place of the decision and not by the number. */
function shapeOfNetwork(network: Prefix, { place }: Decision): string {
  return network.length === 32 ? `the address, ${place}` : `${formatPrefix(network)}, ${place}`;
}

function halve({ address, length }: Prefix): readonly Prefix[] {
  if (length >= 31) return [];
  const upper = (address + 2 ** (31 - length)) as IPv4;
  return [prefix(address, length + 1), prefix(upper, length + 1)];
}

function isTaken(ends: readonly Host[], network: Prefix): boolean {
  return ends.some((end) =>
    end.routes.some(
      ({ table, metric, destination }) =>
        table === MAIN_TABLE &&
        metric === 0 &&
        destination.length === network.length &&
        destination.address === network.address,
    ),
  );
}

function isCovered(end: Host, link: LinkName, gateway: IPv4): boolean {
  return end.routes.some(
    (route) =>
      route.table === MAIN_TABLE &&
      route.gateway === null &&
      route.type === "unicast" &&
      route.link === link &&
      contains(route.destination, gateway),
  );
}
