import type { Expression } from "./ast.js";
import type { Token } from "./tokens.js";

/** Nested constructs deeper than this are refused, so that neither parser nor evaluator can run out of stack. */
const DEEPEST_NESTING = 300;

/** Why the parser gave up; the first failure counts and ends the parse. */
export interface ParseFailure {
  readonly kind: "syntax" | "too-deep" | "duplicate";
  readonly expected: string;
  readonly found: string;
  readonly at: number;
}

/** The tokens and how far they are read. After a failure the state stands at the end, so every loop stops. */
export interface ParserState {
  readonly tokens: readonly Token[];
  /** Reads one whole expression; here, because strings and bindings hold expressions and expressions hold them. */
  readonly parseExpression: (state: ParserState) => Expression;
  index: number;
  depth: number;
  failure: ParseFailure | null;
}

const END: Token = { kind: "end", text: "the end of the file", at: 0 };

/** Stands where an expression could not be read; a tree that holds one is never evaluated. */
const MISSING: Expression = { kind: "list", items: [], at: 0 };

/** The token that is read next, or the end after a failure. */
export function peek(state: ParserState, ahead = 0): Token {
  if (state.failure !== null) return END;
  return state.tokens[state.index + ahead] ?? state.tokens.at(-1) ?? END;
}

/** Reads one token. */
export function take(state: ParserState): Token {
  const token = peek(state);
  state.index++;
  return token;
}

/** Whether the next token is this symbol or keyword. */
export function isNext(state: ParserState, text: string, ahead = 0): boolean {
  const token = peek(state, ahead);
  return (token.kind === "symbol" || token.kind === "identifier") && token.text === text;
}

/** Reads the symbol or keyword if it is next. */
export function takeIf(state: ParserState, text: string): boolean {
  const is = isNext(state, text);
  if (is) state.index++;
  return is;
}

/** Reads the symbol or keyword, or fails. */
export function expect(state: ParserState, text: string): void {
  if (!takeIf(state, text)) failHere(state, `\`${text}\``);
}

/** Gives up at the next token. */
export function failHere(state: ParserState, expected: string): Expression {
  const token = peek(state);
  return failWith(state, { kind: "syntax", expected, found: token.text, at: token.at });
}

/** Gives up with this failure unless there is one already. */
export function failWith(state: ParserState, failure: ParseFailure): Expression {
  state.failure ??= failure;
  return MISSING;
}

/** Runs a parser one level deeper, or fails where that is too deep. */
export function nested(state: ParserState, parse: (state: ParserState) => Expression): Expression {
  if (state.depth >= DEEPEST_NESTING) {
    const { at, text } = peek(state);
    return failWith(state, { kind: "too-deep", expected: "", found: text, at });
  }
  state.depth++;
  const parsed = parse(state);
  state.depth--;
  return parsed;
}
