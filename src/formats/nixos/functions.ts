import type { Session } from "./session.js";
import { spend } from "./session.js";
import { wholeText } from "./text.js";
import {
  type AttributesValue,
  type Entry,
  forced,
  type ListValue,
  lazy,
  type UnknownValue,
  unknown,
  type Value,
} from "./value.js";

/** A table of functions by their Nix names. */
export type FunctionTable = Readonly<Record<string, Value>>;

/** What native functions need of the evaluation: calling Nix functions, and the budget. */
export interface Caller {
  readonly session: Session;
  readonly call: (callee: Value, ...given: readonly Entry[]) => Value;
}

/** A curried function of uncomputed arguments. */
export function curried(count: number, body: (given: readonly Entry[]) => Value): Value {
  const collect = (given: readonly Entry[]): Value =>
    given.length === count ? body(given) : lazy((next) => collect([...given, next]));
  return collect([]);
}

/** A curried function whose arguments are all computed; the first unknown one is its result. */
export function eager(count: number, body: (...given: Value[]) => Value): Value {
  return curried(count, (given) => {
    const values = given.map(forced);
    return values.find((value) => value.kind === "unknown") ?? body(...values);
  });
}

/** Runs `body` with a list, or says that there is none. */
export function withList(value: Value | undefined, body: (list: ListValue) => Value): Value {
  if (value === undefined || value.kind === "unknown") return value ?? missing();
  return value.kind === "list" ? body(value) : unknown("something that is no list is used as one");
}

/** Runs `body` with the items of a list that is known to its end. */
export function withItems(value: Value | undefined, body: (items: readonly Entry[]) => Value): Value {
  return withList(value, (list) => list.rest ?? body(list.items));
}

/** Runs `body` with an attribute set, or says that there is none. */
export function withAttributes(value: Value | undefined, body: (set: AttributesValue) => Value): Value {
  if (value === undefined || value.kind === "unknown") return value ?? missing();
  return value.kind === "attributes"
    ? body(value)
    : unknown("something that is no attribute set is used as one");
}

/** Runs `body` with a set all of whose attributes are known. */
export function withClosedSet(
  value: Value | undefined,
  body: (entries: ReadonlyMap<string, Entry>) => Value,
): Value {
  return withAttributes(value, (set) => (set.rest === null ? body(set.entries) : set.rest("")));
}

/** Runs `body` with texts that are whole. */
export function withTexts(
  values: readonly (Value | undefined)[],
  body: (...texts: string[]) => Value,
): Value {
  const texts: string[] = [];
  for (const value of values) {
    const whole = value === undefined ? missing() : wholeText(value);
    if (typeof whole !== "string") return whole;
    texts.push(whole);
  }
  return body(...texts);
}

/** Runs `body` with an integer. */
export function withInteger(value: Value | undefined, body: (value: number) => Value): Value {
  if (value === undefined || value.kind === "unknown") return value ?? missing();
  return value.kind === "integer"
    ? body(value.value)
    : unknown("something that is no integer is used as one");
}

/** Runs `body` with a boolean. */
export function withBoolean(value: Value | undefined, body: (value: boolean) => Value): Value {
  if (value === undefined || value.kind === "unknown") return value ?? missing();
  return value.kind === "boolean"
    ? body(value.value)
    : unknown("something that is no boolean is used as one");
}

/** Spends a step for each item, then runs `body`. */
export function costing(session: Session, items: number, body: () => Value): Value {
  return spend(session.budget, items) ?? body();
}

/** The arguments of a curried function come in full; this stands where the type does not say so. */
export function missing(): UnknownValue {
  return unknown("an argument is missing");
}

/** The entry at an index of a curried function's arguments. */
export function at(given: readonly Entry[], index: number): Entry {
  return given[index] ?? { thunk: { value: missing(), compute: null }, source: null };
}
