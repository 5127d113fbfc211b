import { compareText } from "./compare.js";
import {
  at,
  type Caller,
  costing,
  curried,
  eager,
  type FunctionTable,
  missing,
  withAttributes,
  withBoolean,
  withClosedSet,
  withItems,
  withTexts,
} from "./functions.js";
import { updateAttributes } from "./operators.js";
import {
  type AttributesValue,
  attributes,
  attributesOf,
  boolean,
  delay,
  type Entry,
  entryOf,
  forced,
  list,
  listOf,
  NO_ATTRIBUTES,
  text,
  type UnknownValue,
  unknown,
  type Value,
} from "./value.js";

/** Functions over attribute sets, of `builtins` and of `lib.attrsets`. */
export function attributeFunctions(caller: Caller): FunctionTable {
  return {
    ...reading(caller),
    ...mapping(caller),
    ...makingSets(caller),
    ...merging(caller),
    ...byPath(caller),
  };
}

/** The attributes in the order of their names, which is Nix's. */
export function sortedEntries(set: ReadonlyMap<string, Entry>): readonly (readonly [string, Entry])[] {
  return [...set].sort(([a], [b]) => compareText(a, b));
}

function reading({ session }: Caller): FunctionTable {
  return {
    attrNames: eager(1, (set) =>
      withClosedSet(set, (entries) =>
        costing(session, entries.size, () => listOf(sortedEntries(entries).map(([name]) => text(name)))),
      ),
    ),
    attrValues: eager(1, (set) =>
      withAttributes(set, ({ entries, rest }) =>
        costing(session, entries.size, () =>
          list(
            sortedEntries(entries).map(([, entry]) => entry),
            rest?.("") ?? null,
          ),
        ),
      ),
    ),
    hasAttr: eager(2, (name, set) =>
      withTexts([name], (key = "") =>
        withAttributes(set, (found) =>
          found.entries.has(key) ? boolean(true) : (found.rest?.(key) ?? boolean(false)),
        ),
      ),
    ),
    getAttr: eager(2, (name, set) =>
      withTexts([name], (key = "") => withAttributes(set, (found) => select(found, key))),
    ),
    attrVals: eager(2, (names, set) =>
      withItems(names, (keys) =>
        withAttributes(set, (found) =>
          list(
            keys.map((key) => ({
              thunk: delay(() => withTexts([forced(key)], (name = "") => select(found, name))),
              source: key.source,
            })),
          ),
        ),
      ),
    ),
    nameValuePair: curried(2, (given) =>
      attributes([
        ["name", at(given, 0)],
        ["value", at(given, 1)],
      ]),
    ),
    attrsToList: eager(1, (set) =>
      withClosedSet(set, (entries) =>
        listOf(
          sortedEntries(entries).map(([name, entry]) =>
            attributes([
              ["name", entryOf(text(name))],
              ["value", entry],
            ]),
          ),
        ),
      ),
    ),
  };
}

function select(set: AttributesValue, name: string): Value {
  const entry = set.entries.get(name);
  if (entry !== undefined) return forced(entry);
  return set.rest?.(name) ?? unknown(`there is no attribute \`${name}\``);
}

function mapping({ session, call }: Caller): FunctionTable {
  const applied = (callee: Value | undefined, name: string, entry: Entry): Entry => ({
    thunk: delay(() => call(callee ?? missing(), entryOf(text(name)), entry)),
    source: entry.source,
  });
  const toList = (callee: Value | undefined, set: Value | undefined): Value =>
    withAttributes(set, ({ entries, rest }) =>
      costing(session, entries.size, () =>
        list(
          sortedEntries(entries).map(([name, entry]) => applied(callee, name, entry)),
          rest?.("") ?? null,
        ),
      ),
    );
  const renamed = (callee: Value | undefined, set: Value | undefined): Value =>
    withAttributes(set, ({ entries, rest }) =>
      fromPairs(
        sortedEntries(entries).map(([name, entry]) => applied(callee, name, entry)),
        rest?.("") ?? null,
      ),
    );
  return {
    mapAttrs: eager(2, (callee, set) =>
      withAttributes(set, ({ entries, rest }) =>
        costing(session, entries.size, () =>
          attributes(
            sortedEntries(entries).map(([name, entry]) => [name, applied(callee, name, entry)] as const),
            rest,
          ),
        ),
      ),
    ),
    "mapAttrs'": eager(2, renamed),
    mapAttrsToList: eager(2, toList),
    concatMapAttrs: eager(2, (callee, set) =>
      withClosedSet(set, (entries) => {
        let result: Value = NO_ATTRIBUTES;
        for (const [name, entry] of sortedEntries(entries))
          result = updateAttributes(result, forced(applied(callee, name, entry)));
        return result;
      }),
    ),
    filterAttrs: eager(2, (callee, set) =>
      withAttributes(set, (found) => filterSet(found, (name, entry) => forced(applied(callee, name, entry)))),
    ),
    foldlAttrs: eager(3, (callee, first, set) =>
      withClosedSet(set, (entries) => {
        let result = first ?? missing();
        for (const [name, entry] of sortedEntries(entries))
          result = call(callee ?? missing(), entryOf(result), entryOf(text(name)), entry);
        return result;
      }),
    ),
  };
}

/** Keeps what the test keeps; where it cannot say, the attribute is unknown. */
function filterSet(set: AttributesValue, test: (name: string, entry: Entry) => Value): Value {
  const kept = new Map<string, Entry>();
  for (const [name, entry] of set.entries) {
    const answer = test(name, entry);
    if (answer.kind === "unknown") kept.set(name, entryOf(answer, entry.source));
    else if (answer.kind === "boolean" && answer.value) kept.set(name, entry);
  }
  return attributes(kept, set.rest);
}

/** Builds a set from `{ name, value }` pairs; the first of a name counts. */
function fromPairs(pairs: readonly Entry[], rest: UnknownValue | null): Value {
  const entries = new Map<string, Entry>();
  let unsure = rest;
  for (const pair of pairs) {
    const value = forced(pair);
    const name = value.kind === "attributes" ? select(value, "name") : value;
    if (value.kind !== "attributes" || name.kind !== "string" || name.holes.length > 0) {
      unsure ??= name.kind === "unknown" ? name : unknown("a pair has a name that is not known", pair.source);
    } else if (!entries.has(name.text)) {
      entries.set(name.text, {
        thunk: delay(() => select(value, "value")),
        source: value.entries.get("value")?.source ?? pair.source,
      });
    }
  }
  const why = unsure;
  return attributes(entries, why === null ? null : () => why);
}

function makingSets({ session, call }: Caller): FunctionTable {
  return {
    listToAttrs: eager(1, (pairs) =>
      pairs?.kind === "list"
        ? costing(session, pairs.items.length, () => fromPairs(pairs.items, pairs.rest))
        : unknown("something that is no list is used as one"),
    ),
    genAttrs: eager(2, (names, callee) =>
      withItems(names, (items) =>
        fromPairs(
          items.map((item) =>
            entryOf(
              attributes([
                ["name", item],
                ["value", { thunk: delay(() => call(callee ?? missing(), item)), source: item.source }],
              ]),
            ),
          ),
          null,
        ),
      ),
    ),
    optionalAttrs: curried(2, (given) =>
      withBoolean(forced(at(given, 0)), (is) => (is ? forced(at(given, 1)) : NO_ATTRIBUTES)),
    ),
    removeAttrs: eager(2, (set, names) =>
      withAttributes(set, (found) =>
        withItems(names, (items) => {
          const removed = items.map(forced).map((name) => (name.kind === "string" ? name.text : ""));
          return attributes(
            [...found.entries].filter(([name]) => !removed.includes(name)),
            found.rest,
          );
        }),
      ),
    ),
    getAttrs: eager(2, (names, set) =>
      withAttributes(set, (found) =>
        withItems(names, (items) =>
          fromPairs(
            items.map((item) =>
              entryOf(
                attributes([
                  ["name", item],
                  [
                    "value",
                    {
                      thunk: delay(() => withTexts([forced(item)], (name = "") => select(found, name))),
                      source: null,
                    },
                  ],
                ]),
              ),
            ),
            null,
          ),
        ),
      ),
    ),
    intersectAttrs: eager(2, (first, second) =>
      withClosedSet(first, (names) =>
        withClosedSet(second, (entries) => attributes([...entries].filter(([name]) => names.has(name)))),
      ),
    ),
  };
}

const DEEPEST_UPDATE = 50;

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
  const walk = (path: Value | undefined, set: Value | undefined, otherwise: () => Value): Value =>
    withItems(path, (names) => {
      let value = set ?? missing();
      for (const name of names) {
        const key = forced(name);
        if (key.kind !== "string" || value.kind === "unknown")
          return value.kind === "unknown"
            ? value
            : unknown("an attribute path holds something that is no string");
        const entry = value.kind === "attributes" ? value.entries.get(key.text) : undefined;
        if (entry === undefined)
          return value.kind === "attributes" && value.rest !== null ? value.rest(key.text) : otherwise();
        value = forced(entry);
      }
      return value;
    });
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
