import type {
  AttributeName,
  AttributePath,
  AttributesExpression,
  Bindings,
  BoundExpression,
  DynamicBinding,
  Expression,
} from "./ast.js";
import { parseString } from "./parse-string.js";
import { expect, failHere, failWith, isNext, type ParserState, peek, take, takeIf } from "./parser-state.js";

interface OpenBindings extends Bindings {
  readonly entries: Map<string, BoundExpression>;
  readonly dynamics: DynamicBinding[];
}

/** Reads `{ ... }`; the opening brace is next. */
export function parseAttributes(state: ParserState, isRecursive: boolean, at: number): AttributesExpression {
  expect(state, "{");
  const bindings = parseBindings(state, "}");
  expect(state, "}");
  return { kind: "attributes", isRecursive, bindings, at };
}

/** Reads bindings up to the closing word (`}` or `in`), which is left; dotted paths become nested sets, and sets of one name are joined. */
export function parseBindings(state: ParserState, closing: "}" | "in"): Bindings {
  const bindings: OpenBindings = { entries: new Map(), dynamics: [] };
  while (state.failure === null && !isNext(state, closing)) {
    if (takeIf(state, "inherit")) parseInherit(state, bindings);
    else parseAssignment(state, bindings);
    expect(state, ";");
  }
  return bindings;
}

function parseInherit(state: ParserState, bindings: OpenBindings): void {
  let from: Expression | null = null;
  if (takeIf(state, "(")) {
    from = state.parseExpression(state);
    expect(state, ")");
  }
  while (state.failure === null && !isNext(state, ";")) {
    const name = parseAttributeName(state);
    if (name.kind === "dynamic") failHere(state, "a plain name after `inherit`");
    else bind(state, bindings, name.name, inheritedValue(name, from));
  }
}

function inheritedValue(
  name: { readonly name: string; readonly at: number },
  from: Expression | null,
): BoundExpression {
  const { at } = name;
  if (from === null) return { value: { kind: "variable", name: name.name, at }, isOuter: true, at };
  const path: AttributePath = [{ kind: "static", name: name.name, at }];
  return { value: { kind: "select", target: from, path, fallback: null, at }, isOuter: false, at };
}

function parseAssignment(state: ParserState, bindings: OpenBindings): void {
  const path = parseAttributePath(state);
  expect(state, "=");
  const value = state.parseExpression(state);
  if (state.failure === null) assign(state, bindings, path, value);
}

/** Reads `a.b.${c}."d"`. */
export function parseAttributePath(state: ParserState): AttributePath {
  const path = [parseAttributeName(state)];
  while (state.failure === null && takeIf(state, ".")) path.push(parseAttributeName(state));
  return path;
}

function parseAttributeName(state: ParserState): AttributeName {
  const token = peek(state);
  if (token.kind === "identifier") return { kind: "static", name: take(state).text, at: token.at };
  if (token.kind === "string-open") return nameOf(parseString(state));
  if (token.kind !== "interpolation-open") {
    return nameOf(failHere(state, "the name of an attribute"));
  }
  take(state);
  const expression = state.parseExpression(state);
  if (peek(state).kind !== "interpolation-close") failHere(state, "`}` at the end of the name");
  take(state);
  return { kind: "dynamic", expression, at: token.at };
}

function nameOf(expression: Expression): AttributeName {
  const { at } = expression;
  if (expression.kind === "string" && expression.parts.every((part) => typeof part === "string")) {
    return { kind: "static", name: expression.parts.join(""), at };
  }
  return { kind: "dynamic", expression, at };
}

/** Walks down the path and makes the sets on it, then binds the last name. */
function assign(state: ParserState, bindings: OpenBindings, path: AttributePath, value: Expression): void {
  const at = path[0]?.at ?? value.at;
  let target = bindings;
  for (const name of path.slice(0, -1)) target = childSet(state, target, name, at);
  const last = path.at(-1);
  if (last === undefined) return;
  if (last.kind === "dynamic") target.dynamics.push({ name: last.expression, value, at });
  else bind(state, target, last.name, { value, isOuter: false, at });
}

function childSet(state: ParserState, bindings: OpenBindings, name: AttributeName, at: number): OpenBindings {
  const child: OpenBindings = { entries: new Map(), dynamics: [] };
  const value: Expression = { kind: "attributes", isRecursive: false, bindings: child, at };
  if (name.kind === "dynamic") {
    bindings.dynamics.push({ name: name.expression, value, at });
    return child;
  }
  const existing = bindings.entries.get(name.name);
  if (existing === undefined) {
    bindings.entries.set(name.name, { value, isOuter: false, at });
    return child;
  }
  if (existing.value.kind === "attributes" && !existing.isOuter) return opened(existing.value.bindings);
  duplicate(state, name.name, at);
  return child;
}

/** All bindings of a tree come from this file, where they are open until the parse ends. */
function opened(bindings: Bindings): OpenBindings {
  return bindings as OpenBindings;
}

function bind(state: ParserState, bindings: OpenBindings, name: string, bound: BoundExpression): void {
  const existing = bindings.entries.get(name);
  if (existing === undefined) {
    bindings.entries.set(name, bound);
    return;
  }
  if (existing.value.kind !== "attributes" || bound.value.kind !== "attributes")
    duplicate(state, name, bound.at);
  else joinSets(state, opened(existing.value.bindings), bound.value.bindings);
}

function joinSets(state: ParserState, target: OpenBindings, added: Bindings): void {
  for (const [name, bound] of added.entries) {
    if (target.entries.has(name)) duplicate(state, name, bound.at);
    else target.entries.set(name, bound);
  }
  target.dynamics.push(...added.dynamics);
}

function duplicate(state: ParserState, name: string, at: number): void {
  failWith(state, { kind: "duplicate", expected: "", found: name, at });
}
