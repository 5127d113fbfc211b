import type { Proposal, Splice } from "#formats/editing/index.js";
import type { NixSource } from "./edit-source.js";

/** Where a literal is looked for first. */
export interface Near {
  readonly path: string;
  /** The value itself. */
  readonly start: number;
  readonly end: number;
}

/** A text that gives way to another wherever it stands as a literal; `integer` only as a number. */
export interface LiteralChange {
  readonly kind: "integer" | "word";
  readonly from: string;
  readonly to: string;
}

/** More places than these are not tried: a value that stands in so many is not this one's alone. */
const MOST_PLACES = 12;

/**
 * Places where a literal stands, the nearest first: in the value itself, then in its file, then in the others. What a place means is
 * not asked: whoever takes one of them reads the file again.
 */
export function literalSplices(
  sources: readonly NixSource[],
  change: LiteralChange,
  near: Near,
): readonly Splice[] {
  return sources
    .flatMap((source) => splicesIn(source, change))
    .sort((a, b) => farness(a, near) - farness(b, near))
    .slice(0, MOST_PLACES);
}

/** Ways to change several literals at once: each with its nearest place, then other combinations. */
export function combineSplices(choices: readonly (readonly Splice[])[]): readonly Proposal[] {
  const combined = choices.reduce<readonly Proposal[]>(
    (ways, splices) => ways.flatMap((way) => splices.map((splice) => [...way, splice])),
    [[]],
  );
  return combined.slice(0, MOST_PLACES * MOST_PLACES);
}

function farness(splice: Splice, near: Near): number {
  if (splice.path !== near.path) return Number.MAX_SAFE_INTEGER;
  if (splice.start >= near.start && splice.end <= near.end) return splice.start - near.start;
  return 1_000_000_000 + Math.abs(splice.start - near.start);
}

function splicesIn({ path, text, tokens }: NixSource, change: LiteralChange): readonly Splice[] {
  return tokens.flatMap((token) => {
    if (token.kind === "integer" && change.kind === "integer")
      return token.text === change.from ? [{ path, ...span(token.at, change.from), text: change.to }] : [];
    if (token.kind !== "string-text" || token.isEscape === true) return [];
    if (change.kind === "integer" && token.text !== change.from) return [];
    if (!text.startsWith(token.text, token.at)) return [];
    return wordsIn(token.text, change.from).map((at) => ({
      path,
      ...span(token.at + at, change.from),
      text: change.to,
    }));
  });
}

function span(start: number, text: string): { readonly start: number; readonly end: number } {
  return { start, end: start + text.length };
}

/** Where a word stands whole: not as a part of a longer number, name or address. */
function wordsIn(text: string, word: string): readonly number[] {
  const found: number[] = [];
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
    const before = text[at - 1] ?? "";
    const after = text[at + word.length] ?? "";
    const isInside = /[\w.]/.test(before) || /\w/.test(after) || /^\.\d/.test(text.slice(at + word.length));
    if (!isInside) found.push(at);
  }
  return found;
}
