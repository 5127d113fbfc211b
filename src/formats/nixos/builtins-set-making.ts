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
import { pairsToSet, selectAttribute } from "./set-parts.js";
import { attributes, delay, entryOf, forced, NO_ATTRIBUTES, unknown } from "./value.js";

/** Functions that make sets, or leave parts of them out. */
export function setMakingFunctions(caller: Caller): FunctionTable {
  return { ...makingSets(caller), ...narrowing() };
}

function makingSets({ session, call }: Caller): FunctionTable {
  return {
    listToAttrs: eager(1, (pairs) =>
      pairs?.kind === "list"
        ? costing(session, pairs.items.length, () => pairsToSet(pairs.items, pairs.rest))
        : unknown("something that is no list is used as one"),
    ),
    genAttrs: eager(2, (names, callee) =>
      withItems(names, (items) =>
        pairsToSet(
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
  };
}

function narrowing(): FunctionTable {
  return {
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
          pairsToSet(
            items.map((item) =>
              entryOf(
                attributes([
                  ["name", item],
                  [
                    "value",
                    {
                      thunk: delay(() =>
                        withTexts([forced(item)], (name = "") => selectAttribute(found, name)),
                      ),
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
