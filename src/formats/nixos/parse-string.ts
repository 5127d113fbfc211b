import type { Expression, StringPart } from "./ast.js";
import { type IndentedPiece, stripIndentation } from "./indentation.js";
import { failHere, failWith, type ParserState, peek, take } from "./parser-state.js";

/** Reads a string of either kind, or a path that holds interpolations, up to its closing token. */
export function parseString(state: ParserState): Expression {
  const open = take(state);
  if (open.kind === "path") {
    return { kind: "path", parts: pathParts(state, open.text), at: open.at };
  }
  const pieces = readPieces(state);
  const parts = open.text === "''" ? stripIndentation(pieces) : pieces.map(partOf);
  return { kind: "string", parts: joinText(parts), at: open.at };
}

function partOf(piece: IndentedPiece<Expression>): StringPart {
  return piece.kind === "text" ? piece.text : piece.value;
}

function pathParts(state: ParserState, text: string): StringPart[] {
  const next = peek(state).kind;
  const isInterpolated =
    next === "interpolation-open" && state.tokens[state.index]?.at === endOfPrevious(state, text);
  return isInterpolated ? [text, ...readPieces(state).map(partOf)] : [text];
}

function endOfPrevious(state: ParserState, text: string): number {
  return (state.tokens[state.index - 1]?.at ?? 0) + text.length;
}

function readPieces(state: ParserState): IndentedPiece<Expression>[] {
  const pieces: IndentedPiece<Expression>[] = [];
  while (state.failure === null) {
    const token = take(state);
    if (token.kind === "string-close") break;
    if (token.kind === "string-text") {
      pieces.push({ kind: "text", text: token.text, isEscape: token.isEscape === true });
    } else if (token.kind === "interpolation-open") {
      pieces.push({ kind: "hole", value: state.parseExpression(state) });
      if (peek(state).kind !== "interpolation-close") failHere(state, "`}` at the end of the interpolation");
      else take(state);
    } else {
      failWith(state, { kind: "syntax", expected: "the end of the string", found: token.text, at: token.at });
    }
  }
  return pieces;
}

function joinText(parts: readonly StringPart[]): StringPart[] {
  const joined: StringPart[] = [];
  for (const part of parts) {
    const previous = joined.at(-1);
    if (typeof part === "string" && typeof previous === "string") joined[joined.length - 1] = previous + part;
    else if (part !== "") joined.push(part);
  }
  return joined;
}
