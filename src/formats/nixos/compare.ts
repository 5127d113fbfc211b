import { type Budget, spend } from "./session.js";
import {
  type AttributesValue,
  boolean,
  forced,
  type ListValue,
  type UnknownValue,
  unknown,
  type Value,
} from "./value.js";

const DEEPEST_COMPARISON = 50;

/** `left == right`, deep; unknown where an unknown part could decide it. */
export function equalValues(left: Value, right: Value, budget: Budget, depth = 0): Value {
  const spent = spend(budget);
  if (spent !== null) return spent;
  if (depth > DEEPEST_COMPARISON) return unknown("a comparison nests too deeply");
  if (left.kind === "unknown") return left;
  if (right.kind === "unknown") return right;
  if (left.kind === "list" && right.kind === "list") return equalLists(left, right, budget, depth);
  if (left.kind === "attributes" && right.kind === "attributes")
    return equalAttributes(left, right, budget, depth);
  if (left.kind === "string" && right.kind === "string") {
    return left.holes[0]?.unknown ?? right.holes[0]?.unknown ?? boolean(left.text === right.text);
  }
  return boolean(equalScalars(left, right));
}

function equalScalars(left: Value, right: Value): boolean {
  if (left.kind === "null") return right.kind === "null";
  if (left.kind === "boolean") return right.kind === "boolean" && left.value === right.value;
  if (left.kind === "path") return right.kind === "path" && left.text === right.text;
  const isNumber = left.kind === "integer" || left.kind === "float";
  return isNumber && (right.kind === "integer" || right.kind === "float") && left.value === right.value;
}

function equalLists(left: ListValue, right: ListValue, budget: Budget, depth: number): Value {
  const rest = left.rest ?? right.rest;
  if (rest !== null) return rest;
  if (left.items.length !== right.items.length) return boolean(false);
  return all(
    left.items.map((item, index) => {
      const other = right.items[index];
      return () =>
        other === undefined ? boolean(false) : equalValues(forced(item), forced(other), budget, depth + 1);
    }),
  );
}

function equalAttributes(
  left: AttributesValue,
  right: AttributesValue,
  budget: Budget,
  depth: number,
): Value {
  const why = left.rest?.("") ?? right.rest?.("");
  if (why !== undefined) return why;
  if (left.entries.size !== right.entries.size) return boolean(false);
  return all(
    [...left.entries].map(([name, entry]) => {
      const other = right.entries.get(name);
      return () =>
        other === undefined ? boolean(false) : equalValues(forced(entry), forced(other), budget, depth + 1);
    }),
  );
}

/** False as soon as one is false; else the first that is unknown; else true. */
function all(comparisons: readonly (() => Value)[]): Value {
  let unsure: Value | null = null;
  for (const compare of comparisons) {
    const value = compare();
    if (value.kind === "boolean" && !value.value) return value;
    if (value.kind === "unknown") unsure ??= value;
  }
  return unsure ?? boolean(true);
}

/** Negative, zero or positive, for numbers, texts, paths and lists of them. */
export function compareValues(left: Value, right: Value, budget: Budget, depth = 0): number | UnknownValue {
  const spent = spend(budget);
  if (spent !== null) return spent;
  if (left.kind === "unknown") return left;
  if (right.kind === "unknown") return right;
  if (
    (left.kind === "integer" || left.kind === "float") &&
    (right.kind === "integer" || right.kind === "float")
  ) {
    return left.value - right.value;
  }
  if (left.kind === "string" && right.kind === "string") {
    return left.holes[0]?.unknown ?? right.holes[0]?.unknown ?? compareText(left.text, right.text);
  }
  if (left.kind === "path" && right.kind === "path") return compareText(left.text, right.text);
  if (left.kind === "list" && right.kind === "list" && depth < DEEPEST_COMPARISON)
    return compareLists(left, right, budget, depth);
  return unknown("two values that have no order are compared");
}

function compareLists(
  left: ListValue,
  right: ListValue,
  budget: Budget,
  depth: number,
): number | UnknownValue {
  const rest = left.rest ?? right.rest;
  if (rest !== null) return rest;
  for (const [index, item] of left.items.entries()) {
    const other = right.items[index];
    if (other === undefined) return 1;
    const compared = compareValues(forced(item), forced(other), budget, depth + 1);
    if (compared !== 0) return compared;
  }
  return left.items.length - right.items.length;
}

/** The order of attribute names and texts: by code unit. */
export function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
