import { compareText, compareValues, equalValues } from "./compare.js";
import {
  at,
  type Caller,
  costing,
  curried,
  eager,
  type FunctionTable,
  missing,
  withBoolean,
  withInteger,
  withItems,
  withList,
} from "./functions.js";
import { concatenateLists } from "./operators.js";
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
    ...picking(caller),
    ...makingLists(caller),
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

function picking({ session }: Caller): FunctionTable {
  const slice = (from: number, to: number | undefined, value: Value | undefined): Value =>
    withItems(value, (items) => list(items.slice(Math.max(0, from), to)));
  const first = (value: Value | undefined, pick: (items: readonly Entry[]) => Entry | undefined): Value =>
    withItems(value, (items) => {
      const entry = pick(items);
      return entry === undefined ? unknown("an empty list has no such item") : forced(entry);
    });
  return {
    head: eager(1, (value) => first(value, (items) => items[0])),
    last: eager(1, (value) => first(value, (items) => items.at(-1))),
    tail: eager(1, (value) => slice(1, undefined, value)),
    init: eager(1, (value) => slice(0, -1, value)),
    elemAt: eager(2, (value, index) => withInteger(index, (n) => first(value, (items) => items[n]))),
    length: eager(1, (value) => withItems(value, (items) => integer(items.length))),
    take: eager(2, (count, value) => withInteger(count, (n) => slice(0, Math.max(0, n), value))),
    drop: eager(2, (count, value) => withInteger(count, (n) => slice(n, undefined, value))),
    subtractLists: eager(2, (removed, value) =>
      withItems(removed, (others) =>
        withItems(value, (items) =>
          list(
            items.filter(
              (item) =>
                !others.some((other) => isTrue(equalValues(forced(item), forced(other), session.budget))),
            ),
          ),
        ),
      ),
    ),
    lessThan: eager(2, (a, b) => {
      const compared = compareValues(a ?? NULL, b ?? NULL, session.budget);
      return typeof compared === "number" ? boolean(compared < 0) : compared;
    }),
    naturalSort: eager(1, (value) => withItems(value, (items) => naturalSort(items))),
  };
}

function naturalSort(items: readonly Entry[]): Value {
  const texts = items.map((item) => ({ item, value: forced(item) }));
  if (texts.some(({ value }) => value.kind !== "string" || /\d/.test(value.text)))
    return unknown("`lib.naturalSort` of numbers is not evaluated");
  const key = (value: Value): string => (value.kind === "string" ? value.text : "");
  return list(texts.sort((a, b) => compareText(key(a.value), key(b.value))).map(({ item }) => item));
}

function makingLists(caller: Caller): FunctionTable {
  const { session, call } = caller;
  const generate = (count: number, make: (index: number) => Value): Value =>
    count > LARGEST_VALUE
      ? unknown("a list grows too long")
      : costing(session, Math.max(0, count), () =>
          list(
            Array.from({ length: Math.max(0, count) }, (_, index) => ({
              thunk: delay(() => make(index)),
              source: null,
            })),
          ),
        );
  return {
    genList: eager(2, (callee, count) =>
      withInteger(count, (n) => generate(n, (index) => call(callee ?? missing(), entryOf(integer(index))))),
    ),
    range: eager(2, (from, to) =>
      withInteger(from, (first) =>
        withInteger(to, (last) => generate(last - first + 1, (index) => integer(first + index))),
      ),
    ),
    replicate: curried(2, (given) =>
      withInteger(forced(at(given, 0)), (n) => generate(n, () => forced(at(given, 1)))),
    ),
    singleton: curried(1, (given) => list([at(given, 0)])),
    toList: curried(1, (given) => {
      const value = forced(at(given, 0));
      return value.kind === "list" || value.kind === "unknown" ? value : list([at(given, 0)]);
    }),
    optional: curried(2, (given) =>
      withBoolean(forced(at(given, 0)), (is) => list(is ? [at(given, 1)] : [])),
    ),
    optionals: curried(2, (given) =>
      withBoolean(forced(at(given, 0)), (is) => (is ? forced(at(given, 1)) : list([]))),
    ),
    zipListsWith: eager(3, (callee, left, right) =>
      withItems(left, (first) =>
        withItems(right, (second) =>
          generate(Math.min(first.length, second.length), (index) =>
            call(callee ?? missing(), at(first, index), at(second, index)),
          ),
        ),
      ),
    ),
    concat: curried(2, (given) =>
      concatenateLists(forced(at(given, 0)), forced(at(given, 1)), session.budget),
    ),
  };
}
