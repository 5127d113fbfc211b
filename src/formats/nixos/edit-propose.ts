import {
  type AddressChange,
  type EditRequest,
  type MtuChange,
  type Obstacle,
  offsetOf,
  type Proposal,
  type RouteChange,
} from "#formats/editing/index.js";
import { formatIPv4, formatPrefix } from "#ip/index.js";
import { err, isDefaultRoute, ok, type Result, type Source } from "#model/index.js";
import { readFiles } from "./edit-files.js";
import {
  insertItemBehind,
  insertItemInto,
  insertOption,
  listOfOne,
  removePiece,
  writeString,
} from "./edit-insert.js";
import { combineSplices, type LiteralChange, literalSplices, type Near } from "./edit-literals.js";
import { bindingsAround, endOfValue, type NixSource } from "./edit-source.js";
import { type AddressStyle, type LinkOptions, linkOptions, writeAddress, writeRoute } from "./edit-style.js";

/** A change with the files that it may touch. */
interface Work {
  readonly request: EditRequest;
  /** The file of the value that gives way first. */
  readonly sources: readonly NixSource[];
  readonly near: Near | null;
  readonly options: LinkOptions;
}

/** Ways to make one change in NixOS modules: literals first, then whole items and options. */
export function proposeNixos(request: EditRequest): Result<readonly Proposal[], Obstacle> {
  const { change, place } = request;
  const sources = readFiles(request.tree, request.path, place?.file ?? null);
  const near = place === null ? null : nearOf(sources, place);
  const link = change.kind === "route" ? (change.to ?? change.from)?.link : change.link;
  const options = linkOptions(request.configuration, sources, link ?? "");
  const ways = waysTo({ request, sources, near, options });
  if (ways.length > 0) return ok(ways);
  const written = textOf(sources, near);
  const found =
    written === null ? "a value that code computes" : `\`${written}\`, which code computes in part`;
  return err({ found, source: place });
}

/** Longer pieces of a file are no part of a sentence. */
const LONGEST_QUOTE = 100;

/** What stands at the place, in one line without the marks of a message. */
function textOf(sources: readonly NixSource[], near: Near | null): string | null {
  const source = sources.find(({ path }) => path === near?.path);
  if (source === undefined || near === null || near.end <= near.start) return null;
  const text = source.text.slice(near.start, near.end).replaceAll(/\s+/g, " ").replaceAll("`", "'");
  return text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}...` : text;
}

function waysTo(work: Work): readonly Proposal[] {
  const { change } = work.request;
  switch (change.kind) {
    case "address":
      return addressWays(work, change);
    case "route":
      return routeWays(work, change);
    case "mtu":
      return mtuWays(work, change);
  }
}

function nearOf(sources: readonly NixSource[], place: Source): Near | null {
  const source = sources.find(({ path }) => path === place.file);
  const start = source === undefined ? null : offsetOf(source.text, place);
  if (source === undefined || start === null) return null;
  const binding = bindingsAround(source, start).findLast((each) => each.start === start);
  const end = endOfValue(source, start) ?? binding?.semicolon ?? start;
  return { path: place.file, start, end };
}

function addressWays(work: Work, { from, to, link }: AddressChange): readonly Proposal[] {
  const { request, sources, options, near } = work;
  if (from === null && to !== null) {
    const siblings = request.configuration.steps.flatMap(({ operation, source }) =>
      operation.kind === "address-add" && operation.address.link === link ? [source] : [],
    );
    const style: AddressStyle = { options, like: textAt(sources, siblings.at(-1) ?? null) };
    return addItem(work, siblings, { option: options.addresses, item: writeAddress(to, style) });
  }
  if (from === null) return [];
  if (to === null) return removal(work);
  if (near === null) return [];
  const old = formatIPv4(from.address);
  const words: readonly LiteralChange[] = [{ kind: "word", from: old, to: formatIPv4(to.address) }];
  const lengths: readonly LiteralChange[] = [
    { kind: "integer", from: String(from.length), to: String(to.length) },
  ];
  const whole: LiteralChange = { kind: "word", from: formatPrefix(from), to: formatPrefix(to) };
  const parts = [
    ...(from.address === to.address ? [] : words),
    ...(from.length === to.length ? [] : lengths),
  ];
  return [...literalWays(sources, [whole], near), ...literalWays(sources, parts, near)];
}

function literalWays(
  sources: readonly NixSource[],
  changes: readonly LiteralChange[],
  near: Near,
): readonly Proposal[] {
  if (changes.length === 0) return [];
  return combineSplices(changes.map((change) => literalSplices(sources, change, near)));
}

function routeWays(work: Work, { from, to }: RouteChange): readonly Proposal[] {
  const { request, sources, options, near } = work;
  const isDefault = (to ?? from)?.destination.length === 0;
  if (from === null && to !== null) {
    const hasDefault = request.configuration.steps.some(
      ({ operation }) => operation.kind === "route-replace" && isDefaultRoute(operation.route),
    );
    const { option, value } = writeRoute(to, options, hasDefault);
    if (isDefault && option.at(-1) === "defaultGateway") return insertOption(sources, option, () => value);
    const siblings = request.configuration.steps.flatMap(({ operation, source }) => {
      const isRoute = operation.kind === "route-add" || operation.kind === "route-append";
      return isRoute && operation.route.link === to.link ? [source] : [];
    });
    return addItem(work, siblings, { option, item: value });
  }
  if (from === null || near === null) return [];
  if (to === null) return removal(work);
  const words: LiteralChange[] = [];
  const add = (old: string | null, now: string | null): void => {
    if (old !== null && now !== null && old !== now) words.push({ kind: "word", from: old, to: now });
  };
  add(from.gateway && formatIPv4(from.gateway), to.gateway && formatIPv4(to.gateway));
  add(from.link, to.link);
  return [...literalWays(sources, words, near), ...rewriting(work, writeRoute(to, options, false).value)];
}

/** The whole value at the place, written anew. */
function rewriting({ sources, near }: Work, value: string): readonly Proposal[] {
  const source = sources.find(({ path }) => path === near?.path);
  if (source === undefined || near === null) return [];
  const binding = bindingsAround(source, near.start).findLast((each) => each.start === near.start);
  const start = binding?.valueStart ?? near.start;
  return [[{ path: near.path, start, end: near.end, text: value }]];
}

function removal({ sources, near }: Work): readonly Proposal[] {
  const source = sources.find(({ path }) => path === near?.path);
  if (source === undefined || near === null) return [];
  const binding = bindingsAround(source, near.start).findLast((each) => each.start === near.start);
  const end = binding === undefined ? near.end : binding.semicolon + 1;
  return [[removePiece(source, near.start, end)]];
}

/** Behind the last of the link's own, else into its list where that is empty, else with a new list. */
function addItem(
  { sources }: Work,
  siblings: readonly Source[],
  added: { readonly option: readonly string[]; readonly item: string },
): readonly Proposal[] {
  const behind = siblings.toReversed().flatMap((place) => {
    const source = sources.find(({ path }) => path === place.file);
    const start = source === undefined ? null : offsetOf(source.text, place);
    const way = source === undefined || start === null ? null : insertItemBehind(source, start, added.item);
    return way === null ? [] : [way];
  });
  const into = sources.flatMap((source) =>
    source.bindings
      .filter(({ path }) => path.join("\0") === added.option.join("\0"))
      .flatMap((binding) => insertItemInto(source, binding, added.item) ?? [])
      .map((splice) => [splice]),
  );
  return [...behind, ...into, ...insertOption(sources, added.option, listOfOne(added.item))];
}

function mtuWays({ sources, near, options, request }: Work, { mtu }: MtuChange): readonly Proposal[] {
  const old = request.configuration.steps.findLast(
    ({ operation }) => operation.kind === "link-mtu" && operation.link === options.link,
  )?.operation;
  const value = options.isNetworkd ? writeString(String(mtu)) : String(mtu);
  const inserted = insertOption(sources, options.mtu, () => value);
  if (near === null || old?.kind !== "link-mtu") return inserted;
  const literal: LiteralChange = { kind: "integer", from: String(old.mtu), to: String(mtu) };
  return literalWays(sources, [literal], near);
}

function textAt(sources: readonly NixSource[], place: Source | null): string | null {
  const source = sources.find(({ path }) => path === place?.file);
  const start = source === undefined || place === null ? null : offsetOf(source.text, place);
  const end = source === undefined || start === null ? null : endOfValue(source, start);
  return source === undefined || start === null || end === null ? null : source.text.slice(start, end);
}
