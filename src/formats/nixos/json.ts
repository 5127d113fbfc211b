import type { Source } from "#model/index.js";
import { type Budget, spend } from "./session.js";
import { wholeText } from "./text.js";
import {
  attributes,
  boolean,
  type Entry,
  entryOf,
  forced,
  list,
  NULL,
  text,
  unknown,
  type Value,
} from "./value.js";

const DEEPEST_JSON = 100;

/** Parses JSON text into a value, or says that it is none. */
export function parseJson(json: string, budget: Budget): Value {
  const spent = spend(budget, json.length >>> 4);
  if (spent !== null) return spent;
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    return unknown("a text is no JSON");
  }
  return fromJson(parsed, () => null);
}

/** Turns parsed JSON into a value; `sourceOf` gives the place of the value at a path. */
export function fromJson(
  parsed: unknown,
  sourceOf: (path: readonly string[]) => Source | null,
  path: readonly string[] = [],
): Value {
  if (path.length > DEEPEST_JSON) return unknown("a JSON text nests too deeply");
  if (typeof parsed === "string") return text(parsed);
  if (typeof parsed === "boolean") return boolean(parsed);
  if (typeof parsed === "number")
    return { kind: Number.isInteger(parsed) ? "integer" : "float", value: parsed };
  if (typeof parsed !== "object" || parsed === null) return NULL;
  const entry = (name: string, inner: unknown): Entry => {
    const below = [...path, name];
    return entryOf(fromJson(inner, sourceOf, below), sourceOf(below));
  };
  if (Array.isArray(parsed)) return list(parsed.map((item, index) => entry(String(index), item)));
  return attributes(Object.entries(parsed).map(([name, inner]) => [name, entry(name, inner)] as const));
}

/** Writes a value as JSON text, keys sorted, or says why it cannot. */
export function toJson(value: Value, budget: Budget): Value {
  const plain = toPlain(value, budget, 0);
  return plain.isKnown ? text(JSON.stringify(plain.json)) : plain.why;
}

type Plain =
  | { readonly isKnown: true; readonly json: unknown }
  | { readonly isKnown: false; readonly why: Value };

function toPlain(value: Value, budget: Budget, depth: number): Plain {
  const spent = spend(budget);
  if (spent !== null) return { isKnown: false, why: spent };
  if (depth > DEEPEST_JSON) return { isKnown: false, why: unknown("a value nests too deeply for JSON") };
  switch (value.kind) {
    case "null":
      return { isKnown: true, json: null };
    case "boolean":
    case "integer":
    case "float":
      return { isKnown: true, json: value.value };
    case "string": {
      const whole = wholeText(value);
      return typeof whole === "string" ? { isKnown: true, json: whole } : { isKnown: false, why: whole };
    }
    case "list":
      return value.rest === null
        ? plainList(value.items, budget, depth)
        : { isKnown: false, why: value.rest };
    case "attributes":
      return value.rest === null
        ? plainSet(value.entries, budget, depth)
        : { isKnown: false, why: value.rest("") };
    case "unknown":
      return { isKnown: false, why: value };
    default:
      return { isKnown: false, why: unknown("a value that JSON cannot hold is written as JSON") };
  }
}

function plainList(items: readonly Entry[], budget: Budget, depth: number): Plain {
  const json: unknown[] = [];
  for (const item of items) {
    const inner = toPlain(forced(item), budget, depth + 1);
    if (!inner.isKnown) return inner;
    json.push(inner.json);
  }
  return { isKnown: true, json };
}

function plainSet(entries: ReadonlyMap<string, Entry>, budget: Budget, depth: number): Plain {
  const json: [string, unknown][] = [];
  for (const [name, entry] of [...entries].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const inner = toPlain(forced(entry), budget, depth + 1);
    if (!inner.isKnown) return inner;
    json.push([name, inner.json]);
  }
  return { isKnown: true, json: Object.fromEntries(json) };
}
