import {
  insertLines,
  type Proposal,
  type RouteChange,
  replaceAt,
  type Splice,
} from "#formats/editing/index.js";
import { formatIPv4 } from "#ip/index.js";
import type { EditedRoute, Source } from "#model/index.js";
import type { IfaceStanza, InterfaceOption } from "./document.js";
import { deletesRoute, deletionWords, onlyOperation, rewriteCommand, routeWords } from "./edit-route-line.js";
import {
  addressLines,
  dropOptions,
  indentOfStanza,
  isIPv4Stanza,
  lastLineOf,
  lastLineOfStanza,
  lineAtPlace,
  optionsOf,
  type StanzaLine,
  type Stanzas,
  stanzasOf,
} from "./edit-stanza.js";
import { canonicalName } from "./interfaces.js";

/** Ways to put a route in the place of another, to add one, or to take one out. */
export function proposeRoute(files: Stanzas, change: RouteChange, place: Source | null): readonly Proposal[] {
  const { from, to } = change;
  const line = place === null ? null : lineAtPlace(files, place);
  if (from === null || line === null) return to === null ? [] : additions(files, to, null);
  const dropped = dropRoute(files, line, from);
  if (to === null) return dropped === null ? [] : [dropped];
  const inPlace = replaceRoute(files, line, { from, to });
  const anew =
    dropped === null
      ? []
      : additions(files, to, from.link === to.link ? line.stanza : null).map((added) => [
          ...dropped,
          ...added,
        ]);
  return [...(inPlace === null ? [] : [inPlace]), ...anew];
}

interface Replacement {
  readonly from: EditedRoute;
  readonly to: EditedRoute;
}

function replaceRoute(files: Stanzas, line: StanzaLine, words: Replacement): Proposal | null {
  const { stanza, option } = line;
  if (canonicalName(option) === "gateway") {
    const { gateway, destination, isOnlink, link } = words.to;
    const fits = gateway !== null && destination.length === 0 && isOnlink && link === words.from.link;
    return fits ? rewrite(files, option, formatIPv4(gateway)) : null;
  }
  const added = rewriteLine(files, option, words);
  if (added === null || onlyOperation(option, stanza.name.text) === null) return null;
  return [
    ...added,
    ...downLines(files, stanza, words.from).flatMap((down) => rewriteLine(files, down, words) ?? []),
  ];
}

function rewrite(files: Stanzas, option: InterfaceOption, after: string): Proposal | null {
  const { text, source } = option.value;
  const splice = replaceAt(files.textOf(source.file), source, { before: text, after });
  return splice === null ? null : [splice];
}

function rewriteLine(files: Stanzas, option: InterfaceOption, { from, to }: Replacement): Proposal | null {
  const after = rewriteCommand(option.value.text, from, to);
  return after === null ? null : rewrite(files, option, after);
}

/** null where the line does more than to add this route. */
function dropRoute(
  files: Stanzas,
  { stanza, option }: StanzaLine,
  from: EditedRoute,
): readonly Splice[] | null {
  if (canonicalName(option) === "gateway") return dropOptions(files, [option]);
  if (onlyOperation(option, stanza.name.text) === null) return null;
  return dropOptions(files, [option, ...downLines(files, stanza, from)]);
}

const DOWN: ReadonlySet<string> = new Set(["down", "pre-down", "post-down"]);

function downLines(files: Stanzas, stanza: IfaceStanza, route: EditedRoute): readonly InterfaceOption[] {
  const iface = stanza.name.text;
  return files.stanzas
    .filter((one) => one.name.text === iface)
    .flatMap((one) => one.options)
    .filter((option) => DOWN.has(canonicalName(option)) && deletesRoute(onlyOperation(option, iface), route));
}

/** A default route on-link is what `gateway` means; any other route is a pair of commands. */
function additions(files: Stanzas, route: EditedRoute, preferred: IfaceStanza | null): readonly Proposal[] {
  const stanzas = stanzasOf(files, route.link);
  const withAddress = stanzas.filter((stanza) => isIPv4Stanza(stanza) && addressLines(stanza).length > 0);
  const stanza = preferred ?? withAddress[0] ?? stanzas.find(isIPv4Stanza) ?? stanzas[0] ?? null;
  if (stanza === null) return [];
  const isPlainDefault = route.destination.length === 0 && route.isOnlink && (route.metric ?? 0) === 0;
  const [home] = withAddress;
  const gateway = isPlainDefault && home !== undefined ? insertGateway(files, home, route) : null;
  return [...(gateway === null ? [] : [gateway]), insertCommands(files, stanza, route)];
}

const ADDRESS_BLOCK: ReadonlySet<string> = new Set(["address", "netmask", "broadcast", "network"]);

function insertGateway(files: Stanzas, stanza: IfaceStanza, { gateway }: EditedRoute): Proposal | null {
  if (gateway === null) return null;
  const last = stanza.options.findLast((option) => ADDRESS_BLOCK.has(canonicalName(option)));
  const { file } = stanza.source;
  const behind = lastLineOf(files, last?.name.source ?? stanza.source);
  const line = `${indentOfStanza(files, stanza)}gateway ${formatIPv4(gateway)}`;
  return [insertLines(file, files.textOf(file), behind, [line])];
}

/** Behind the last line of the stanza, with the keywords that its other lines use. */
function insertCommands(files: Stanzas, stanza: IfaceStanza, route: EditedRoute): Proposal {
  const { file } = stanza.source;
  const indent = indentOfStanza(files, stanza);
  const up =
    optionsOf(stanza, "up").length === 0 && optionsOf(stanza, "post-up").length > 0 ? "post-up" : "up";
  const downs = stanza.options.filter((option) => DOWN.has(canonicalName(option)));
  const down = downs.at(-1)?.name.text ?? "down";
  const lines = [
    `${indent}${up} ip route add ${routeWords(route)}`,
    `${indent}${down} ip route del ${deletionWords(route).join(" ")}`,
  ];
  return [insertLines(file, files.textOf(file), lastLineOfStanza(files, stanza), lines)];
}
