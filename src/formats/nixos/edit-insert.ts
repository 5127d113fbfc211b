import type { Proposal, Splice } from "#formats/editing/index.js";
import { endOfValue, type NixBinding, type NixSource } from "./edit-source.js";

/** Writes a value; `indent` is that of the line it begins on, or null where it has to stay on a line with others. */
export type ValueText = (indent: string | null) => string;

const MOST_ANCHORS = 3;
const STEP = "  ";

/** Ways to set an option that the files do not set: in the set that lacks it, else behind the binding that is nearest to it. */
export function insertOption(
  sources: readonly NixSource[],
  option: readonly string[],
  value: ValueText,
): readonly Proposal[] {
  const anchors = sources
    .flatMap((source) => source.bindings.map((binding) => ({ source, binding })))
    .map(({ source, binding }) => ({ source, binding, shared: sharedLength(binding.path, option) }))
    .filter(({ shared }) => shared > 0)
    .sort((a, b) => rank(b, option) - rank(a, option))
    .slice(0, MOST_ANCHORS);
  const ways = anchors.map(({ source, binding }) =>
    isAround(binding, option)
      ? insertInside(source, binding.closing.at, option.slice(binding.path.length), value)
      : insertBehind(source, binding, { option, value }),
  );
  const [first] = sources;
  const atEnd =
    first === undefined || first.moduleClose === null
      ? []
      : [insertInside(first, first.moduleClose, option, value)];
  return [...ways, ...atEnd].map((splice) => [splice]);
}

interface Anchor {
  readonly binding: NixBinding;
  readonly shared: number;
}

/** The more names are shared the nearer; of equals the set around goes before a neighbour, and a neighbour in the same set before a deeper one. */
function rank({ binding, shared }: Anchor, option: readonly string[]): number {
  return shared * 100 + (isAround(binding, option) ? 50 : 0) - Math.min(binding.path.length, 40);
}

function sharedLength(path: readonly (string | null)[], option: readonly string[]): number {
  const at = option.findIndex((name, index) => path[index] !== name);
  return at < 0 ? option.length : at;
}

type Around = NixBinding & { readonly closing: { readonly kind: "}"; readonly at: number } };

function isAround(binding: NixBinding, option: readonly string[]): binding is Around {
  const { path, closing } = binding;
  return closing?.kind === "}" && path.length < option.length && sharedLength(path, option) === path.length;
}

function insertInside(source: NixSource, brace: number, names: readonly string[], value: ValueText): Splice {
  const { path, text } = source;
  const lineStart = text.lastIndexOf("\n", brace - 1) + 1;
  const own = text.slice(lineStart, brace);
  if (own.trim() !== "") {
    const gap = /\s$/.test(own) ? "" : " ";
    return { path, start: brace, end: brace, text: `${gap}${statement(names, value, null)} ` };
  }
  const indent = `${own}${STEP}`;
  return {
    path,
    start: lineStart,
    end: lineStart,
    text: `${indent}${withBreaks(text, statement(names, value, indent))}${breakOf(text)}`,
  };
}

function insertBehind(
  source: NixSource,
  binding: NixBinding,
  given: { readonly option: readonly string[]; readonly value: ValueText },
): Splice {
  const { path, text } = source;
  // What the binding writes itself is at the end of its path; the sets around it give the rest.
  const written = writtenNames(source, binding);
  const names = given.option.slice(binding.path.length - written);
  const lineStart = text.lastIndexOf("\n", binding.start - 1) + 1;
  const before = text.slice(lineStart, binding.start);
  const lineEnd = endOfLine(text, binding.semicolon + 1);
  const rest = text.slice(binding.semicolon + 1, lineEnd);
  const isAlone = before.trim() === "" && /^\s*(?:#.*)?$/.test(rest);
  if (!isAlone) {
    const at = binding.semicolon + 1;
    return { path, start: at, end: at, text: ` ${statement(names, given.value, null)}` };
  }
  const added = withBreaks(text, statement(names, given.value, before));
  return { path, start: lineEnd, end: lineEnd, text: `${breakOf(text)}${before}${added}` };
}

/** How many names of its path a binding writes itself. */
function writtenNames(source: NixSource, binding: NixBinding): number {
  const around = source.bindings.filter(
    (each) => each !== binding && each.start < binding.start && each.semicolon > binding.semicolon,
  );
  const inner = around.reduce((longest, each) => Math.max(longest, each.path.length), 0);
  return binding.path.length - inner;
}

function statement(names: readonly string[], value: ValueText, indent: string | null): string {
  return `${names.map(writeName).join(".")} = ${value(indent)};`;
}

function writeName(name: string): string {
  return /^[a-zA-Z_][a-zA-Z0-9_'-]*$/.test(name) ? name : writeString(name);
}

/** Writes a string literal. */
export function writeString(text: string): string {
  return `"${text.replaceAll(/["\\]|\$\{/g, "\\$&")}"`;
}

/** Writes a list of one item, on lines of its own where there is room for them. */
export function listOfOne(item: string): ValueText {
  return (indent) => (indent === null ? `[ ${item} ]` : `[\n${indent}${STEP}${item}\n${indent}]`);
}

/** Puts an item behind one that is there: on a line of its own where that one has one. */
export function insertItemBehind(source: NixSource, start: number, item: string): Proposal | null {
  const end = endOfValue(source, start);
  if (end === null) return null;
  const { path, text } = source;
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const before = text.slice(lineStart, start);
  const lineEnd = endOfLine(text, end);
  const isAlone = before.trim() === "" && /^\s*(?:#.*)?$/.test(text.slice(end, lineEnd));
  const at = isAlone ? lineEnd : end;
  return [{ path, start: at, end: at, text: isAlone ? `${breakOf(text)}${before}${item}` : ` ${item}` }];
}

/** Puts an item at the end of the list of a binding. */
export function insertItemInto(source: NixSource, binding: NixBinding, item: string): Proposal | null {
  if (binding.closing?.kind !== "]") return null;
  const { path, text } = source;
  const { at } = binding.closing;
  const lineStart = text.lastIndexOf("\n", at - 1) + 1;
  const own = text.slice(lineStart, at);
  if (own.trim() !== "") {
    const gap = /\s$/.test(own) ? "" : " ";
    return [{ path, start: at, end: at, text: `${gap}${item} ` }];
  }
  return [{ path, start: lineStart, end: lineStart, text: `${own}${STEP}${item}${breakOf(text)}` }];
}

/** Takes a piece out: with its line where nothing else stands on it, else with the blanks before it. */
export function removePiece(source: NixSource, start: number, end: number): Splice {
  const { path, text } = source;
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const lineEnd = endOfLine(text, end);
  const isAlone =
    text.slice(lineStart, start).trim() === "" && /^\s*(?:#.*)?$/.test(text.slice(end, lineEnd));
  if (isAlone) {
    const next = text.indexOf("\n", lineEnd);
    return { path, start: lineStart, end: next < 0 ? text.length : next + 1, text: "" };
  }
  const blanks = /[ \t]*$/.exec(text.slice(lineStart, start))?.[0].length ?? 0;
  return { path, start: start - blanks, end, text: "" };
}

/** Where the line ends that holds an offset, before its line break. */
function endOfLine(text: string, offset: number): number {
  const feed = text.indexOf("\n", offset);
  const end = feed < 0 ? text.length : feed;
  return end > offset && text[end - 1] === "\r" ? end - 1 : end;
}

function breakOf(text: string): string {
  const feed = text.indexOf("\n");
  return feed > 0 && text[feed - 1] === "\r" ? "\r\n" : "\n";
}

function withBreaks(text: string, added: string): string {
  return added.replaceAll("\n", breakOf(text));
}
