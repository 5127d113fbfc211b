/** A place in a text; both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** What a scan of a JSON text finds out: where it stops being JSON, and where the value (or second key) of a path stands. */
export interface JsonScan {
  /** The offset of the first character that no JSON text could have there, or null. */
  readonly errorAt: number | null;
  /** The offset of the value at the sought path, or null where there is none. */
  readonly foundAt: number | null;
  /** The first key that an object holds twice, or null. JSON.parse would keep the last without a word. */
  readonly duplicate: { readonly key: string; readonly offset: number } | null;
  /** Where the first key `__proto__` stands, or null. zod would leave it out without a word. */
  readonly unreadableAt: number | null;
}

interface Level {
  readonly isArray: boolean;
  readonly keys: Set<string>;
  index: number;
  key: string;
}

interface Scanner {
  readonly text: string;
  readonly sought: readonly PropertyKey[];
  readonly levels: Level[];
  at: number;
  foundAt: number | null;
  duplicate: JsonScan["duplicate"];
  unreadableAt: number | null;
}

const SPACE = /[ \t\n\r]*/y;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/**
 * Walks a JSON text (RFC 8259) without building its value. It is used only to find places for messages, after JSON.parse or the
 * schema has said that there is something to tell; it needs no stack, so deep nesting does no harm.
 */
export function scanJson(text: string, sought: readonly PropertyKey[]): JsonScan {
  const scanner: Scanner = {
    text,
    sought,
    levels: [],
    at: 0,
    foundAt: null,
    duplicate: null,
    unreadableAt: null,
  };
  const isWhole = scanValues(scanner);
  return {
    errorAt: isWhole ? null : scanner.at,
    foundAt: scanner.foundAt,
    duplicate: scanner.duplicate,
    unreadableAt: scanner.unreadableAt,
  };
}

/** Line and column of an offset. */
export function positionOf(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  const lastBreak = before.lastIndexOf("\n");
  const line = before.length === 0 ? 1 : before.split("\n").length;
  return { line, column: offset - lastBreak };
}

function scanValues(scanner: Scanner): boolean {
  for (;;) {
    skip(scanner, SPACE);
    if (!startValue(scanner)) return false;
    if (!finishValue(scanner)) return false;
    if (scanner.levels.length === 0) {
      skip(scanner, SPACE);
      return scanner.at === scanner.text.length;
    }
  }
}

/** Stands before a value. Steps over a scalar or an empty container, or into a container up to its first value. */
function startValue(scanner: Scanner): boolean {
  for (;;) {
    if (scanner.foundAt === null && isSought(scanner)) scanner.foundAt = scanner.at;
    const opener = scanner.text[scanner.at];
    if (opener === '"') return skipString(scanner);
    if (opener !== "[" && opener !== "{") return skip(scanner, SCALAR);
    const opened = openContainer(scanner, opener === "[");
    if (opened !== "has-values") return opened === "is-empty";
  }
}

function openContainer(scanner: Scanner, isArray: boolean): "is-empty" | "has-values" | "broken" {
  scanner.at += 1;
  skip(scanner, SPACE);
  if (scanner.text[scanner.at] === (isArray ? "]" : "}")) {
    scanner.at += 1;
    return "is-empty";
  }
  scanner.levels.push({ isArray, keys: new Set(), index: 0, key: "" });
  return isArray || scanKey(scanner) ? "has-values" : "broken";
}

/** Stands behind a value. Closes containers until another value begins or the text ends. */
function finishValue(scanner: Scanner): boolean {
  for (;;) {
    const level = scanner.levels.at(-1);
    if (level === undefined) return true;
    skip(scanner, SPACE);
    const next = scanner.text[scanner.at];
    if (next === ",") {
      scanner.at += 1;
      level.index += 1;
      skip(scanner, SPACE);
      return level.isArray || scanKey(scanner);
    }
    if (next !== (level.isArray ? "]" : "}")) return false;
    scanner.at += 1;
    scanner.levels.pop();
  }
}

function scanKey(scanner: Scanner): boolean {
  const level = scanner.levels.at(-1);
  const start = scanner.at;
  if (level === undefined || !skipString(scanner)) return false;
  level.key = String(JSON.parse(scanner.text.slice(start, scanner.at)));
  if (level.keys.has(level.key)) scanner.duplicate ??= { key: level.key, offset: start };
  level.keys.add(level.key);
  if (level.key === "__proto__") scanner.unreadableAt ??= start;
  skip(scanner, SPACE);
  if (scanner.text[scanner.at] !== ":") return false;
  scanner.at += 1;
  skip(scanner, SPACE);
  return true;
}

/** Steps over a string; at a character that no string may hold it stops there. */
function skipString(scanner: Scanner): boolean {
  if (scanner.text[scanner.at] !== '"') return false;
  scanner.at += 1;
  for (;;) {
    const character = scanner.text[scanner.at];
    if (character === undefined || character < " ") return false;
    if (character === "\\") {
      if (!skip(scanner, ESCAPE)) return false;
      continue;
    }
    scanner.at += 1;
    if (character === '"') return true;
  }
}

function skip(scanner: Scanner, pattern: RegExp): boolean {
  pattern.lastIndex = scanner.at;
  const match = pattern.exec(scanner.text);
  if (match !== null) scanner.at += match[0].length;
  return match !== null;
}

function isSought({ levels, sought }: Scanner): boolean {
  return (
    levels.length === sought.length &&
    levels.every((level, depth) => sought[depth] === (level.isArray ? level.index : level.key))
  );
}
