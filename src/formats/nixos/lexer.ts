import type { Token, TokenKind } from "./tokens.js";
import { buildWordFinder, type WordFinder } from "./word-patterns.js";

type Mode = "code" | "interpolation" | "string" | "indented" | "path";

interface Lexer {
  readonly text: string;
  readonly words: WordFinder;
  readonly tokens: Token[];
  readonly modes: Mode[];
  at: number;
}

const SYMBOL = /\.\.\.|==|!=|<=|>=|&&|\|\||->|\/\/|\+\+|[{}()[\];:,.=<>!+*/?@-]/y;
const BLANK = /[ \t\r\n]+|#[^\n\r]*/y;
const INDENTED_OPEN = /''(?: *\n)?/y;
const PATH_PIECE = /[a-zA-Z0-9._+/-]+/y;

/**
 * Splits Nix source into tokens in one pass without recursion; interpolations inside strings are kept as nested tokens.
 * The last token is `end`, or `bad` where the text cannot be split further (its text says what was found).
 *
 * @see the Nix manual, "Nix language", and src/libexpr/lexer.l of Nix 2.8 for the exact patterns.
 */
export function tokenize(text: string): readonly Token[] {
  const lexer: Lexer = { text, words: buildWordFinder(text), tokens: [], modes: ["code"], at: 0 };
  let isGoing = true;
  while (isGoing) isGoing = step(lexer);
  return lexer.tokens;
}

function step(lexer: Lexer): boolean {
  switch (lexer.modes.at(-1)) {
    case "string":
      return stepString(lexer);
    case "indented":
      return stepIndented(lexer);
    case "path":
      return stepPath(lexer);
    default:
      return stepCode(lexer);
  }
}

function push(lexer: Lexer, kind: TokenKind, text: string, length: number): true {
  lexer.tokens.push({ kind, text, at: lexer.at });
  lexer.at += length;
  return true;
}

function pushEscape(lexer: Lexer, text: string, length: number): true {
  lexer.tokens.push({ kind: "string-text", text, at: lexer.at, isEscape: true });
  lexer.at += length;
  return true;
}

function fail(lexer: Lexer, found: string): false {
  lexer.tokens.push({ kind: "bad", text: found, at: Math.min(lexer.at, lexer.text.length) });
  return false;
}

function matchAt(lexer: Lexer, pattern: RegExp): string {
  pattern.lastIndex = lexer.at;
  return pattern.test(lexer.text) ? lexer.text.slice(lexer.at, pattern.lastIndex) : "";
}

function stepCode(lexer: Lexer): boolean {
  if (lexer.at >= lexer.text.length) return endOfFile(lexer);
  const blank = blankLength(lexer);
  if (blank > 0) {
    lexer.at += blank;
    return true;
  }
  if (lexer.text.startsWith('"', lexer.at)) return openString(lexer, "string", '"');
  if (lexer.text.startsWith("''", lexer.at))
    return openString(lexer, "indented", matchAt(lexer, INDENTED_OPEN));
  const word = lexer.words.wordAt(lexer.at);
  if (word === null) return symbol(lexer);
  if (word.isOpen) lexer.modes.push("path");
  return push(lexer, word.kind, lexer.text.slice(lexer.at, lexer.at + word.length), word.length);
}

function endOfFile(lexer: Lexer): false {
  if (lexer.modes.length > 1) return fail(lexer, "the end of the file");
  push(lexer, "end", "the end of the file", 0);
  return false;
}

/** Block comments are found by hand: a pattern with a repeated group runs out of stack on a long one. */
function blankLength(lexer: Lexer): number {
  if (!lexer.text.startsWith("/*", lexer.at)) return matchAt(lexer, BLANK).length;
  const end = lexer.text.indexOf("*/", lexer.at + 2);
  return end === -1 ? 0 : end + 2 - lexer.at;
}

function openString(lexer: Lexer, mode: Mode, opening: string): true {
  lexer.modes.push(mode);
  return push(lexer, "string-open", opening.slice(0, 2), opening.length);
}

function symbol(lexer: Lexer): boolean {
  if (lexer.text.startsWith("/*", lexer.at)) return fail(lexer, "a comment that does not end");
  if (lexer.text.startsWith("${", lexer.at)) return openInterpolation(lexer);
  const text = matchAt(lexer, SYMBOL);
  if (text === "") return fail(lexer, String.fromCodePoint(lexer.text.codePointAt(lexer.at) ?? 0xfffd));
  if (text === "{") lexer.modes.push("code");
  return text === "}" ? closeBrace(lexer) : push(lexer, "symbol", text, text.length);
}

function openInterpolation(lexer: Lexer): true {
  lexer.modes.push("interpolation");
  return push(lexer, "interpolation-open", "${", 2);
}

function closeBrace(lexer: Lexer): boolean {
  if (lexer.modes.length === 1) return fail(lexer, "}");
  const mode = lexer.modes.pop();
  return push(lexer, mode === "interpolation" ? "interpolation-close" : "symbol", "}", 1);
}

function closeString(lexer: Lexer, length: number): true {
  lexer.modes.pop();
  return push(lexer, "string-close", "", length);
}

function stepString(lexer: Lexer): boolean {
  const { text, at } = lexer;
  if (at >= text.length) return fail(lexer, "the end of the file inside a string");
  if (text.startsWith('"', at)) return closeString(lexer, 1);
  if (text.startsWith("${", at)) return openInterpolation(lexer);
  if (text.startsWith("\\", at)) return pushEscape(lexer, unescaped(text[at + 1] ?? ""), 2);
  return plainText(lexer, stringTextEnd(text, at));
}

/** A dollar takes the next character with it, so that `$${` opens no interpolation. */
function stringTextEnd(text: string, from: number): number {
  let at = from;
  for (; at < text.length; at++) {
    const character = text[at];
    if (character === '"' || character === "\\") break;
    if (character !== "$") continue;
    const next = text[at + 1];
    if (next === "{") break;
    if (next !== '"' && next !== "\\") at++;
  }
  return Math.min(at, text.length);
}

function stepIndented(lexer: Lexer): boolean {
  const { text, at } = lexer;
  if (at >= text.length) return fail(lexer, "the end of the file inside a string");
  if (text.startsWith("''$", at)) return pushEscape(lexer, "$", 3);
  if (text.startsWith("'''", at)) return pushEscape(lexer, "''", 3);
  if (text.startsWith("''\\", at)) return pushEscape(lexer, unescaped(text[at + 3] ?? ""), 4);
  if (text.startsWith("''", at)) return closeString(lexer, 2);
  if (text.startsWith("${", at)) return openInterpolation(lexer);
  return plainText(lexer, indentedTextEnd(text, at));
}

/** A quote or a dollar takes the next character with it, unless the two open or close something. */
function indentedTextEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const pair = text.slice(at, at + 2);
    if (pair === "''" || pair === "${") break;
    const isLoneMark = pair === "'$" || pair === "$'";
    const takesNext = (pair.startsWith("'") || pair.startsWith("$")) && !isLoneMark;
    at += takesNext ? 2 : 1;
  }
  return Math.min(at, text.length);
}

function plainText(lexer: Lexer, end: number): true {
  const text = lexer.text.slice(lexer.at, end);
  return push(lexer, "string-text", text.replace(/\r\n?/g, "\n"), text.length);
}

function unescaped(character: string): string {
  if (character === "n") return "\n";
  if (character === "r") return "\r";
  return character === "t" ? "\t" : character;
}

function stepPath(lexer: Lexer): boolean {
  if (lexer.text.startsWith("${", lexer.at)) return openInterpolation(lexer);
  const text = matchAt(lexer, PATH_PIECE);
  return text === "" ? closeString(lexer, 0) : push(lexer, "string-text", text, text.length);
}
