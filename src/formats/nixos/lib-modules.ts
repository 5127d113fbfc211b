import { at, curried, type FunctionTable } from "./functions.js";
import {
  attributes,
  boolean,
  type Entry,
  entryOf,
  forced,
  integer,
  lazy,
  NO_ATTRIBUTES,
  text,
  type Value,
} from "./value.js";

/** Priorities of lib/modules.nix; the smaller one wins. */
export const DEFAULT_PRIORITY = 100;
const OPTION_DEFAULT_PRIORITY = 1500;
const DEFAULT_ORDER = 1000;

/** The functions of `lib.modules` and `lib.options`; they only mark values, as in nixpkgs, with `_type`. */
export function moduleFunctions(): FunctionTable {
  const override = (priority: number): Value =>
    lazy((content) =>
      marked("override", [
        ["priority", entryOf(integer(priority))],
        ["content", content],
      ]),
    );
  const order = (position: number): Value =>
    lazy((content) =>
      marked("order", [
        ["priority", entryOf(integer(position))],
        ["content", content],
      ]),
    );
  return {
    mkIf: curried(2, (given) =>
      marked("if", [
        ["condition", at(given, 0)],
        ["content", at(given, 1)],
      ]),
    ),
    mkMerge: lazy((contents) => marked("merge", [["contents", contents]])),
    mkAssert: curried(3, (given) => forced(at(given, 2))),
    mkOverride: curried(2, (given) =>
      marked("override", [
        ["priority", at(given, 0)],
        ["content", at(given, 1)],
      ]),
    ),
    mkOptionDefault: override(OPTION_DEFAULT_PRIORITY),
    mkDefault: override(1000),
    mkImageMediaOverride: override(60),
    mkForce: override(50),
    mkVMOverride: override(10),
    mkOrder: curried(2, (given) =>
      marked("order", [
        ["priority", at(given, 0)],
        ["content", at(given, 1)],
      ]),
    ),
    mkBefore: order(500),
    mkAfter: order(1500),
    ...optionFunctions(),
  };
}

function optionFunctions(): FunctionTable {
  return {
    mkOption: lazy((given) => markedOption(given)),
    mkEnableOption: lazy(() => marked("option", [["default", entryOf(boolean(false))]])),
    mkPackageOption: curried(3, () => marked("option", [])),
    mkRemovedOptionModule: curried(2, () => NO_ATTRIBUTES),
    mkRenamedOptionModule: curried(2, () => NO_ATTRIBUTES),
    mkAliasOptionModule: curried(2, () => NO_ATTRIBUTES),
    literalExpression: lazy(forced),
    literalMD: lazy(forced),
    mdDoc: lazy(forced),
  };
}

function marked(type: string, entries: readonly (readonly [string, Entry])[]): Value {
  return attributes([["_type", entryOf(text(type))], ...entries]);
}

function markedOption(given: Entry): Value {
  const value = forced(given);
  if (value.kind !== "attributes") return value;
  return attributes([["_type", entryOf(text("option"))], ...value.entries], value.rest);
}

/** The `_type` mark of a value, or null. */
export function markOf(value: Value): string | null {
  if (value.kind !== "attributes") return null;
  const mark = value.entries.get("_type");
  const type = mark === undefined ? null : forced(mark);
  return type?.kind === "string" ? type.text : null;
}

/** The position among the definitions of a list that no `mkOrder` gives. */
export const ORDER_OF_UNORDERED: number = DEFAULT_ORDER;
