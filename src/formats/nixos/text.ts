import type { StringPart } from "./ast.js";
import { type Budget, LARGEST_VALUE, type Scope, spend } from "./session.js";
import { forced, type Hole, text, type UnknownValue, unknown, type Value } from "./value.js";

/** The text of one part of a string; what has no text becomes unknown, which leaves a hole in the string. */
export function interpolate(part: StringPart, scope: Scope): Value {
  if (typeof part === "string") return text(part);
  const value = scope.session.evaluate(part, scope);
  const source = scope.positions.sourceAt(part.at);
  return coerceToText(value) ?? unknown("something that is no string is interpolated", source);
}

/** Joins texts; unknown parts become holes. */
export function concatenate(parts: readonly Value[], budget: Budget): Value {
  const texts: string[] = [];
  const holes: Hole[] = [];
  let length = 0;
  for (const part of parts) {
    if (part.kind === "unknown") holes.push({ at: length, unknown: part });
    else if (part.kind === "string") {
      for (const hole of part.holes) holes.push({ at: length + hole.at, unknown: hole.unknown });
      texts.push(part.text);
      length += part.text.length;
    }
    if (length > LARGEST_VALUE || holes.length > LARGEST_VALUE) return unknown("a text grows too long");
  }
  return spend(budget, length >>> 6) ?? text(texts.join(""), holes);
}

/** What interpolation makes of a value: strings, sets with `__toString` or `outPath`; null for what Nix refuses. */
export function coerceToText(value: Value): Value | null {
  if (value.kind === "string" || value.kind === "unknown") return value;
  if (value.kind === "path") return unknown(`the store path of \`${value.text}\` is not known`);
  if (value.kind !== "attributes") return null;
  const outPath = value.entries.get("outPath");
  if (outPath !== undefined) return forced(outPath);
  return value.rest === null ? null : value.rest("outPath");
}

/** What `toString` makes of a value. */
export function toText(value: Value, budget: Budget, depth = 0): Value {
  switch (value.kind) {
    case "null":
      return text("");
    case "boolean":
      return text(value.value ? "1" : "");
    case "integer":
      return text(String(value.value));
    case "float":
      return text(value.value.toFixed(6));
    case "list":
      return depth > 50
        ? unknown("a list nests too deeply")
        : (value.rest ?? listToText(value.items.map(forced), budget, depth));
    default:
      return coerceToText(value) ?? unknown("something that has no text is made into one");
  }
}

function listToText(items: readonly Value[], budget: Budget, depth: number): Value {
  const parts: Value[] = [];
  for (const item of items) {
    if (parts.length > 0) parts.push(text(" "));
    parts.push(toText(item, budget, depth + 1));
  }
  return concatenate(parts, budget);
}

/** The whole text, or why it is not known or no text. */
export function wholeText(value: Value): string | UnknownValue {
  if (value.kind === "unknown") return value;
  if (value.kind !== "string") return unknown("something that is no string is used as one");
  return value.holes[0]?.unknown ?? value.text;
}
