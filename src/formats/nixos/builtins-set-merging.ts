import {
  at,
  type Caller,
  costing,
  curried,
  eager,
  type FunctionTable,
  missing,
  withItems,
  withTexts,
} from "./functions.js";
import { updateAttributes } from "./operators.js";
import {
  attributes,
  attributesOf,
  boolean,
  delay,
  type Entry,
  entryOf,
  forced,
  list,
  NO_ATTRIBUTES,
  text,
  unknown,
  type Value,
} from "./value.js";

const DEEPEST_UPDATE = 50;

/** Functions that join sets, or follow a path of names into them. */
export function setMergingFunctions(caller: Caller): FunctionTable {
  return { ...merging(caller), ...byPath(caller) };
}

function merging(caller: Caller): FunctionTable {
  return {
    recursiveUpdate: eager(2, (left, right) => recursiveUpdate(left ?? missing(), right ?? missing(), 0)),
    mergeAttrs: curried(2, (given) => updateAttributes(forced(at(given, 0)), forced(at(given, 1)))),
    mergeAttrsList: eager(1, (sets) =>
      withItems(sets, (items) => items.map(forced).reduce(updateAttributes, NO_ATTRIBUTES)),
    ),
    zipAttrsWith: eager(2, (callee, sets) =>
      withItems(sets, (items) => zipSets(caller, callee ?? missing(), items.map(forced))),
    ),
  };
}

function recursiveUpdate(left: Value, right: Value, depth: number): Value {
  if (left.kind !== "attributes" || right.kind !== "attributes" || depth > DEEPEST_UPDATE) return right;
  const entries = new Map(left.entries);
  for (const [name, entry] of right.entries) {
    const below = left.entries.get(name);
    const thunk =
      below === undefined
        ? entry.thunk
        : delay(() => recursiveUpdate(forced(below), forced(entry), depth + 1));
    entries.set(name, { thunk, source: entry.source });
  }
  return updateAttributes(attributes(left.entries, left.rest), attributes(entries, right.rest));
}

function zipSets({ call }: Caller, callee: Value, sets: readonly Value[]): Value {
  const gathered = new Map<string, Entry[]>();
  for (const set of sets) {
    if (set.kind !== "attributes" || set.rest !== null)
      return set.kind === "attributes"
        ? (set.rest?.("") ?? missing())
        : unknown("something that is no attribute set is used as one");
    for (const [name, entry] of set.entries) gathered.set(name, [...(gathered.get(name) ?? []), entry]);
  }
  return attributes(
    [...gathered].map(
      ([name, entries]) =>
        [
          name,
          {
            thunk: delay(() => call(callee, entryOf(text(name)), entryOf(list(entries)))),
            source: entries[0]?.source ?? null,
          },
        ] as const,
    ),
  );
}

function byPath({ session }: Caller): FunctionTable {
  return {
    attrByPath: curried(3, (given) =>
      walk(forced(at(given, 0)), forced(at(given, 2)), () => forced(at(given, 1))),
    ),
    getAttrFromPath: eager(2, (path, set) =>
      walk(path, set, () => unknown("there is no attribute of that path")),
    ),
    hasAttrByPath: eager(2, (path, set) => {
      const absent = unknown("");
      const found = walk(path, set, () => absent);
      return found === absent ? boolean(false) : found.kind === "unknown" ? found : boolean(true);
    }),
    setAttrByPath: curried(2, (given) =>
      withItems(forced(at(given, 0)), (names) =>
        costing(session, names.length, () => {
          let value = forced(at(given, 1));
          for (const name of [...names].reverse())
            value = withTexts([forced(name)], (key = "") => attributesOf({ [key]: value }));
          return value;
        }),
      ),
    ),
  };
}

function walk(path: Value | undefined, set: Value | undefined, otherwise: () => Value): Value {
  return withItems(path, (names) => {
    let value: Value = set ?? missing();
    for (const name of names) {
      const inner = below(value, forced(name));
      if (inner === null) return otherwise();
      value = inner;
      if (value.kind === "unknown") break;
    }
    return value;
  });
}

/** The attribute of that name, or null where there surely is none. */
function below(value: Value, name: Value): Value | null {
  if (value.kind === "unknown") return value;
  if (name.kind !== "string") return unknown("an attribute path holds something that is no string");
  if (value.kind !== "attributes") return null;
  const entry = value.entries.get(name.text);
  return entry === undefined ? (value.rest?.(name.text) ?? null) : forced(entry);
}
