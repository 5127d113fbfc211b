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
  const candidates: readonly (readonly [TokenKind, number])[] = [
    ["identifier", lengthAt(text, IDENTIFIER, at)],
    ["integer", lengthAt(text, INTEGER, at)],
    ["float", lengthAt(text, FLOAT, at)],
    ["path", path.length],
    ["search-path", lengthAt(text, SEARCH_PATH, at)],
    ["uri", uri],
  ];
  let best: readonly [TokenKind, number] = ["bad", 0];
  for (const candidate of candidates) if (candidate[1] > best[1]) best = candidate;
  return best[1] === 0 ? null : { kind: best[0], length: best[1], isOpen: best[0] === "path" && path.isOpen };
}

function lengthAt(text: string, pattern: RegExp, at: number): number {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? 0;
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
