import type { TokenKind } from "./tokens.js";

/** Finds the longest word at an offset; offsets must not decrease from call to call, which keeps the whole pass linear. */
export interface WordFinder {
  readonly wordAt: (at: number) => Word | null;
}

/** A word of the source; `isOpen` marks a path that goes on with an interpolation. */
export interface Word {
  readonly kind: TokenKind;
  readonly length: number;
  readonly isOpen: boolean;
}

const PATH_RUN = /[a-zA-Z0-9._+/-]*/y;
const SCHEME_RUN = /[a-zA-Z0-9.+-]*/y;
const URI_REST = /:[a-zA-Z0-9%/?:@&=+$,_.!~*'-]+/y;
const SEARCH_PATH = /<[a-zA-Z0-9._+/-]+>/y;
const IDENTIFIER = /[a-zA-Z_][a-zA-Z0-9_'-]*/y;
const FLOAT = /(?:[1-9][0-9]*\.[0-9]*|0?\.[0-9]+)(?:[eE][+-]?[0-9]+)?/y;
const INTEGER = /[0-9]+/y;
const LETTER = /^[a-zA-Z]/;
const STARTS_NUMBER = /^[0-9.]/;

/**
 * Builds the finder. The longest of identifier, number, path and URI wins, of equals the earlier in this list
 * (src/libexpr/lexer.l); so `x:x` is a URI and `a/b` a path, as in Nix.
 */
export function buildWordFinder(text: string): WordFinder {
  const runEnd = cachedRun(text, PATH_RUN);
  const schemeEnd = cachedRun(text, SCHEME_RUN);
  const slashAfter = cachedIndex(text, "/");
  const doubleAfter = cachedIndex(text, "//");
  const pathLength = (at: number): { length: number; isOpen: boolean } => {
    const start = text[at] === "~" ? at + 1 : at;
    const end = runEnd(start);
    const slash = slashAfter(start);
    if (slash >= end || (start > at && slash !== start)) return { length: 0, isOpen: false };
    const cut = Math.min(end, doubleAfter(slash) + 1);
    const isOpen = cut === end && text.startsWith("${", end);
    return { length: isOpen || cut > slash + 1 ? cut - at : 0, isOpen };
  };
  const uriLength = (at: number): number => {
    if (!LETTER.test(text[at] ?? "")) return 0;
    const colon = schemeEnd(at);
    const rest = lengthAt(text, URI_REST, colon);
    return rest === 0 ? 0 : colon + rest - at;
  };
  return { wordAt: (at) => longest(text, at, pathLength(at), uriLength(at)) };
}

function longest(
  text: string,
  at: number,
  path: { length: number; isOpen: boolean },
  uri: number,
): Word | null {
  let best: Length = { kind: "identifier", length: lengthAt(text, IDENTIFIER, at) };
  if (STARTS_NUMBER.test(text[at] ?? "")) {
    best = longer(best, "integer", lengthAt(text, INTEGER, at));
    best = longer(best, "float", lengthAt(text, FLOAT, at));
  }
  best = longer(best, "path", path.length);
  if (text[at] === "<") best = longer(best, "search-path", lengthAt(text, SEARCH_PATH, at));
  best = longer(best, "uri", uri);
  return best.length === 0 ? null : { ...best, isOpen: best.kind === "path" && path.isOpen };
}

type Length = Pick<Word, "kind" | "length">;

function longer(best: Length, kind: TokenKind, length: number): Length {
  return length > best.length ? { kind, length } : best;
}

/** `test` moves `lastIndex` of a sticky pattern as `exec` does, and makes no list of groups: a file has thousands of these. */
function lengthAt(text: string, pattern: RegExp, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex - at : 0;
}

function cachedRun(text: string, pattern: RegExp): (at: number) => number {
  let start = 0;
  let end = 0;
  return (at) => {
    if (at >= start && at < end) return end;
    start = at;
    end = at + lengthAt(text, pattern, at);
    return end;
  };
}

function cachedIndex(text: string, wanted: string): (at: number) => number {
  let found = -1;
  return (at) => {
    if (found < at) {
      const next = text.indexOf(wanted, at);
      found = next === -1 ? Number.POSITIVE_INFINITY : next;
    }
    return found;
  };
}
