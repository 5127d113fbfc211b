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
  unknown,
  type Value,
} from "./value.js";

/** Functions that take parts of lists, compare them, or make new ones. */
export function listPartFunctions(caller: Caller): FunctionTable {
  return { ...picking(), ...comparing(caller), ...makingLists(caller) };
}

function picking(): FunctionTable {
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
  };
}

function comparing({ session }: Caller): FunctionTable {
  return {
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

function isTrue(value: Value): boolean {
  return value.kind === "boolean" && value.value;
}
