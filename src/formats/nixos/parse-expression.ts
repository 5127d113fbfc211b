import type { BinaryOperator, Expression, Formal, Parameter } from "./ast.js";
import { parseAttributePath, parseAttributes, parseBindings } from "./parse-bindings.js";
import { parseString } from "./parse-string.js";
import {
  expect,
  failHere,
  failWith,
  isNext,
  nested,
  type ParserState,
  peek,
  take,
  takeIf,
} from "./parser-state.js";

interface OperatorRule {
  readonly power: number;
  readonly associates: "left" | "right" | "none";
}

/** Binding powers, loosest first; "Operators" in the Nix manual. `?` (11), `!` (7) and unary minus (12) are apart. */
const OPERATORS: ReadonlyMap<string, OperatorRule> = new Map([
  ["->", { power: 1, associates: "right" }],
  ["||", { power: 2, associates: "left" }],
  ["&&", { power: 3, associates: "left" }],
  ["==", { power: 4, associates: "none" }],
  ["!=", { power: 4, associates: "none" }],
  ["<", { power: 5, associates: "none" }],
  ["<=", { power: 5, associates: "none" }],
  [">", { power: 5, associates: "none" }],
  [">=", { power: 5, associates: "none" }],
  ["//", { power: 6, associates: "right" }],
  ["+", { power: 8, associates: "left" }],
  ["-", { power: 8, associates: "left" }],
  ["*", { power: 9, associates: "left" }],
  ["/", { power: 9, associates: "left" }],
  ["++", { power: 10, associates: "right" }],
]);
const NOT_POWER = 7;
const HAS_POWER = 11;
const MINUS_POWER = 12;
const KEYWORDS: ReadonlySet<string> = new Set([
  "if",
  "then",
  "else",
  "assert",
  "with",
  "let",
  "in",
  "rec",
  "inherit",
]);

/** Reads one whole expression: a function, `let`, `with`, `assert`, `if`, or operators. */
export function parseExpression(state: ParserState): Expression {
  return nested(state, expressionAt);
}

function expressionAt(state: ParserState): Expression {
  if (isLambda(state)) return parseLambda(state);
  const token = peek(state);
  if (token.kind !== "identifier") return parseOperators(state, 0);
  switch (token.text) {
    case "let":
      return isNext(state, "{", 1) ? parseOperators(state, 0) : parseLet(state);
    case "with":
      return parseWith(state);
    case "assert":
      return parseAssert(state);
    case "if":
      return parseIf(state);
    default:
      return parseOperators(state, 0);
  }
}

function isLambda(state: ParserState): boolean {
  const token = peek(state);
  if (token.kind === "identifier") return isNext(state, ":", 1) || isNext(state, "@", 1);
  if (!isNext(state, "{")) return false;
  if (isNext(state, "}", 1)) return isNext(state, ":", 2) || isNext(state, "@", 2);
  if (isNext(state, "...", 1)) return true;
  const isName = peek(state, 1).kind === "identifier";
  return isName && [",", "?", "}"].some((text) => isNext(state, text, 2));
}

function parseLambda(state: ParserState): Expression {
  const { at } = peek(state);
  const parameter = parseParameter(state);
  expect(state, ":");
  return { kind: "lambda", parameter, body: parseExpression(state), at };
}

function parseParameter(state: ParserState): Parameter {
  if (peek(state).kind === "identifier") {
    const name = take(state).text;
    if (!takeIf(state, "@")) return { name, formals: null, isOpen: true };
    return { name, ...parseFormals(state) };
  }
  const formals = parseFormals(state);
  const name = takeIf(state, "@") ? take(state).text : null;
  return { name, ...formals };
}

function parseFormals(state: ParserState): { readonly formals: readonly Formal[]; readonly isOpen: boolean } {
  const formals: Formal[] = [];
  let isOpen = false;
  expect(state, "{");
  while (state.failure === null && !isNext(state, "}")) {
    if (takeIf(state, "...")) isOpen = true;
    else formals.push(parseFormal(state));
    if (!takeIf(state, ",")) break;
  }
  expect(state, "}");
  return { formals, isOpen };
}

function parseFormal(state: ParserState): Formal {
  const { kind, text, at } = take(state);
  if (kind !== "identifier")
    failWith(state, { kind: "syntax", expected: "the name of an argument", found: text, at });
  return { name: text, fallback: takeIf(state, "?") ? parseExpression(state) : null, at };
}

function parseLet(state: ParserState): Expression {
  const { at } = take(state);
  const bindings = parseBindings(state, "in");
  expect(state, "in");
  return { kind: "let", bindings, body: parseExpression(state), at };
}

function parseWith(state: ParserState): Expression {
  const { at } = take(state);
  const scope = parseExpression(state);
  expect(state, ";");
  return { kind: "with", scope, body: parseExpression(state), at };
}

function parseAssert(state: ParserState): Expression {
  const { at } = take(state);
  const condition = parseExpression(state);
  expect(state, ";");
  return { kind: "assert", condition, body: parseExpression(state), at };
}

function parseIf(state: ParserState): Expression {
  const { at } = take(state);
  const condition = parseExpression(state);
  expect(state, "then");
  const then = parseExpression(state);
  expect(state, "else");
  return { kind: "if", condition, then, otherwise: parseExpression(state), at };
}

function parseOperators(state: ParserState, power: number): Expression {
  let left = parseUnary(state);
  while (state.failure === null) {
    const next = parseInfix(state, left, power);
    if (next === null) break;
    left = next;
  }
  return left;
}

function parseInfix(state: ParserState, left: Expression, power: number): Expression | null {
  const token = peek(state);
  if (token.kind !== "symbol") return null;
  if (token.text === "?") {
    if (HAS_POWER < power) return null;
    take(state);
    return { kind: "has", target: left, path: parseAttributePath(state), at: left.at };
  }
  const rule = OPERATORS.get(token.text);
  if (rule === undefined || rule.power < power) return null;
  take(state);
  const right = nested(state, (inner) =>
    parseOperators(inner, rule.associates === "right" ? rule.power : rule.power + 1),
  );
  if (
    rule.associates === "none" &&
    OPERATORS.get(peek(state).text)?.power === rule.power &&
    peek(state).kind === "symbol"
  ) {
    return failHere(state, "parentheses around one of the comparisons");
  }
  return { kind: "binary", operator: token.text as BinaryOperator, left, right, at: left.at };
}

function parseUnary(state: ParserState): Expression {
  const { at } = peek(state);
  if (takeIf(state, "!")) {
    return {
      kind: "unary",
      operator: "!",
      operand: nested(state, (inner) => parseOperators(inner, NOT_POWER)),
      at,
    };
  }
  if (takeIf(state, "-")) {
    return {
      kind: "unary",
      operator: "-",
      operand: nested(state, (inner) => parseOperators(inner, MINUS_POWER)),
      at,
    };
  }
  return parseApplication(state);
}

function parseApplication(state: ParserState): Expression {
  let callee = parseSelect(state);
  while (state.failure === null && startsOperand(state)) {
    callee = { kind: "apply", callee, argument: parseSelect(state), at: callee.at };
  }
  return callee;
}

function startsOperand(state: ParserState): boolean {
  const { kind, text } = peek(state);
  switch (kind) {
    case "identifier":
      return !KEYWORDS.has(text) || text === "rec" || (text === "let" && isNext(state, "{", 1));
    case "symbol":
      return text === "(" || text === "[" || text === "{";
    case "integer":
    case "float":
    case "path":
    case "search-path":
    case "uri":
    case "string-open":
      return true;
    default:
      return false;
  }
}

function parseSelect(state: ParserState): Expression {
  let target = parseOperand(state);
  while (state.failure === null && takeIf(state, ".")) {
    const path = parseAttributePath(state);
    const fallback = takeIf(state, "or") ? nested(state, parseSelect) : null;
    target = { kind: "select", target, path, fallback, at: target.at };
  }
  return target;
}

function parseOperand(state: ParserState): Expression {
  const token = peek(state);
  switch (token.kind) {
    case "identifier":
      return parseWord(state);
    case "integer":
    case "float":
      return { kind: token.kind, value: Number(take(state).text), at: token.at };
    case "search-path":
      return { kind: "search-path", name: take(state).text, at: token.at };
    case "uri":
      return { kind: "string", parts: [take(state).text], at: token.at };
    case "path":
    case "string-open":
      return parseString(state);
    default:
      return parseBracketed(state);
  }
}

function parseWord(state: ParserState): Expression {
  const { text, at } = peek(state);
  if (text === "rec" && isNext(state, "{", 1)) {
    take(state);
    return parseAttributes(state, true, at);
  }
  if (text === "let" && isNext(state, "{", 1)) {
    take(state);
    const body: Expression = parseAttributes(state, true, at);
    return { kind: "select", target: body, path: [{ kind: "static", name: "body", at }], fallback: null, at };
  }
  if (KEYWORDS.has(text)) return failHere(state, "an expression");
  take(state);
  return { kind: "variable", name: text, at };
}

function parseBracketed(state: ParserState): Expression {
  const { at } = peek(state);
  if (isNext(state, "{")) return nested(state, (inner) => parseAttributes(inner, false, at));
  if (takeIf(state, "(")) {
    const inner = parseExpression(state);
    expect(state, ")");
    return inner;
  }
  if (!takeIf(state, "[")) return failHere(state, "an expression");
  return nested(state, (inner) => parseList(inner, at));
}

function parseList(state: ParserState, at: number): Expression {
  const items: Expression[] = [];
  while (state.failure === null && startsOperand(state)) items.push(parseSelect(state));
  expect(state, "]");
  return { kind: "list", items, at };
}
