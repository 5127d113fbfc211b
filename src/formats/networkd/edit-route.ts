import type { Proposal, RouteChange, Splice } from "#formats/editing/index.js";
import { formatIPv4, formatPrefix } from "#ip/index.js";
import type { EditedRoute, Source } from "#model/index.js";
import {
  addEntry,
  addSection,
  dropEntry,
  dropSection,
  entryAt,
  lastEntry,
  type PlacedEntry,
  setEntry,
  setKey,
  type Units,
  unitsOf,
} from "./edit-unit.js";

/** Ways to put a route in the place of another, to add one, or to take one out. */
export function proposeRoute(units: Units, change: RouteChange, place: Source | null): readonly Proposal[] {
  const { from, to } = change;
  const placed = place === null ? null : entryAt(units, place);
  if (from === null || placed === null) return to === null ? [] : additions(units, to);
  const { unit, section, entry } = placed;
  const dropped = entry === null ? dropSection(unit, section) : dropEntry(unit, entry);
  if (to === null) return [dropped];
  const inPlace = from.link === to.link ? replaceRoute(placed, { from, to }) : null;
  const anew = additions(units, to).map((added) => [...dropped, ...added]);
  return [...(inPlace === null ? [] : [inPlace]), ...anew];
}

interface Replacement {
  readonly from: EditedRoute;
  readonly to: EditedRoute;
}

/** `Gateway=` of `[Network]` is a default route without more. */
function replaceRoute({ unit, section, entry }: PlacedEntry, { from, to }: Replacement): Proposal | null {
  if (entry !== null) {
    const fits =
      to.gateway !== null && to.destination.length === 0 && !to.isOnlink && entry.key === "Gateway";
    return fits && to.gateway !== null ? setEntry(unit, entry, formatIPv4(to.gateway)) : null;
  }
  const set = (key: string, before: string | null, after: string | null): readonly Splice[] => {
    if (before === after) return [];
    const known = lastEntry(section, key);
    if (after !== null) return setKey(unit, section, key, after);
    return known === null ? [] : dropEntry(unit, known);
  };
  const onlinkKey = lastEntry(section, "GatewayOnlink") === null ? "GatewayOnLink" : "GatewayOnlink";
  return [
    ...set("Destination", formatPrefix(from.destination), formatPrefix(to.destination)),
    ...set("Gateway", formatGateway(from), formatGateway(to)),
    ...(to.metric === null ? [] : set("Metric", String(from.metric), String(to.metric))),
    ...set(onlinkKey, from.isOnlink ? "yes" : null, to.isOnlink ? "yes" : null),
  ];
}

function formatGateway({ gateway }: EditedRoute): string | null {
  return gateway === null ? null : formatIPv4(gateway);
}

function additions(units: Units, route: EditedRoute): readonly Proposal[] {
  const own = unitsOf(units, route.link);
  const home = own.findLast(({ sections }) => sections.some(({ name }) => name === "Route")) ?? own[0];
  if (home === undefined) return [];
  const { destination, gateway, metric, isOnlink } = route;
  const lines = [
    "[Route]",
    ...(destination.length === 0 && gateway !== null ? [] : [`Destination=${formatPrefix(destination)}`]),
    ...(gateway === null ? [] : [`Gateway=${formatIPv4(gateway)}`]),
    ...(metric === null || metric === 0 ? [] : [`Metric=${metric}`]),
    ...(isOnlink ? ["GatewayOnLink=yes"] : []),
  ];
  const asSection = addSection(home, lines, ["Route"]);
  const isPlain = destination.length === 0 && gateway !== null && !isOnlink && (metric ?? 0) === 0;
  return isPlain ? [...addGateway(units, route, formatIPv4(gateway)), asSection] : [asSection];
}

function addGateway(units: Units, { link }: EditedRoute, gateway: string): readonly Proposal[] {
  for (const unit of unitsOf(units, link)) {
    const section = unit.sections.find(({ name }) => name === "Network");
    if (section !== undefined) return [addEntry(unit, section, `Gateway=${gateway}`, ["Address", "Gateway"])];
  }
  return [];
}
