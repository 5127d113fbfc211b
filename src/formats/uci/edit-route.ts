import type { Proposal, RouteChange, Splice } from "#formats/editing/index.js";
import { formatIPv4, formatPrefix, maskOf } from "#ip/index.js";
import type { EditedRoute, Source } from "#model/index.js";
import { optionValue, optionValues, type UciSection } from "./document.js";
import {
  addLine,
  addSection,
  dropOption,
  dropSection,
  interfacesOf,
  quoteLike,
  replaceWord,
  type Sections,
  setOption,
  valueAt,
} from "./edit-section.js";

/** Ways to put a route in the place of another, to add one, or to take one out. */
export function proposeRoute(
  sections: Sections,
  change: RouteChange,
  place: Source | null,
): readonly Proposal[] {
  const { from, to } = change;
  const placed = place === null ? null : valueAt(sections, place);
  if (from === null || placed === null) return to === null ? [] : additions(sections, to);
  const { section } = placed;
  const isGateway = section.type === "interface";
  const dropped = isGateway ? dropOption(sections, section, "gateway") : dropSection(sections, section);
  if (to === null) return [dropped];
  const inPlace = isGateway
    ? replaceGateway(sections, section, { from, to })
    : replaceSection(sections, section, { from, to });
  return [...inPlace, ...additions(sections, to).map((added) => [...dropped, ...added])];
}

interface Replacement {
  readonly from: EditedRoute;
  readonly to: EditedRoute;
}

/** netifd adds the route of `gateway` without onlink. */
function replaceGateway(
  sections: Sections,
  section: UciSection,
  { from, to }: Replacement,
): readonly Proposal[] {
  const value = optionValue(section, "gateway");
  const fits = to.gateway !== null && to.destination.length === 0 && !to.isOnlink && to.link === from.link;
  return value === null || to.gateway === null || !fits
    ? []
    : [replaceWord(sections, value, value.text, formatIPv4(to.gateway))];
}

function replaceSection(
  sections: Sections,
  section: UciSection,
  { from, to }: Replacement,
): readonly Proposal[] {
  const change = (name: string, text: string | null): readonly Splice[] =>
    text === null ? dropOption(sections, section, name) : setOption(sections, section, name, text);
  const splices = [
    from.destination === to.destination ? [] : setTarget(sections, section, to),
    from.gateway === to.gateway ? [] : change("gateway", to.gateway === null ? null : formatIPv4(to.gateway)),
    to.metric === null || from.metric === to.metric ? [] : change("metric", String(to.metric)),
    from.isOnlink === to.isOnlink ? [] : change("onlink", to.isOnlink ? "1" : null),
    from.link === to.link ? [] : change("interface", interfaceName(sections, to)),
  ];
  return [splices.flat()];
}

/** The target keeps its form: with a length, or with a netmask beside it. */
function setTarget(sections: Sections, section: UciSection, { destination }: EditedRoute): readonly Splice[] {
  const target = optionValue(section, "target");
  const hasMask = optionValue(section, "netmask") !== null && target?.text.includes("/") === false;
  if (!hasMask) return setOption(sections, section, "target", formatPrefix(destination));
  return [
    ...setOption(sections, section, "target", formatIPv4(destination.address)),
    ...setOption(sections, section, "netmask", formatIPv4(maskOf(destination.length))),
  ];
}

/** The interface whose routes go to the link: the static ones first. */
function interfaceName(sections: Sections, { link }: EditedRoute): string | null {
  return interfaceFor(sections, { link })?.name ?? null;
}

function interfaceFor(sections: Sections, { link }: Pick<EditedRoute, "link">): UciSection | null {
  const interfaces = interfacesOf(sections, link);
  const isStatic = (section: UciSection): boolean => optionValue(section, "proto")?.text === "static";
  return interfaces.find(isStatic) ?? interfaces[0] ?? null;
}

/** A default route is the gateway of its interface where that means the same; any other is a section. */
function additions(sections: Sections, route: EditedRoute): readonly Proposal[] {
  const section = interfaceFor(sections, route);
  if (section === null || section.name === null) return [];
  const { destination, gateway, isOnlink, metric } = route;
  const options: readonly (readonly [string, string])[] = [
    ["interface", section.name],
    ...targetOptions(sections, destination),
    ...(gateway === null ? [] : [["gateway", formatIPv4(gateway)] as const]),
    ...(metric === null ? [] : [["metric", String(metric)] as const]),
    ...(isOnlink ? [["onlink", "1"] as const] : []),
  ];
  const asSection = [addSection(sections, "route", options)];
  const isPlain = destination.length === 0 && gateway !== null && !isOnlink;
  const isFree = optionValue(section, "gateway") === null && optionValues(section, "ipaddr").length > 0;
  return isPlain && isFree ? [addGateway(sections, section, formatIPv4(gateway)), asSection] : [asSection];
}

/** Behind the address and its netmask. */
function addGateway(sections: Sections, section: UciSection, gateway: string): readonly Splice[] {
  const lines = ["ipaddr", "netmask"].flatMap((name) =>
    (section.options.find((option) => option.name === name)?.values ?? []).map(({ source }) => source.line),
  );
  const line = `option gateway ${quoteLike(sections, section, gateway)}`;
  return addLine(sections, section, line, Math.max(...lines));
}

function targetOptions(
  { document }: Sections,
  destination: EditedRoute["destination"],
): readonly (readonly [string, string])[] {
  const last = document.sections.findLast(({ type }) => type === "route");
  const hasMask = last !== undefined && optionValue(last, "netmask") !== null;
  if (!hasMask) return [["target", formatPrefix(destination)]];
  return [
    ["target", formatIPv4(destination.address)],
    ["netmask", formatIPv4(maskOf(destination.length))],
  ];
}
