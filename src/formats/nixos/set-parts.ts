import { compareText } from "./compare.js";
import {
  type AttributesValue,
  attributes,
  delay,
  type Entry,
  forced,
  type UnknownValue,
  unknown,
  type Value,
} from "./value.js";

/** The attributes in the order of their names, which is Nix's. */
export function sortedEntries(set: ReadonlyMap<string, Entry>): readonly (readonly [string, Entry])[] {
  return [...set].sort(([a], [b]) => compareText(a, b));
}

/** `set.NAME` */
export function selectAttribute(set: AttributesValue, name: string): Value {
  const entry = set.entries.get(name);
  if (entry !== undefined) return forced(entry);
  return set.rest?.(name) ?? unknown(`there is no attribute \`${name}\``);
}

/** Builds a set from `{ name, value }` pairs; the first of a name counts. */
export function pairsToSet(pairs: readonly Entry[], rest: UnknownValue | null): Value {
  const entries = new Map<string, Entry>();
  let unsure = rest;
  for (const pair of pairs) {
    const value = forced(pair);
    const name = value.kind === "attributes" ? selectAttribute(value, "name") : value;
    if (value.kind !== "attributes" || name.kind !== "string" || name.holes.length > 0) {
      unsure ??= name.kind === "unknown" ? name : unknown("a pair has a name that is not known", pair.source);
    } else if (!entries.has(name.text)) {
      entries.set(name.text, {
        thunk: delay(() => selectAttribute(value, "value")),
        source: value.entries.get("value")?.source ?? pair.source,
      });
    }
  }
  const why = unsure;
  return attributes(entries, why === null ? null : () => why);
}
