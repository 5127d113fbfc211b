import { tokenize } from "./lexer.js";
import type { Token } from "./tokens.js";

/** A file as its tokens and bindings, with offsets: what an edit needs to find its place. Nothing of it is evaluated. */
export interface NixSource {
  readonly path: string;
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly bindings: readonly NixBinding[];
  /** Of each token that opens something, the index of the one that closes it. */
  readonly partners: ReadonlyMap<number, number>;
  /** Where the brace stands that closes the set of the module, or null. */
  readonly moduleClose: number | null;
}

/** `path = value;`, in a set or a `let`. */
export interface NixBinding {
  /** From the root of the module, over the sets around it; null stands for a name that is computed, or for a `let`. */
  readonly path: readonly (string | null)[];
  readonly start: number;
  readonly valueStart: number;
  /** Where its semicolon stands. */
  readonly semicolon: number;
  /** The bracket before the semicolon, where the value ends in a set or list. */
  readonly closing: { readonly kind: "}" | "]"; readonly at: number } | null;
}

interface OpenBinding {
  readonly path: readonly (string | null)[];
  readonly start: number;
  readonly valueStart: number;
  readonly depth: number;
  /** Semicolons of `with` and `assert` that still come. */
  absorbed: number;
  closing: NixBinding["closing"];
}

interface Frame {
  readonly index: number;
  readonly isLet: boolean;
  hasBindings: boolean;
}

interface Scan {
  readonly tokens: readonly Token[];
  readonly frames: Frame[];
  readonly open: OpenBinding[];
  readonly bindings: NixBinding[];
  readonly partners: Map<number, number>;
  moduleClose: number | null;
}

const OPENING = new Set(["{", "[", "("]);
const CLOSING = new Set(["}", "]", ")"]);

/** Reads a file that the parser has taken; of any other text it gives what it finds. */
export function readSource(path: string, text: string): NixSource {
  const scan: Scan = {
    tokens: tokenize(text),
    frames: [],
    open: [],
    bindings: [],
    partners: new Map(),
    moduleClose: null,
  };
  scan.tokens.forEach((token, index) => {
    step(scan, token, index);
  });
  const { tokens, bindings, partners, moduleClose } = scan;
  return { path, text, tokens, bindings, partners, moduleClose };
}

function step(scan: Scan, token: Token, index: number): void {
  const { kind, text } = token;
  const isSymbol = kind === "symbol";
  if (kind === "string-open" || kind === "interpolation-open" || (isSymbol && OPENING.has(text)))
    open(scan, index, false);
  else if (kind === "string-close" || kind === "interpolation-close" || (isSymbol && CLOSING.has(text)))
    close(scan, token, index);
  else if (isSymbol && text === "=") openBinding(scan, index);
  else if (isSymbol && text === ";") closeBinding(scan, token);
  else stepWord(scan, token, index);
}

function stepWord(scan: Scan, { kind, text }: Token, index: number): void {
  const innermost = scan.open.at(-1);
  const isDirect = innermost !== undefined && innermost.depth === scan.frames.length;
  const isWord = kind === "identifier";
  if (isWord && text === "let") open(scan, index, true);
  if (isWord && text === "in" && scan.frames.at(-1)?.isLet === true) scan.frames.pop();
  if (isDirect && isWord && (text === "with" || text === "assert")) innermost.absorbed++;
  if (isDirect) innermost.closing = null;
}

function open(scan: Scan, index: number, isLet: boolean): void {
  scan.frames.push({ index, isLet, hasBindings: false });
}

function close(scan: Scan, token: Token, index: number): void {
  const frame = scan.frames.pop();
  if (frame === undefined) return;
  scan.partners.set(frame.index, index);
  const innermost = scan.open.at(-1);
  if (innermost === undefined) {
    if (token.text === "}" && frame.hasBindings) scan.moduleClose = token.at;
    return;
  }
  if (innermost.depth !== scan.frames.length) return;
  const isBracket = token.text === "}" || token.text === "]";
  innermost.closing = isBracket && token.kind === "symbol" ? { kind: bracket(token), at: token.at } : null;
}

function bracket(token: Token): "}" | "]" {
  return token.text === "}" ? "}" : "]";
}

function openBinding(scan: Scan, index: number): void {
  const { names, first } = pathBefore(scan.tokens, index);
  const parent = scan.open.at(-1);
  const frame = scan.frames.at(-1);
  if (frame !== undefined) frame.hasBindings = true;
  const path = [...(parent?.path ?? []), ...(frame?.isLet === true ? [null] : []), ...names];
  scan.open.push({
    path: path[0] === "config" ? path.slice(1) : path,
    start: scan.tokens[first]?.at ?? 0,
    valueStart: scan.tokens[index + 1]?.at ?? 0,
    depth: scan.frames.length,
    absorbed: 0,
    closing: null,
  });
}

function closeBinding(scan: Scan, token: Token): void {
  const innermost = scan.open.at(-1);
  if (innermost === undefined || innermost.depth !== scan.frames.length) return;
  if (innermost.absorbed > 0) {
    innermost.absorbed--;
    return;
  }
  scan.open.pop();
  const { path, start, valueStart, closing } = innermost;
  scan.bindings.push({ path, start, valueStart, closing, semicolon: token.at });
}

/** The names before an `=`, and the index of the first token of them. */
function pathBefore(
  tokens: readonly Token[],
  equals: number,
): { readonly names: readonly (string | null)[]; readonly first: number } {
  const names: (string | null)[] = [];
  let at = equals - 1;
  for (;;) {
    const name = nameEndingAt(tokens, at);
    names.unshift(name.text);
    if (tokens[name.first - 1]?.text !== "." || tokens[name.first - 1]?.kind !== "symbol")
      return { names, first: name.first };
    at = name.first - 2;
  }
}

function nameEndingAt(
  tokens: readonly Token[],
  last: number,
): { readonly text: string | null; readonly first: number } {
  const token = tokens[last];
  if (token === undefined) return { text: null, first: Math.max(last, 0) };
  if (!isEnd(token)) return { text: token.kind === "identifier" ? token.text : null, first: last };
  const first = openingBefore(tokens, last);
  const inner = tokens.slice(first + 1, last);
  const isPlain = token.kind === "string-close" && inner.every(({ kind }) => kind === "string-text");
  return { text: isPlain ? inner.map(({ text }) => text).join("") : null, first };
}

function openingBefore(tokens: readonly Token[], last: number): number {
  let depth = 0;
  for (let at = last; at > 0; at--) {
    const token = tokens[at];
    if (token === undefined) continue;
    if (isEnd(token)) depth++;
    if (token.kind === "string-open" || token.kind === "interpolation-open") depth--;
    if (depth === 0) return at;
  }
  return 0;
}

function isEnd({ kind }: Token): boolean {
  return kind === "string-close" || kind === "interpolation-close";
}

/** Where the list item or value ends that begins at an offset: a set, list, string or number; null for anything else. */
export function endOfValue(source: NixSource, start: number): number | null {
  const index = source.tokens.findIndex((token) => token.at === start);
  const token = source.tokens[index];
  if (token === undefined) return null;
  if (token.kind === "integer") return start + token.text.length;
  const partner = source.partners.get(index);
  const last = partner === undefined ? undefined : source.tokens[partner];
  if (last === undefined) return null;
  if (token.kind === "string-open") return last.at + token.text.length;
  return token.text === "{" || token.text === "[" ? last.at + 1 : null;
}

/** The bindings around an offset, from the outside. */
export function bindingsAround(source: NixSource, offset: number): readonly NixBinding[] {
  return source.bindings
    .filter(({ start, semicolon }) => start <= offset && offset <= semicolon)
    .sort((a, b) => a.start - b.start || b.semicolon - a.semicolon);
}
