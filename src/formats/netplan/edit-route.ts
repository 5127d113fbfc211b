import { isMap, isScalar, isSeq, type YAMLMap } from "yaml";
import type { Proposal, RouteChange, Splice } from "#formats/editing/index.js";
import { formatIPv4, formatPrefix } from "#ip/index.js";
import type { EditedRoute, Source } from "#model/index.js";
import {
  addListItem,
  type DevicePart,
  type Devices,
  dropListItem,
  homeOf,
  nodeAtPlace,
  type PlacedNode,
  partsOf,
} from "./edit-device.js";
import { addPair, dropPair, pairOf, setScalar, type YamlFile } from "./edit-yaml.js";

/** Ways to put a route in the place of another, to add one, or to take one out. */
export function proposeRoute(
  devices: Devices,
  change: RouteChange,
  place: Source | null,
): readonly Proposal[] {
  const { from, to } = change;
  const placed = place === null ? null : nodeAtPlace(devices, place);
  if (from === null || placed === null) return to === null ? [] : additions(devices, to);
  const dropped =
    placed.kind === "item"
      ? dropListItem(placed)
      : [dropPair(placed.part.file, placed.part.map, placed.pair)];
  if (to === null) return dropped;
  const added = additions(devices, to);
  return [
    ...replacements(placed, { from, to }),
    ...dropped.flatMap((drop) => added.map((add) => [...drop, ...add])),
  ];
}

interface Replacement {
  readonly from: EditedRoute;
  readonly to: EditedRoute;
}

function replacements(placed: PlacedNode, { from, to }: Replacement): readonly Proposal[] {
  if (from.link !== to.link) return [];
  const { file } = placed.part;
  if (placed.kind === "value") {
    const fits = to.gateway !== null && to.destination.length === 0 && !to.isOnlink;
    return fits && to.gateway !== null ? [setScalar(file, placed.scalar, formatIPv4(to.gateway))] : [];
  }
  const { item } = placed;
  return isMap(item) ? [rewriteItem(file, item, { from, to })] : [];
}

function rewriteItem(file: YamlFile, item: YAMLMap, { from, to }: Replacement): Proposal {
  const set = (key: string, before: string | null, after: string | null): readonly Splice[] =>
    before === after ? [] : setKey(file, item, key, after);
  return [
    ...set("to", formatDestination(from), formatDestination(to)),
    ...set("via", formatGateway(from), formatGateway(to)),
    ...(to.metric === null ? [] : set("metric", String(from.metric), String(to.metric))),
    ...set("on-link", String(from.isOnlink), String(to.isOnlink)),
  ];
}

function setKey(file: YamlFile, map: YAMLMap, key: string, after: string | null): readonly Splice[] {
  const pair = pairOf(map, key);
  if (pair === null) return after === null ? [] : addPair(file, map, key, after);
  if (after === null) return dropPair(file, map, pair);
  return isScalar(pair.value) ? setScalar(file, pair.value, after) : [];
}

function formatDestination({ destination }: EditedRoute): string {
  return destination.length === 0 ? "default" : formatPrefix(destination);
}

function formatGateway({ gateway }: EditedRoute): string | null {
  return gateway === null ? null : formatIPv4(gateway);
}

/** The keys of a route; one without a gateway needs its scope said. */
function routeKeys(route: EditedRoute): Readonly<Record<string, string>> {
  const via = formatGateway(route);
  return {
    to: formatDestination(route),
    ...(via === null ? { scope: "link" } : { via }),
    ...(route.metric === null || route.metric === 0 ? {} : { metric: String(route.metric) }),
    ...(route.isOnlink ? { "on-link": "true" } : {}),
  };
}

function additions(devices: Devices, route: EditedRoute): readonly Proposal[] {
  const part = homeOf(partsOf(devices, route.link), "routes");
  return part === null ? [] : [addRoute(part, route)];
}

/** In one line where the last route is, else a line for each key. */
function addRoute(part: DevicePart, route: EditedRoute): Proposal {
  const keys = routeKeys(route);
  const list = pairOf(part.map, "routes")?.value;
  const last = isSeq(list) ? list.items.at(-1) : undefined;
  if (!isMap(last) || last.flow !== true) return addListItem(part, "routes", keys);
  const flow = Object.entries(keys)
    .map(([key, text]) => `${key}: ${text}`)
    .join(", ");
  return addListItem(part, "routes", `{${flow}}`);
}
