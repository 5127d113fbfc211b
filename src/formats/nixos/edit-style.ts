import { offsetOf } from "#formats/editing/index.js";
import { type Cidr, formatIPv4, formatPrefix } from "#ip/index.js";
import type { EditedRoute, HostConfiguration } from "#model/index.js";
import { writeString } from "./edit-insert.js";
import { bindingsAround, type NixSource } from "./edit-source.js";

/** The options in which the modules speak of a link: those of `networking`, or those of a unit of systemd-networkd. */
export interface LinkOptions {
  readonly link: string;
  readonly isNetworkd: boolean;
  readonly addresses: readonly string[];
  readonly routes: readonly string[];
  readonly mtu: readonly string[];
}

/** How addresses are written; `like` is the text of one that is there. */
export interface AddressStyle {
  readonly options: LinkOptions;
  readonly like: string | null;
}

const UNITS: readonly string[] = ["systemd", "network", "networks"];

/** Finds which options the modules use for a link, by where its facts stand. */
export function linkOptions(
  configuration: HostConfiguration,
  sources: readonly NixSource[],
  link: string,
): LinkOptions {
  const unit = configuration.steps
    .filter(({ operation }) => linkNamed(operation) === link)
    .map(({ source: place }) => {
      const source = sources.find(({ path }) => path === place.file);
      const offset = source === undefined ? null : offsetOf(source.text, place);
      return source === undefined || offset === null ? null : unitAround(source, offset);
    })
    .find((name) => name !== null);
  const base = unit === undefined ? ["networking", "interfaces", link] : [...UNITS, unit];
  const isNetworkd = unit !== undefined;
  return {
    link,
    isNetworkd,
    addresses: isNetworkd ? [...base, "address"] : [...base, "ipv4", "addresses"],
    routes: isNetworkd ? [...base, "routes"] : [...base, "ipv4", "routes"],
    mtu: isNetworkd ? [...base, "linkConfig", "MTUBytes"] : [...base, "mtu"],
  };
}

function unitAround(source: NixSource, offset: number): string | null {
  for (const { path } of bindingsAround(source, offset)) {
    const name = path[UNITS.length];
    if (typeof name === "string" && UNITS.every((part, index) => path[index] === part)) return name;
  }
  return null;
}

function linkNamed(operation: HostConfiguration["steps"][number]["operation"]): string | null {
  switch (operation.kind) {
    case "address-add":
      return operation.address.link;
    case "route-add":
    case "route-append":
    case "route-replace":
      return operation.route.link;
    case "link-up":
    case "link-mtu":
    case "link-master":
      return operation.link;
    default:
      return null;
  }
}

/** Writes an address as an item of the list of addresses. */
export function writeAddress(address: Cidr, { options, like }: AddressStyle): string {
  const { address: ip, length } = address;
  if (!options.isNetworkd) return `{ address = "${formatIPv4(ip)}"; prefixLength = ${length}; }`;
  const text = writeString(formatPrefix(address));
  if (like === null || !like.startsWith("{")) return text;
  return like.includes("addressConfig") ? `{ addressConfig.Address = ${text}; }` : `{ Address = ${text}; }`;
}

/** Writes a route and names the option that it belongs to; a default route beside another one is a route like all others. */
export function writeRoute(
  route: EditedRoute,
  options: LinkOptions,
  isSecond: boolean,
): { readonly option: readonly string[]; readonly value: string } {
  if (options.isNetworkd) return { option: options.routes, value: unitRoute(route) };
  if (route.destination.length === 0 && route.gateway !== null && !isSecond)
    return { option: ["networking", "defaultGateway"], value: defaultGateway(route) };
  return { option: options.routes, value: scriptedRoute(route) };
}

function defaultGateway({ gateway, link, metric }: EditedRoute): string {
  const parts = [
    ...(gateway === null ? [] : [`address = "${formatIPv4(gateway)}";`]),
    `interface = ${writeString(link)};`,
    ...(metric === null || metric === 0 ? [] : [`metric = ${metric};`]),
  ];
  return `{ ${parts.join(" ")} }`;
}

function scriptedRoute({ destination, gateway, metric, isOnlink }: EditedRoute): string {
  const parts = [
    `address = "${formatIPv4(destination.address)}"; prefixLength = ${destination.length};`,
    ...(gateway === null ? [] : [`via = "${formatIPv4(gateway)}";`]),
    ...(metric === null || metric === 0 ? [] : [`options.metric = "${metric}";`]),
    ...(isOnlink ? ['options.onlink = "";'] : []),
  ];
  return `{ ${parts.join(" ")} }`;
}

function unitRoute({ destination, gateway, metric, isOnlink }: EditedRoute): string {
  const parts = [
    ...(destination.length === 0 ? [] : [`Destination = "${formatPrefix(destination)}";`]),
    ...(gateway === null ? [] : [`Gateway = "${formatIPv4(gateway)}";`]),
    ...(metric === null || metric === 0 ? [] : [`Metric = ${metric};`]),
    ...(isOnlink ? ["GatewayOnLink = true;"] : []),
  ];
  return `{ ${parts.join(" ")} }`;
}
