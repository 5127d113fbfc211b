import { setMakingFunctions } from "./builtins-set-making.js";
import { setMergingFunctions } from "./builtins-set-merging.js";
import {
  at,
  type Caller,
  costing,
  curried,
  eager,
  type FunctionTable,
  missing,
  withAttributes,
  withClosedSet,
  withItems,
  withTexts,
} from "./functions.js";
import { updateAttributes } from "./operators.js";
import { pairsToSet, selectAttribute, sortedEntries } from "./set-parts.js";
import {
  type AttributesValue,
  attributes,
  boolean,
  delay,
  type Entry,
  entryOf,
  forced,
  list,
  listOf,
  NO_ATTRIBUTES,
  text,
  type Value,
} from "./value.js";

/** Functions over attribute sets, of `builtins` and of `lib.attrsets`. */
export function attributeFunctions(caller: Caller): FunctionTable {
  return {
    ...reading(caller),
    ...mapping(caller),
    ...setMakingFunctions(caller),
    ...setMergingFunctions(caller),
  };
}

function reading(caller: Caller): FunctionTable {
  return { ...listing(caller), ...selecting() };
}

function listing({ session }: Caller): FunctionTable {
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
  };
}

function selecting(): FunctionTable {
  return {
    hasAttr: eager(2, (name, set) =>
      withTexts([name], (key = "") =>
        withAttributes(set, (found) =>
          found.entries.has(key) ? boolean(true) : (found.rest?.(key) ?? boolean(false)),
        ),
      ),
    ),
    getAttr: eager(2, (name, set) =>
      withTexts([name], (key = "") => withAttributes(set, (found) => selectAttribute(found, key))),
    ),
    attrVals: eager(2, (names, set) =>
      withItems(names, (keys) =>
        withAttributes(set, (found) =>
          list(
            keys.map((key) => ({
              thunk: delay(() => withTexts([forced(key)], (name = "") => selectAttribute(found, name))),
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
      pairsToSet(
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
