import type { BinaryOperator, Expression } from "./ast.js";
import { compareValues, equalValues } from "./compare.js";
import { type Budget, LARGEST_VALUE, type Scope, spend } from "./session.js";
import { coerceToText, concatenate } from "./text.js";
import {
  type AttributesValue,
  attributes,
  boolean,
  type Entry,
  type ListValue,
  list,
  ready,
  type UnknownValue,
  unknown,
  type Value,
} from "./value.js";

/** `left OP right`. The logical operators give an answer where one side alone decides it. */
export function evaluateBinary(expression: Extract<Expression, { kind: "binary" }>, scope: Scope): Value {
  const { operator } = expression;
  const { evaluate } = scope.session;
  const left = evaluate(expression.left, scope);
  if (operator === "&&" || operator === "||" || operator === "->") {
    return decide(operator, left, () => evaluate(expression.right, scope));
  }
  const right = evaluate(expression.right, scope);
  if (operator === "//") return updateAttributes(left, right);
  if (operator === "+") return add(left, right, scope);
  if (operator === "++") return concatenateLists(left, right, scope.session.budget);
  if (left.kind === "unknown") return left;
  if (right.kind === "unknown") return right;
  return combine(operator, left, right, scope);
}

/** `!x` and `-x`. */
export function evaluateUnary(expression: Extract<Expression, { kind: "unary" }>, scope: Scope): Value {
  const value = scope.session.evaluate(expression.operand, scope);
  if (value.kind === "unknown") return value;
  if (expression.operator === "!") {
    return value.kind === "boolean"
      ? boolean(!value.value)
      : unknown("something that is no boolean is negated");
  }
  if (value.kind === "integer" || value.kind === "float") return { kind: value.kind, value: -value.value };
  return unknown("something that is no number is negated");
}

function decide(operator: "&&" | "||" | "->", left: Value, right: () => Value): Value {
  const deciding = operator !== "&&";
  const first = operator === "->" ? negate(left) : left;
  if (first.kind === "boolean" && first.value === deciding) return first;
  const second = right();
  if (first.kind === "boolean")
    return second.kind === "boolean" || second.kind === "unknown" ? second : notBoolean();
  if (second.kind === "boolean" && second.value === deciding) return second;
  return first.kind === "unknown" ? first : notBoolean();
}

function negate(value: Value): Value {
  return value.kind === "boolean" ? boolean(!value.value) : value;
}

function notBoolean(): UnknownValue {
  return unknown("something that is no boolean is used as one");
}

type Eager = Exclude<BinaryOperator, "&&" | "||" | "->" | "//" | "+" | "++">;

function combine(operator: Eager, left: Value, right: Value, scope: Scope): Value {
  switch (operator) {
    case "==":
      return equalValues(left, right, scope.session.budget);
    case "!=":
      return negate(equalValues(left, right, scope.session.budget));
    case "<":
    case "<=":
    case ">":
    case ">=":
      return order(operator, compareValues(left, right, scope.session.budget));
    case "-":
    case "*":
    case "/":
      return calculate(operator, left, right);
    default:
      return operator satisfies never;
  }
}

function order(operator: "<" | "<=" | ">" | ">=", compared: number | UnknownValue): Value {
  if (typeof compared !== "number") return compared;
  if (operator === "<") return boolean(compared < 0);
  if (operator === "<=") return boolean(compared <= 0);
  return boolean(operator === ">" ? compared > 0 : compared >= 0);
}

/** `left ++ right`: the known items of both; what an unknown side holds is the rest. */
export function concatenateLists(left: Value, right: Value, budget: Budget): Value {
  if (left.kind === "unknown" && right.kind === "unknown") return left;
  const first = asList(left);
  const second = asList(right);
  if (first === null || second === null) return unknown("something that is no list is joined to one");
  const length = first.items.length + second.items.length;
  if (length > LARGEST_VALUE) return unknown("a list grows too long");
  return spend(budget, length >>> 3) ?? list([...first.items, ...second.items], first.rest ?? second.rest);
}

function asList(value: Value): ListValue | null {
  if (value.kind === "unknown") return list([], value);
  return value.kind === "list" ? value : null;
}

function isNumber(value: Value): value is Extract<Value, { kind: "integer" | "float" }> {
  return value.kind === "integer" || value.kind === "float";
}

/** Integers are exact up to 2^53 here and 64 bits wide in Nix; what is larger is unknown. */
export function calculate(operator: "+" | "-" | "*" | "/", left: Value, right: Value): Value {
  if (!isNumber(left) || !isNumber(right)) return unknown("something that is no number is calculated with");
  const isInteger = left.kind === "integer" && right.kind === "integer";
  if (operator === "/" && right.value === 0) return unknown("a division by zero");
  const value = rawResult(operator, left.value, right.value);
  if (!isInteger) return { kind: "float", value };
  const whole = Math.trunc(value) + 0;
  return Number.isSafeInteger(whole)
    ? { kind: "integer", value: whole }
    : unknown("a number grows too large");
}

function rawResult(operator: "+" | "-" | "*" | "/", left: number, right: number): number {
  if (operator === "+") return left + right;
  if (operator === "-") return left - right;
  return operator === "*" ? left * right : left / right;
}

/** `+`: numbers, texts, or a path with a text behind it. */
function add(left: Value, right: Value, scope: Scope): Value {
  if (isNumber(left) && isNumber(right)) return calculate("+", left, right);
  if (left.kind === "path") return addToPath(left.text, right);
  const isText = left.kind === "string" || right.kind === "string";
  if (!isText)
    return left.kind === "unknown"
      ? left
      : right.kind === "unknown"
        ? right
        : (coerceToText(left) ?? unknown("something is added to what it does not fit"));
  const parts = [left, right].map(
    (value) => coerceToText(value) ?? unknown("something that is no string is joined to one"),
  );
  return concatenate(parts, scope.session.budget);
}

function addToPath(path: string, right: Value): Value {
  if (right.kind === "path") return { kind: "path", text: path + right.text };
  if (right.kind !== "string")
    return right.kind === "unknown" ? right : unknown("something that is no string is joined to a path");
  return right.holes[0]?.unknown ?? { kind: "path", text: (path + right.text).replaceAll(/\/{2,}/g, "/") };
}

/** `left // right`: what the unknown side may set is unknown in the result, the rest stands. */
export function updateAttributes(left: Value, right: Value): Value {
  if (left.kind === "unknown" && right.kind === "unknown") return left;
  const first = asAttributes(left);
  const second = asAttributes(right);
  if (first === null || second === null) return unknown("something that is no attribute set is updated");
  const entries = new Map<string, Entry>();
  for (const [name, entry] of first.entries) {
    entries.set(
      name,
      second.rest === null ? entry : { thunk: ready(second.rest(name)), source: entry.source },
    );
  }
  for (const [name, entry] of second.entries) entries.set(name, entry);
  return attributes(entries, second.rest ?? first.rest);
}

function asAttributes(value: Value): AttributesValue | null {
  if (value.kind === "unknown") return attributes(new Map(), () => value);
  return value.kind === "attributes" ? value : null;
}
