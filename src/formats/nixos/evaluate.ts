import type { AttributeName, AttributePath, Expression, Formal, Parameter } from "./ast.js";
import { bindNames, evaluateAttributes } from "./evaluate-attributes.js";
import { evaluateBinary, evaluateUnary } from "./operators.js";
import { resolvePath } from "./paths.js";
import { DEEPEST_EVALUATION, innerScope, type Scope, spend, withScope } from "./session.js";
import { concatenate, interpolate } from "./text.js";
import {
  boolean,
  delay,
  type Entry,
  type FunctionValue,
  forced,
  list,
  ready,
  type UnknownValue,
  unknown,
  type Value,
} from "./value.js";

/** The value of an expression. Total: what fails, runs too long or nests too deeply is an unknown value with its reason. */
export function evaluate(expression: Expression, scope: Scope): Value {
  const { budget } = scope.session;
  const spent = spend(budget);
  if (spent !== null) return spent;
  if (budget.depth >= DEEPEST_EVALUATION)
    return unknown("the evaluation nests too deeply", sourceOf(expression, scope));
  budget.depth++;
  const value = dispatch(expression, scope);
  budget.depth--;
  return value;
}

function dispatch(expression: Expression, scope: Scope): Value {
  switch (expression.kind) {
    case "integer":
    case "float":
      return { kind: expression.kind, value: expression.value };
    case "string":
      return concatenate(
        expression.parts.map((part) => interpolate(part, scope)),
        scope.session.budget,
      );
    case "path":
      return evaluatePath(expression, scope);
    case "search-path":
      return { kind: "path", text: expression.name };
    case "variable":
      return (
        lookUp(expression.name, scope) ??
        unknown(`\`${expression.name}\` is not defined`, sourceOf(expression, scope))
      );
    case "list":
      return list(expression.items.map((item) => delayed(item, scope)));
    case "attributes":
      return evaluateAttributes(expression, scope);
    case "lambda":
      return evaluateLambda(expression, scope);
    case "binary":
      return evaluateBinary(expression, scope);
    case "unary":
      return evaluateUnary(expression, scope);
    default:
      return dispatchControl(expression, scope);
  }
}

type Control = Extract<Expression, { kind: "select" | "has" | "apply" | "let" | "with" | "if" | "assert" }>;

function dispatchControl(expression: Control, scope: Scope): Value {
  switch (expression.kind) {
    case "select":
      return evaluateSelect(expression, scope);
    case "has":
      return evaluateHas(expression, scope);
    case "apply":
      return applyValue(evaluate(expression.callee, scope), delayed(expression.argument, scope));
    case "let":
      return evaluate(expression.body, bindNames(expression.bindings, scope));
    case "with":
      return evaluate(expression.body, withScope(scope, delayed(expression.scope, scope)));
    case "if":
      return evaluateIf(expression, scope);
    case "assert":
      return evaluateAssert(expression, scope);
    default:
      return expression satisfies never;
  }
}

function sourceOf(expression: Expression, scope: Scope): ReturnType<Scope["positions"]["sourceAt"]> {
  return scope.positions.sourceAt(expression.at);
}

function delayed(expression: Expression, scope: Scope): Entry {
  return { thunk: delay(() => evaluate(expression, scope)), source: sourceOf(expression, scope) };
}

/** Bindings around the expression come first, from the inside; then the sets of `with`, from the inside. */
function lookUp(name: string, scope: Scope): Value | null {
  for (let at: Scope | null = scope; at !== null; at = at.parent) {
    const entry = at.names.get(name);
    if (entry !== undefined) return forced(entry);
  }
  for (let at: Scope | null = scope; at !== null; at = at.parent) {
    if (at.fallback === null) continue;
    const value = forced(at.fallback);
    if (value.kind === "unknown") return value;
    if (value.kind !== "attributes") continue;
    const entry = value.entries.get(name);
    if (entry !== undefined) return forced(entry);
    if (value.rest !== null) return value.rest(name);
  }
  return null;
}

function evaluatePath(expression: Extract<Expression, { kind: "path" }>, scope: Scope): Value {
  const written = concatenate(
    expression.parts.map((part) => interpolate(part, scope)),
    scope.session.budget,
  );
  if (written.kind !== "string") return written;
  const [hole] = written.holes;
  if (hole !== undefined) return hole.unknown;
  const path = resolvePath(scope.folder, written.text);
  if (path !== null) return { kind: "path", text: path };
  return unknown(
    `the path \`${written.text}\` leads out of the configuration tree`,
    sourceOf(expression, scope),
  );
}

function evaluateIf(expression: Extract<Expression, { kind: "if" }>, scope: Scope): Value {
  const condition = evaluate(expression.condition, scope);
  if (condition.kind === "unknown") return condition;
  if (condition.kind !== "boolean") return unknown("a condition is no boolean", sourceOf(expression, scope));
  return evaluate(condition.value ? expression.then : expression.otherwise, scope);
}

function evaluateAssert(expression: Extract<Expression, { kind: "assert" }>, scope: Scope): Value {
  const condition = evaluate(expression.condition, scope);
  if (condition.kind === "unknown") return condition;
  const holds = condition.kind === "boolean" && condition.value;
  return holds
    ? evaluate(expression.body, scope)
    : unknown("an assertion fails", sourceOf(expression, scope));
}

/** The text of an attribute name, or why it is not known. */
function nameOf(name: AttributeName, scope: Scope): string | UnknownValue {
  if (name.kind === "static") return name.name;
  const value = evaluate(name.expression, scope);
  if (value.kind === "unknown") return value;
  if (value.kind !== "string")
    return unknown("the name of an attribute is no string", sourceOf(name.expression, scope));
  return value.holes[0]?.unknown ?? value.text;
}

function evaluateSelect(expression: Extract<Expression, { kind: "select" }>, scope: Scope): Value {
  const found = follow(evaluate(expression.target, scope), expression.path, scope);
  if (found.kind === "found") return found.value;
  if (found.kind === "missing" && expression.fallback !== null) return evaluate(expression.fallback, scope);
  if (found.kind === "missing")
    return unknown(`there is no attribute \`${found.name}\``, sourceOf(expression, scope));
  return unknown(found.unknown.reason, found.unknown.source);
}

type Followed =
  | { readonly kind: "found"; readonly value: Value }
  | { readonly kind: "missing"; readonly name: string }
  | { readonly kind: "unsure"; readonly unknown: UnknownValue };

function follow(target: Value, path: AttributePath, scope: Scope): Followed {
  let value = target;
  for (const component of path) {
    const name = nameOf(component, scope);
    if (typeof name !== "string") return { kind: "unsure", unknown: name };
    if (value.kind === "unknown") return { kind: "unsure", unknown: value };
    if (value.kind !== "attributes") return { kind: "missing", name };
    const entry: Entry | undefined = value.entries.get(name);
    if (entry === undefined) {
      return value.rest === null ? { kind: "missing", name } : { kind: "unsure", unknown: value.rest(name) };
    }
    value = forced(entry);
  }
  return value.kind === "unknown" ? { kind: "unsure", unknown: value } : { kind: "found", value };
}

function evaluateHas(expression: Extract<Expression, { kind: "has" }>, scope: Scope): Value {
  const last = expression.path.at(-1);
  if (last === undefined) return boolean(true);
  const found = follow(evaluate(expression.target, scope), expression.path.slice(0, -1), scope);
  if (found.kind === "unsure") return found.unknown;
  if (found.kind === "missing" || found.value.kind !== "attributes") return boolean(false);
  const name = nameOf(last, scope);
  if (typeof name !== "string") return name;
  if (found.value.entries.has(name)) return boolean(true);
  return found.value.rest === null ? boolean(false) : found.value.rest(name);
}

/** Calls a function value; a set with `__functor` is one too. */
export function applyValue(callee: Value, argument: Entry): Value {
  if (callee.kind === "function") return callee.call(argument);
  if (callee.kind === "unknown") return callee;
  const functor = callee.kind === "attributes" ? callee.entries.get("__functor") : undefined;
  if (functor === undefined) return unknown("something that is no function is called", argument.source);
  const inner = forced(functor);
  if (inner.kind !== "function") return unknown("`__functor` is no function", argument.source);
  const bound = inner.call({ thunk: ready(callee), source: null });
  return bound.kind === "function"
    ? bound.call(argument)
    : unknown("`__functor` gives no function", argument.source);
}

function evaluateLambda(expression: Extract<Expression, { kind: "lambda" }>, scope: Scope): FunctionValue {
  const { parameter, body } = expression;
  return {
    kind: "function",
    parameter,
    call: (argument) => evaluate(body, bindParameter(parameter, argument, scope)),
  };
}

function bindParameter(parameter: Parameter, argument: Entry, scope: Scope): Scope {
  const names = new Map<string, Entry>();
  const inner = innerScope(scope, names);
  if (parameter.name !== null) names.set(parameter.name, argument);
  for (const formal of parameter.formals ?? []) {
    const source = scope.positions.sourceAt(formal.at);
    names.set(formal.name, { thunk: delay(() => formalValue(formal, argument, inner)), source });
  }
  return inner;
}

function formalValue(formal: Formal, argument: Entry, inner: Scope): Value {
  const given = forced(argument);
  if (given.kind === "unknown") return given;
  const entry = given.kind === "attributes" ? given.entries.get(formal.name) : undefined;
  if (entry !== undefined) return forced(entry);
  if (formal.fallback !== null) return evaluate(formal.fallback, inner);
  const rest = given.kind === "attributes" ? given.rest : null;
  const source = inner.positions.sourceAt(formal.at);
  return rest === null ? unknown(`the argument \`${formal.name}\` is not given`, source) : rest(formal.name);
}
