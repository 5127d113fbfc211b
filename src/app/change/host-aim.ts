import { formatIPv4, formatPrefix, type IPv4, ipv4, maskOf, type Prefix } from "#ip/index.js";
import {
  type ConfigurationFacts,
  configurationFacts,
  type EditedRoute,
  type FlannelBackend,
  type FleetHost,
  type Host,
  type HostConfiguration,
  isDefaultRoute,
  type LinkName,
  MAIN_TABLE,
  type Route,
} from "#model/index.js";

/** A host on the way from what its files say to what they should say; the wishes of a change file are carried out on it. */
export interface HostAim {
  readonly host: FleetHost;
  /** As a cold boot with the files of today leaves it. */
  readonly booted: Host;
  readonly configuration: HostConfiguration;
  readonly facts: ConfigurationFacts;
  addresses: readonly AimedAddress[];
  defaults: readonly AimedDefault[];
  routes: readonly AimedRoute[];
  /** The static routes that the files have today. */
  readonly original: readonly EditedRoute[];
  readonly mtus: Map<LinkName, number>;
  nodeIp: IPv4 | null;
  backend: FlannelBackend | null;
  server: string | null;
}

/** `was` is null for what is new. */
export interface AimedAddress {
  readonly link: LinkName;
  readonly ip: IPv4;
  readonly length: number;
  readonly was: { readonly ip: IPv4; readonly length: number } | null;
}

/** The default route of a link; a gateway of null takes it away. A route to the gateway alone makes it on-link too. */
export interface AimedDefault {
  readonly link: LinkName;
  readonly gateway: IPv4 | null;
  readonly isOnlink: boolean;
  readonly was: Omit<AimedDefault, "was"> | null;
}

/** A static route; `was` is null for one that is new. */
export interface AimedRoute {
  readonly route: EditedRoute;
  readonly was: EditedRoute | null;
}

/** Starts with what the files say. */
export function startAim(host: FleetHost, booted: Host, configuration: HostConfiguration): HostAim {
  const facts = configurationFacts(configuration);
  const plain = facts.routes.filter(isPlain).map((route) => ({ route, link: linkOfRoute(route, booted) }));
  const defaults = plain.filter(({ route }) => isDefaultRoute(route));
  const routes = plain.filter(({ route }) => !isDefaultRoute(route) && !isHelper(route, facts.routes));
  const original = routes.flatMap(({ route, link }) => (link === null ? [] : [edited(route, link)]));
  return {
    host,
    booted,
    configuration,
    facts,
    addresses: facts.addresses
      .filter(({ scope, link }) => scope !== "host" && link !== "lo")
      .map(({ link, ip, length }) => ({ link, ip, length, was: { ip, length } })),
    defaults: defaults.flatMap(({ route, link }) =>
      link === null ? [] : [aimedDefault(route, link, facts.routes)],
    ),
    routes: original.map((route) => ({ route, was: route })),
    original,
    mtus: new Map(facts.mtus),
    nodeIp: facts.nodeIp,
    backend: facts.backend,
    server: facts.server,
  };
}

function isPlain(route: Route): boolean {
  return route.table === MAIN_TABLE && route.type === "unicast";
}

/** A file may leave the link of a route to the kernel, which has found it at the boot. */
function linkOfRoute(route: Route, booted: Host): LinkName | null {
  if (route.link !== null) return route.link;
  const found = booted.routes.find(
    (each) =>
      each.gateway === route.gateway &&
      each.table === route.table &&
      formatPrefix(each.destination) === formatPrefix(route.destination),
  );
  return found?.link ?? null;
}

/** The route to a gateway alone that makes it on-link; it belongs to the default route. */
function isHelper(route: Route, all: readonly Route[]): boolean {
  return (
    route.gateway === null &&
    route.destination.length === 32 &&
    all.some((each) => isDefaultRoute(each) && each.gateway === route.destination.address)
  );
}

function aimedDefault(route: Route, link: LinkName, all: readonly Route[]): AimedDefault {
  const hasHelper = all.some(
    (each) =>
      isPlain(each) &&
      each.gateway === null &&
      each.destination.length === 32 &&
      each.destination.address === route.gateway,
  );
  const was = { link, gateway: route.gateway, isOnlink: route.isOnlink || hasHelper };
  return { ...was, was };
}

function edited(route: Route, link: LinkName): EditedRoute {
  const { destination, gateway, metric, isOnlink } = route;
  return { destination, gateway, link, metric, isOnlink };
}

/** Writes an address for a message. */
export function aimedText({ ip, length, link }: AimedAddress): string {
  return `${formatIPv4(ip)}/${length} on ${link}`;
}

/** The address that keeps its host part when its network changes. */
export function movedInto(ip: IPv4, from: Prefix, to: Prefix): IPv4 {
  return ipv4(to.address | (ip & ~maskOf(from.length)));
}
