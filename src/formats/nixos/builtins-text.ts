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
  withTexts,
} from "./functions.js";
import { concatenate, toText, wholeText } from "./text.js";
import {
  boolean,
  type Entry,
  forced,
  integer,
  listOf,
  text,
  type UnknownValue,
  unknown,
  type Value,
} from "./value.js";

/** Functions over texts, of `builtins` and of `lib.strings`. Regular expressions are not evaluated: they may not end. */
export function textFunctions(caller: Caller): FunctionTable {
  return { ...joining(caller), ...testing(), ...cutting(caller), ...converting(caller) };
}

function joining(caller: Caller): FunctionTable {
  const { session, call } = caller;
  const joined = (separator: Value, parts: readonly Value[]): Value => {
    const withSeparators = parts.flatMap((part, index) => (index === 0 ? [part] : [separator, part]));
    return costing(session, parts.length, () =>
      concatenate(withSeparators.map(textOrUnknown), session.budget),
    );
  };
  const mapJoined = (separator: Value, callee: Value | undefined, value: Value | undefined): Value =>
    withItems(value, (items) =>
      joined(
        separator,
        items.map((item) => call(callee ?? missing(), item)),
      ),
    );
  const values = (items: readonly Entry[]): Value[] => items.map(forced);
  return {
    concatStringsSep: eager(2, (separator, value) =>
      withItems(value, (items) => joined(separator ?? text(""), values(items))),
    ),
    concatStrings: eager(1, (value) => withItems(value, (items) => joined(text(""), values(items)))),
    concatMapStrings: eager(2, (callee, value) => mapJoined(text(""), callee, value)),
    concatMapStringsSep: eager(3, (separator, callee, value) =>
      mapJoined(separator ?? text(""), callee, value),
    ),
    concatLines: eager(1, (value) =>
      withItems(value, (items) =>
        joined(
          text(""),
          values(items).flatMap((line) => [concatenate([textOrUnknown(line), text("\n")], session.budget)]),
        ),
      ),
    ),
    concatImapStringsSep: eager(3, (separator, callee, value) =>
      withItems(value, (items) =>
        joined(
          separator ?? text(""),
          items.map((item, index) =>
            call(
              callee ?? missing(),
              { thunk: { value: integer(index + 1), compute: null }, source: null },
              item,
            ),
          ),
        ),
      ),
    ),
    optionalString: curried(2, (given) =>
      withBoolean(forced(at(given, 0)), (is) => (is ? forced(at(given, 1)) : text(""))),
    ),
  };
}

function textOrUnknown(value: Value): Value {
  return value.kind === "string" || value.kind === "unknown"
    ? value
    : unknown("something that is no string is joined to one");
}

function testing(): FunctionTable {
  return {
    hasPrefix: eager(2, (part, whole) =>
      withTexts([part, whole], (a = "", b = "") => boolean(b.startsWith(a))),
    ),
    hasSuffix: eager(2, (part, whole) =>
      withTexts([part, whole], (a = "", b = "") => boolean(b.endsWith(a))),
    ),
    hasInfix: eager(2, (part, whole) => withTexts([part, whole], (a = "", b = "") => boolean(b.includes(a)))),
    stringLength: eager(1, (value) =>
      withTexts([value], (whole = "") => integer(new TextEncoder().encode(whole).length)),
    ),
  };
}

function cutting(caller: Caller): FunctionTable {
  const { session } = caller;
  return {
    splitString: eager(2, (separator, value) =>
      withTexts([separator, value], (by = "", whole = "") =>
        by === ""
          ? unknown("a text is split at an empty text")
          : costing(session, whole.length >>> 4, () => listOf(whole.split(by).map((part) => text(part)))),
      ),
    ),
    removePrefix: eager(2, (part, value) =>
      withTexts([part, value], (a = "", b = "") => text(b.startsWith(a) ? b.slice(a.length) : b)),
    ),
    removeSuffix: eager(2, (part, value) =>
      withTexts([part, value], (a = "", b = "") =>
        text(a !== "" && b.endsWith(a) ? b.slice(0, -a.length) : b),
      ),
    ),
    substring: eager(3, (from, length, value) =>
      withInteger(from, (start) =>
        withInteger(length, (count) => withTexts([value], (whole = "") => substring(whole, start, count))),
      ),
    ),
    replaceStrings: eager(3, (from, to, value) =>
      withItems(from, (wanted) =>
        withItems(to, (given) => withTexts([value], (whole = "") => replaced(caller, wanted, given, whole))),
      ),
    ),
    stringToCharacters: eager(1, (value) =>
      withTexts([value], (whole = "") =>
        costing(session, whole.length, () => listOf([...whole].map((part) => text(part)))),
      ),
    ),
    trim: eager(1, (value) =>
      withTexts([value], (whole = "") => text(whole.replace(/^[ \t\n\r]+/, "").trimEnd())),
    ),
  };
}

function substring(whole: string, start: number, count: number): Value {
  if (start < 0) return unknown("a text is cut before its start");
  return text(whole.slice(start, count < 0 ? undefined : start + count));
}

function replaced(
  { session }: Caller,
  wanted: readonly Entry[],
  given: readonly Entry[],
  whole: string,
): Value {
  const from = wanted.map((entry) => wholeText(forced(entry)));
  const to = given.map((entry) => wholeText(forced(entry)));
  const unsure = [...from, ...to].find((part): part is UnknownValue => typeof part !== "string");
  if (unsure !== undefined) return unsure;
  if (from.includes("")) return unknown("an empty text is replaced");
  return costing(session, (whole.length * (from.length + 1)) >>> 4, () => {
    const parts: string[] = [];
    for (let index = 0; index < whole.length; ) {
      const found = from.findIndex((part) => typeof part === "string" && whole.startsWith(part, index));
      const match = from[found];
      parts.push(typeof match === "string" ? String(to[found] ?? "") : whole.charAt(index));
      index += typeof match === "string" ? match.length : 1;
    }
    return text(parts.join(""));
  });
}

function converting({ session }: Caller): FunctionTable {
  return {
    toString: eager(1, (value) => toText(value ?? missing(), session.budget)),
    toUpper: eager(1, (value) => withTexts([value], (whole = "") => text(asciiCase(whole, "upper")))),
    toLower: eager(1, (value) => withTexts([value], (whole = "") => text(asciiCase(whole, "lower")))),
    boolToString: eager(1, (value) => withBoolean(value, (is) => text(String(is)))),
    toInt: eager(1, (value) =>
      withTexts([value], (whole = "") =>
        /^\s*-?[1-9]\d{0,14}\s*$|^\s*0\s*$/.test(whole)
          ? integer(Number(whole))
          : unknown(`\`${whole.slice(0, 40)}\` is no integer`),
      ),
    ),
    escapeShellArg: eager(1, (value) =>
      withTexts([toText(value ?? missing(), session.budget)], (whole = "") => text(shellQuoted(whole))),
    ),
    escapeShellArgs: eager(1, (value) =>
      withItems(value, (items) =>
        withTexts(
          items.map((item) => toText(forced(item), session.budget)),
          (...parts) => text(parts.map(shellQuoted).join(" ")),
        ),
      ),
    ),
  };
}

function asciiCase(whole: string, to: "upper" | "lower"): string {
  return to === "upper"
    ? whole.replaceAll(/[a-z]/g, (letter) => letter.toUpperCase())
    : whole.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function shellQuoted(whole: string): string {
  return /^[\w,._+:@%/-]+$/.test(whole) ? whole : `'${whole.replaceAll("'", "'\\''")}'`;
}
