import { listPartFunctions } from "./builtins-list-parts.js";
import { equalValues } from "./compare.js";
import {
  at,
  type Caller,
  costing,
  curried,
  eager,
  type FunctionTable,
  missing,
  withItems,
  withList,
} from "./functions.js";
import { LARGEST_VALUE } from "./session.js";
import {
  boolean,
  delay,
  type Entry,
  entryOf,
  forced,
  integer,
  list,
  NULL,
  type UnknownValue,
  unknown,
  type Value,
} from "./value.js";

/** Functions over lists, of `builtins` and of `lib.lists`. */
export function listFunctions(caller: Caller): FunctionTable {
  return {
    ...transforming(caller),
    ...searching(caller),
    ...folding(caller),
    ...listPartFunctions(caller),
  };
}

function transforming(caller: Caller): FunctionTable {
  const { session, call } = caller;
  const mapped = (callee: Entry, items: readonly Entry[]): Entry[] =>
    items.map((item) => ({ thunk: delay(() => call(forced(callee), item)), source: item.source }));
  const concatMap = curried(2, (given) =>
    withList(forced(at(given, 1)), (found) =>
      concatAll(caller, mapped(at(given, 0), found.items), found.rest),
    ),
  );
  return {
    map: curried(2, (given) =>
      withList(forced(at(given, 1)), ({ items, rest }) =>
        costing(session, items.length, () => list(mapped(at(given, 0), items), rest)),
      ),
    ),
    imap0: indexed(caller, 0),
    imap1: indexed(caller, 1),
    filter: curried(2, (given) =>
      withList(forced(at(given, 1)), (found) => filterItems(caller, at(given, 0), found.items, found.rest)),
    ),
    concatLists: eager(1, (lists) => withList(lists, ({ items, rest }) => concatAll(caller, items, rest))),
    concatMap,
    flatten: eager(1, (value) => flatten(caller, value ?? NULL, 0)),
    reverseList: eager(1, (value) => withList(value, ({ items, rest }) => list([...items].reverse(), rest))),
    unique: eager(1, (value) => withItems(value, (items) => unique(caller, items))),
    sort: eager(2, (before, value) => withItems(value, (items) => sorted(caller, before ?? NULL, items))),
  };
}

function indexed({ session, call }: Caller, first: number): Value {
  return eager(2, (callee, value) =>
    withItems(value, (items) =>
      costing(session, items.length, () =>
        list(
          items.map((item, index) => ({
            thunk: delay(() => call(callee ?? missing(), entryOf(integer(index + first)), item)),
            source: item.source,
          })),
        ),
      ),
    ),
  );
}

function filterItems(
  { call }: Caller,
  callee: Entry,
  items: readonly Entry[],
  rest: UnknownValue | null,
): Value {
  const kept: Entry[] = [];
  let unsure = rest;
  for (const item of items) {
    const keep = call(forced(callee), item);
    if (keep.kind === "boolean" && keep.value) kept.push(item);
    if (keep.kind === "unknown") unsure ??= keep;
  }
  return list(kept, unsure);
}

function concatAll({ session }: Caller, lists: readonly Entry[], rest: UnknownValue | null): Value {
  const items: Entry[] = [];
  let unsure = rest;
  for (const entry of lists) {
    const value = forced(entry);
    if (value.kind === "unknown") unsure ??= value;
    else if (value.kind !== "list") return unknown("something that is no list is joined to one");
    else {
      for (const item of value.items) items.push(item);
      unsure ??= value.rest;
    }
    if (items.length > LARGEST_VALUE) return unknown("a list grows too long");
  }
  return costing(session, items.length, () => list(items, unsure));
}

function flatten(caller: Caller, value: Value, depth: number): Value {
  if (value.kind !== "list") return list([entryOf(value)]);
  if (depth > 50) return unknown("a list nests too deeply");
  const parts = value.items.map((item) => {
    const inner = forced(item);
    return inner.kind === "list" ? entryOf(flatten(caller, inner, depth + 1)) : entryOf(list([item]));
  });
  return concatAll(caller, parts, value.rest);
}

function unique({ session }: Caller, items: readonly Entry[]): Value {
  const kept: Entry[] = [];
  for (const item of items) {
    const value = forced(item);
    if (value.kind === "unknown") return value;
    const isThere = kept.some((other) => isTrue(equalValues(forced(other), value, session.budget)));
    if (!isThere) kept.push(item);
  }
  return list(kept);
}

function isTrue(value: Value): boolean {
  return value.kind === "boolean" && value.value;
}

function sorted({ session, call }: Caller, before: Value, items: readonly Entry[]): Value {
  return costing(session, items.length * 4, () => {
    let unsure: UnknownValue | null = null;
    const isBefore = (a: Entry, b: Entry): boolean => {
      const answer = call(before, a, b);
      if (answer.kind === "unknown") unsure ??= answer;
      return isTrue(answer);
    };
    const result = [...items].sort((a, b) => (isBefore(a, b) ? -1 : isBefore(b, a) ? 1 : 0));
    return unsure ?? list(result);
  });
}

function searching({ session, call }: Caller): FunctionTable {
  const test = (callee: Value | undefined, item: Entry): Value => call(callee ?? missing(), item);
  return {
    elem: eager(2, (wanted, value) =>
      withList(value, ({ items, rest }) =>
        some(
          items.map((item) => () => equalValues(wanted ?? NULL, forced(item), session.budget)),
          rest,
        ),
      ),
    ),
    any: eager(2, (callee, value) =>
      withList(value, ({ items, rest }) =>
        some(
          items.map((item) => () => test(callee, item)),
          rest,
        ),
      ),
    ),
    all: eager(2, (callee, value) =>
      withList(value, ({ items, rest }) => {
        const isSomeFalse = some(
          items.map((item) => () => negated(test(callee, item))),
          rest,
        );
        return negated(isSomeFalse);
      }),
    ),
    findFirst: curried(3, (given) =>
      withItems(forced(at(given, 2)), (items) => {
        for (const item of items) {
          const answer = test(forced(at(given, 0)), item);
          if (answer.kind === "unknown") return answer;
          if (isTrue(answer)) return forced(item);
        }
        return forced(at(given, 1));
      }),
    ),
  };
}

function negated(value: Value): Value {
  return value.kind === "boolean" ? boolean(!value.value) : value;
}

/** True as soon as one is; else the first that is unknown; else false. */
function some(tests: readonly (() => Value)[], rest: UnknownValue | null): Value {
  let unsure = rest;
  for (const test of tests) {
    const answer = test();
    if (isTrue(answer)) return answer;
    if (answer.kind === "unknown") unsure ??= answer;
  }
  return unsure ?? boolean(false);
}

function folding({ call }: Caller): FunctionTable {
  const foldLeft = curried(3, (given) =>
    withItems(forced(at(given, 2)), (items) => {
      let result = at(given, 1);
      for (const item of items) result = entryOf(call(forced(at(given, 0)), result, item));
      return forced(result);
    }),
  );
  const foldRight = curried(3, (given) =>
    withItems(forced(at(given, 2)), (items) => {
      let result = at(given, 1);
      for (const item of [...items].reverse()) result = entryOf(call(forced(at(given, 0)), item, result));
      return forced(result);
    }),
  );
  return { "foldl'": foldLeft, foldl: foldLeft, foldr: foldRight, fold: foldRight };
}
