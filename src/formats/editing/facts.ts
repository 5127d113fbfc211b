import { type Cidr, samePrefix } from "#ip/index.js";
import {
  type BootStep,
  type EditedRoute,
  type HostConfiguration,
  type LinkName,
  MAIN_TABLE,
  type Operation,
  type Route,
} from "#model/index.js";

/** The steps that give a link this address. */
export function addressSteps(
  configuration: HostConfiguration,
  link: LinkName,
  address: Cidr,
): readonly BootStep[] {
  return configuration.steps.filter(({ operation: { kind }, operation }) => {
    if (kind !== "address-add" || operation.kind !== kind) return false;
    const { ip, length } = operation.address;
    return operation.address.link === link && ip === address.address && length === address.length;
  });
}

/** The route that a step installs in table main, or null. */
export function routeOfStep({ operation }: BootStep): Route | null {
  const isRoute =
    operation.kind === "route-add" || operation.kind === "route-append" || operation.kind === "route-replace";
  return isRoute && operation.route.table === MAIN_TABLE && operation.route.type === "unicast"
    ? operation.route
    : null;
}

/** The steps that install this route; one without a metric means that of metric 0, or else of any metric. */
export function routeSteps(configuration: HostConfiguration, route: EditedRoute): readonly BootStep[] {
  const alike = configuration.steps.filter((step) => {
    const found = routeOfStep(step);
    return found !== null && isAlike(found, route);
  });
  const ofMetric = (metric: number): readonly BootStep[] =>
    alike.filter((step) => routeOfStep(step)?.metric === metric);
  if (route.metric !== null) return ofMetric(route.metric);
  const plain = ofMetric(0);
  return plain.length > 0 ? plain : alike;
}

/** A route of an `ip route` line may leave its link to the kernel. */
function isAlike(found: Route, route: EditedRoute): boolean {
  const isSameLink = found.link === route.link || (found.link === null && found.gateway !== null);
  return (
    isSameLink &&
    samePrefix(found.destination, route.destination) &&
    found.gateway === route.gateway &&
    found.isOnlink === route.isOnlink
  );
}

/** The MTU that a link ends up with, or null where nothing is said of it. */
export function mtuOf(configuration: HostConfiguration, link: LinkName): number | null {
  let mtu: number | null = null;
  for (const { operation } of configuration.steps) {
    if (operation.kind === "link-mtu" && operation.link === link) mtu = operation.mtu;
    if (operation.kind === "link-add" && operation.link.name === link) mtu = operation.link.mtu;
  }
  return mtu;
}

/** The step that sets the MTU last, or null. */
export function mtuStep(configuration: HostConfiguration, link: LinkName): BootStep | null {
  return (
    configuration.steps.findLast(
      ({ operation }) => operation.kind === "link-mtu" && operation.link === link,
    ) ?? null
  );
}

/** Whether the files say anything of a link. */
export function mentionsLink(configuration: HostConfiguration, link: LinkName): boolean {
  return (
    configuration.steps.some(({ operation }) => linkOfOperation(operation) === link) ||
    configuration.dynamicLinks.some((dynamic) => dynamic.link === link)
  );
}

/** The link that an operation changes, or null for one of the whole host. */
export function linkOfOperation(operation: Operation): LinkName | null {
  switch (operation.kind) {
    case "link-add":
      return operation.link.name;
    case "address-add":
      return operation.address.link;
    case "route-add":
    case "route-append":
    case "route-replace":
    case "route-delete":
      return operation.route.link;
    case "rule-add":
    case "rule-delete":
    case "route-cache-flush":
    case "etcd-peer":
    case "sysctl":
      return null;
    case "neighbour-replace":
      return operation.neighbour.link;
    case "fdb-append":
    case "fdb-delete":
      return operation.entry.link;
    default:
      return "link" in operation ? operation.link : null;
  }
}
