import type { Source } from "#model/index.js";
import type { Parameter } from "./ast.js";

/** A value of the partial evaluator. What cannot be known is a value too, and says why. */
export type Value =
  | { readonly kind: "null" }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "integer"; readonly value: number }
  | { readonly kind: "float"; readonly value: number }
  | StringValue
  /** A path, relative to the root of the configuration tree unless it starts with `/`, `~` or `<`. */
  | { readonly kind: "path"; readonly text: string }
  | ListValue
  | AttributesValue
  | FunctionValue
  | UnknownValue;

/** Text whose `holes` are places where something unknown was interpolated; `text` leaves them out. */
export interface StringValue {
  readonly kind: "string";
  readonly text: string;
  readonly holes: readonly Hole[];
}

export interface Hole {
  readonly at: number;
  readonly unknown: UnknownValue;
}

/** A list; where `rest` is not null, further items that are not known may stand anywhere among these. */
export interface ListValue {
  readonly kind: "list";
  readonly items: readonly Entry[];
  readonly rest: UnknownValue | null;
}

/** Attributes; `rest`, where it is not null, gives what an attribute is that may or may not be there. */
export interface AttributesValue {
  readonly kind: "attributes";
  readonly entries: ReadonlyMap<string, Entry>;
  readonly rest: ((name: string) => UnknownValue) | null;
}

export interface FunctionValue {
  readonly kind: "function";
  readonly call: (argument: Entry) => Value;
  /** The formal arguments of a `{ a, b ? 1 }:` function, for `functionArgs`. */
  readonly parameter: Parameter | null;
}

export interface UnknownValue {
  readonly kind: "unknown";
  /** Continues "found one that they do not: ...", without a full stop. */
  readonly reason: string;
  readonly source: Source | null;
  /** No definition of the option holds: for the option itself that is the same as not being there. */
  readonly isUndefined?: true;
}

/** A value that is not computed yet, and where it is written. */
export interface Entry {
  readonly thunk: Thunk;
  readonly source: Source | null;
}

/** A computation that runs at most once; only `force` touches it. */
export interface Thunk {
  value: Value | null;
  compute: (() => Value) | null;
}

export const NULL: Value = { kind: "null" };
export const NO_ATTRIBUTES: AttributesValue = { kind: "attributes", entries: new Map(), rest: null };

/** Delays a computation. */
export function delay(compute: () => Value): Thunk {
  return { value: null, compute };
}

/** Wraps a value that is there. */
export function ready(value: Value): Thunk {
  return { value, compute: null };
}

/** The value of a thunk; one that asks for itself is unknown. */
export function force(thunk: Thunk): Value {
  if (thunk.value !== null) return thunk.value;
  const { compute } = thunk;
  if (compute === null) return unknown("it refers to itself");
  thunk.compute = null;
  const value = compute();
  thunk.value = value;
  return value;
}

/** The forced value of an entry. */
export function forced(entry: Entry): Value {
  return force(entry.thunk);
}

/** An entry that is there, without a place of its own. */
export function entryOf(value: Value, source: Source | null = null): Entry {
  return { thunk: ready(value), source };
}

/** A value that cannot be known; `reason` goes on after "found one that they do not: ". */
export function unknown(reason: string, source: Source | null = null): UnknownValue {
  return { kind: "unknown", reason, source };
}

/** A text; `holes`, in order, are where something unknown belongs. */
export function text(value: string, holes: readonly Hole[] = []): StringValue {
  return { kind: "string", text: value, holes };
}

/** `true` or `false`. */
export function boolean(value: boolean): Value {
  return { kind: "boolean", value };
}

/** A whole number; beyond 2^53 it loses digits that Nix keeps. */
export function integer(value: number): Value {
  return { kind: "integer", value };
}

/** A list; `rest` says why further items may be anywhere in it. */
export function list(items: readonly Entry[], rest: UnknownValue | null = null): ListValue {
  return { kind: "list", items, rest };
}

/** A list of values that are there. */
export function listOf(values: readonly Value[]): ListValue {
  return list(values.map((value) => entryOf(value)));
}

/** An attribute set; of two entries of one name the later counts. `rest` answers for names that are not in it. */
export function attributes(
  entries: ReadonlyMap<string, Entry> | Iterable<readonly [string, Entry]>,
  rest: AttributesValue["rest"] = null,
): AttributesValue {
  return { kind: "attributes", entries: entries instanceof Map ? entries : new Map(entries), rest };
}

/** Attributes from values that are there. */
export function attributesOf(values: Readonly<Record<string, Value>>): AttributesValue {
  return attributes(Object.entries(values).map(([name, value]) => [name, entryOf(value)] as const));
}

/** A function of one argument that is forced first; an unknown argument gives itself. */
export function strict(call: (argument: Value) => Value): FunctionValue {
  return lazy((argument) => {
    const value = forced(argument);
    return value.kind === "unknown" ? value : call(value);
  });
}

/** A function of one argument that may stay uncomputed. */
export function lazy(call: (argument: Entry) => Value): FunctionValue {
  return { kind: "function", call, parameter: null };
}

/** How a value is called in a message: `a list`, `the text "x"`. */
export function describe(value: Value): string {
  switch (value.kind) {
    case "null":
      return "null";
    case "boolean":
    case "integer":
    case "float":
      return String(value.value);
    case "string":
      return value.text;
    case "path":
      return value.text;
    case "list":
      return "a list";
    case "attributes":
      return "an attribute set";
    case "function":
      return "a function";
    case "unknown":
      return value.reason;
    default:
      return value satisfies never;
  }
}
