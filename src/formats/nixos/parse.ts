import type { Issue, Result } from "#model/index.js";
import { err, ok } from "#model/index.js";
import type { Expression } from "./ast.js";
import { tokenize } from "./lexer.js";
import { syntaxIssue, tooLargeIssue } from "./messages.js";
import { parseExpression } from "./parse-expression.js";
import { failHere, type ParserState, peek } from "./parser-state.js";
import { buildPositions, type Positions } from "./positions.js";

/** One parsed file. */
interface NixFile {
  readonly expression: Expression;
  readonly positions: Positions;
}

/** Characters of the largest file that is read; the largest module seen in public configurations has 40,000. */
const LARGEST_FILE = 2_000_000;

/**
 * Parses one Nix file. Never throws: a file that does not parse, nests too deeply or is too large is an issue.
 *
 * @example parseNix("{ a = 1; }", "a.nix")
 */
export function parseNix(text: string, file: string): Result<NixFile, Issue> {
  if (text.length > LARGEST_FILE) return err(tooLargeIssue(file, text.length, LARGEST_FILE));
  const positions = buildPositions(file, text);
  const state: ParserState = { tokens: tokenize(text), parseExpression, index: 0, depth: 0, failure: null };
  const expression = parseExpression(state);
  if (state.failure === null && peek(state).kind !== "end") failHere(state, "the end of the file");
  if (state.failure !== null) return err(syntaxIssue(state.failure, positions.sourceAt(state.failure.at)));
  return ok({ expression, positions });
}
