import { attributeFunctions } from "./builtins-attributes.js";
import { listFunctions } from "./builtins-lists.js";
import { textFunctions } from "./builtins-text.js";
import { applyValue } from "./evaluate.js";
import {
  at,
  type Caller,
  curried,
  eager,
  type FunctionTable,
  missing,
  withInteger,
  withItems,
  withTexts,
} from "./functions.js";
import { parseJson, toJson } from "./json.js";
import { moduleFunctions } from "./lib-modules.js";
import { calculate } from "./operators.js";
import { folderOf, resolvePath } from "./paths.js";
import type { Session } from "./session.js";
import { toText } from "./text.js";
import {
  type AttributesValue,
  attributes,
  attributesOf,
  boolean,
  delay,
  type Entry,
  entryOf,
  forced,
  integer,
  lazy,
  NULL,
  strict,
  text,
  unknown,
  type Value,
} from "./value.js";

/** What every file sees: the global names, and `lib`. */
export interface Prelude {
  readonly names: ReadonlyMap<string, Entry>;
  readonly lib: Entry;
}

type EntryTable = ReadonlyMap<string, Entry>;

const GLOBAL_FUNCTIONS = [
  "map",
  "toString",
  "removeAttrs",
  "isNull",
  "throw",
  "abort",
  "import",
  "baseNameOf",
  "dirOf",
];
const LIB_FOLDERS = ["strings", "lists", "attrsets", "trivial", "modules", "options", "fixedPoints"];

/**
 * Builds the global names for one evaluation; `builtins` and `lib` hold more names than they have in Nix, never other meanings.
 * The functions are made once a file uses one: to make them all takes as long as to read a small file.
 */
export function buildPrelude(session: Session): Prelude {
  let made: EntryTable | null = null;
  const shared = (): EntryTable => {
    made ??= entryTable(sharedFunctions(session));
    return made;
  };
  const late = (compute: () => Value): Entry => ({ thunk: delay(compute), source: null });
  const names = new Map<string, Entry>(CONSTANTS);
  for (const name of GLOBAL_FUNCTIONS)
    names.set(
      name,
      late(() => forced(shared().get(name) ?? entryOf(missing()))),
    );
  names.set(
    "builtins",
    late(() => closedTable("builtins", [...shared(), ...BUILTIN_VALUES])),
  );
  return { names, lib: late(() => buildLib(shared())) };
}

function sharedFunctions(session: Session): FunctionTable {
  const caller: Caller = {
    session,
    call: (callee, ...given) => given.reduce<Value>((value, argument) => applyValue(value, argument), callee),
  };
  return {
    ...listFunctions(caller),
    ...attributeFunctions(caller),
    ...textFunctions(caller),
    ...typeFunctions(),
    ...arithmetic(caller),
    ...control(caller),
    ...fileFunctions(session),
  };
}

function entryTable(functions: FunctionTable): EntryTable {
  return attributesOf(functions).entries;
}

function closedTable(name: string, entries: Iterable<readonly [string, Entry]>): AttributesValue {
  return attributes(entries, (missed) =>
    unknown(`\`${name}.${missed}\` is not evaluated by the static reader`),
  );
}

function buildLib(shared: EntryTable): AttributesValue {
  const flat = [...shared, ...MODULE_FUNCTIONS];
  const folder: Entry = { thunk: delay(() => closedTable("lib", flat)), source: null };
  const folders = LIB_FOLDERS.map((name) => [name, folder] as const);
  return closedTable("lib", [...flat, ...folders, ["types", TYPES]]);
}

const CONSTANTS: readonly (readonly [string, Entry])[] = [
  ["true", entryOf(boolean(true))],
  ["false", entryOf(boolean(false))],
  ["null", entryOf(NULL)],
];

const BUILTIN_VALUES: EntryTable = entryTable({
  currentSystem: text("x86_64-linux"),
  nixVersion: unknown("`builtins.nixVersion` depends on the machine"),
});

/** They only mark values, so that all evaluations share them. */
const MODULE_FUNCTIONS: EntryTable = entryTable(moduleFunctions());

const TYPES: Entry = entryOf(
  attributes(new Map(), (name) => unknown(`\`lib.types.${name}\` is not evaluated by the static reader`)),
);

function typeFunctions(): FunctionTable {
  const test = (...kinds: Value["kind"][]): Value =>
    eager(1, (value) => boolean(kinds.some((kind) => kind === value?.kind)));
  return {
    isNull: test("null"),
    isAttrs: test("attributes"),
    isList: test("list"),
    isString: test("string"),
    isInt: test("integer"),
    isFloat: test("float"),
    isBool: test("boolean"),
    isPath: test("path"),
    isFunction: test("function"),
    typeOf: eager(1, (value) => text(typeName(value ?? NULL))),
    functionArgs: eager(1, (value) => functionArguments(value ?? NULL)),
  };
}

function typeName(value: Value): string {
  switch (value.kind) {
    case "boolean":
      return "bool";
    case "integer":
      return "int";
    case "attributes":
      return "set";
    case "function":
      return "lambda";
    default:
      return value.kind;
  }
}

function functionArguments(value: Value): Value {
  if (value.kind !== "function") return unknown("something that is no function is called");
  const formals = value.parameter?.formals ?? [];
  return attributes(
    formals.map((formal) => [formal.name, entryOf(boolean(formal.fallback !== null))] as const),
  );
}

function arithmetic({ session }: Caller): FunctionTable {
  const binary = (operator: "+" | "-" | "*" | "/"): Value =>
    eager(2, (a, b) => calculate(operator, a ?? NULL, b ?? NULL));
  const bits = (compute: (a: bigint, b: bigint) => bigint): Value =>
    eager(2, (a, b) =>
      withInteger(a, (x) => withInteger(b, (y) => integer(Number(compute(BigInt(x), BigInt(y)))))),
    );
  return {
    add: binary("+"),
    sub: binary("-"),
    mul: binary("*"),
    div: binary("/"),
    bitAnd: bits((a, b) => a & b),
    bitOr: bits((a, b) => a | b),
    bitXor: bits((a, b) => a ^ b),
    min: eager(2, (a, b) => withInteger(a, (x) => withInteger(b, (y) => integer(Math.min(x, y))))),
    max: eager(2, (a, b) => withInteger(a, (x) => withInteger(b, (y) => integer(Math.max(x, y))))),
    mod: eager(2, (a, b) =>
      withInteger(a, (x) =>
        withInteger(b, (y) => (y === 0 ? unknown("a division by zero") : integer(x % y))),
      ),
    ),
    toJSON: eager(1, (value) => toJson(value ?? NULL, session.budget)),
    fromJSON: eager(1, (value) => withTexts([value], (json = "") => parseJson(json, session.budget))),
  };
}

function control({ session, call }: Caller): FunctionTable {
  const second = curried(2, (given) => forced(at(given, 1)));
  const thrown = eager(1, (message) =>
    withTexts([toText(message ?? NULL, session.budget)], (why = "") =>
      unknown(`it throws \`${why.slice(0, 120)}\``),
    ),
  );
  return {
    id: lazy(forced),
    const: curried(2, (given) => forced(at(given, 0))),
    flip: curried(3, (given) => call(forced(at(given, 0)), at(given, 2), at(given, 1))),
    pipe: eager(2, (value, functions) =>
      withItems(functions, (items) =>
        items.reduce((result, item) => call(forced(item), entryOf(result)), value ?? NULL),
      ),
    ),
    throw: thrown,
    abort: thrown,
    trace: second,
    traceVal: lazy(forced),
    warn: second,
    seq: second,
    deepSeq: second,
    addErrorContext: second,
    throwIf: curried(3, (given) => forced(at(given, 2))),
    tryEval: lazy((argument) => {
      const value = forced(argument);
      return value.kind === "unknown" ? value : attributesOf({ success: boolean(true), value });
    }),
    not: eager(1, (value) =>
      value?.kind === "boolean" ? boolean(!value.value) : unknown("something that is no boolean is negated"),
    ),
    and: eager(2, (a, b) => boolean(a?.kind === "boolean" && a.value && b?.kind === "boolean" && b.value)),
    or: eager(2, (a, b) => boolean((a?.kind === "boolean" && a.value) || (b?.kind === "boolean" && b.value))),
    fix: eager(1, (callee) => fixedPoint(callee ?? NULL, call)),
  };
}

function fixedPoint(callee: Value, call: Caller["call"]): Value {
  const self: Entry = { thunk: delay((): Value => call(callee, self)), source: null };
  return forced(self);
}

function fileFunctions(session: Session): FunctionTable {
  return {
    import: strict((target) => importFile(target, session)),
    readFile: strict((target) => {
      if (target.kind !== "path") return unknown("a file outside of the configuration tree is read");
      const found = isInTree(target.text) ? session.read(target.text) : null;
      return found === null ? unknown(`there is no file \`${target.text}\``) : text(found);
    }),
    pathExists: strict((target) => {
      if (target.kind !== "path" || !isInTree(target.text))
        return unknown("whether a path exists depends on the machine");
      return session.read(target.text) === null
        ? unknown(`whether \`${target.text}\` exists depends on the machine`)
        : boolean(true);
    }),
    baseNameOf: strict((target) => nameOfPath(target, (path) => text(path.slice(path.lastIndexOf("/") + 1)))),
    dirOf: strict((target) =>
      nameOfPath(target, (path) =>
        target.kind === "path" ? { kind: "path", text: folderOf(path) } : text(folderOf(path)),
      ),
    ),
  };
}

function nameOfPath(target: Value, body: (path: string) => Value): Value {
  return target.kind === "path" ? body(target.text) : withTexts([target], (path = "") => body(path));
}

function isInTree(path: string): boolean {
  return !/^[/~<]/.test(path);
}

function importFile(target: Value, session: Session): Value {
  if (target.kind !== "path")
    return unknown("something that is no path of the configuration tree is imported");
  if (!isInTree(target.text)) return unknown(`\`${target.text}\` is not in the configuration tree`);
  const path = resolvePath(".", target.text);
  return path === null
    ? unknown(`\`${target.text}\` leads out of the configuration tree`)
    : session.load(path);
}
