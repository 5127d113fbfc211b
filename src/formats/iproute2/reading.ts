import type { z } from "zod";
import type { ConfigurationTree, Issue, Source } from "#model/index.js";
import { positionOf, scanJson } from "./json-position.js";
import { say, startOf } from "./messages.js";

/** What a reader of one folder collects; `unmodelled` makes verdicts of the host unknown, `notes` do not. */
export interface Reading {
  readonly tree: ConfigurationTree;
  readonly errors: Issue[];
  readonly notes: Issue[];
  readonly unmodelled: Issue[];
}

/** More than the largest fleet's longest file, less than what would exhaust the memory. */
const MAX_CHARACTERS = 64 * 1024 * 1024;

/** What stands for bytes that are no text. */
const NOT_TEXT = ["\0", "\ufffd"];

/** A reading that has found nothing yet. */
export function newReading(tree: ConfigurationTree): Reading {
  return { tree, errors: [], notes: [], unmodelled: [] };
}

/** The text of a file, or null where there is none (`missing`) or where it is no text (an error is noted). */
export function readText(reading: Reading, path: string): string | "missing" | null {
  const text = reading.tree.read(path);
  if (text === null) return "missing";
  if (text.length > MAX_CHARACTERS) {
    reading.errors.push(say.tooLong(path, text.length, MAX_CHARACTERS));
    return null;
  }
  const badAt = NOT_TEXT.map((character) => text.indexOf(character)).filter((offset) => offset >= 0);
  if (badAt.length === 0) return text;
  reading.errors.push(say.notText(sourceAt(path, text, Math.min(...badAt))));
  return null;
}

/** A JSON text that fits `schema`, or null after an error was noted. */
export function parseJson<T>(reading: Reading, path: string, text: string, schema: z.ZodType<T>): T | null {
  if (text.trim() === "") {
    reading.errors.push(say.emptyFile(path));
    return null;
  }
  const value = parseSyntax(reading, path, text);
  if (value === undefined || hasUnreadableKey(reading, path, text)) return null;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problem = parsed.error.issues[0];
  const where = problem?.path ?? [];
  reading.errors.push(
    say.wrongShape(sourceOfPath(path, text, where), formatPath(where), problem?.message ?? "another shape"),
  );
  return null;
}

/** Where the value at `where` of a JSON text stands; its nearest enclosing value where it is missing. */
export function sourceOfPath(path: string, text: string, where: readonly PropertyKey[]): Source {
  for (let depth = where.length; depth > 0; depth -= 1) {
    const { foundAt } = scanJson(text, where.slice(0, depth));
    if (foundAt !== null) return sourceAt(path, text, foundAt);
  }
  return startOf(path);
}

/** An offset of a file as file, line and column. */
export function sourceAt(path: string, text: string, offset: number): Source {
  return { file: path, ...positionOf(text, offset) };
}

function parseSyntax(reading: Reading, path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const { errorAt } = scanJson(text, []);
    const offset = errorAt ?? 0;
    const found =
      offset >= text.length ? "the end of the file" : `\`${text.slice(offset, offset + 20).trim()}\``;
    reading.errors.push(say.notJson(sourceAt(path, text, offset), found));
    return undefined;
  }
}

/** The scan costs as much as parsing, so only a text that may hold such a key is scanned; `\u005f` is how JSON may also write `_`. */
function hasUnreadableKey(reading: Reading, path: string, text: string): boolean {
  if (!/__proto__|\\u005f/i.test(text)) return false;
  const { unreadableAt } = scanJson(text, []);
  if (unreadableAt !== null) reading.errors.push(say.unreadableKey(sourceAt(path, text, unreadableAt)));
  return unreadableAt !== null;
}

function formatPath(where: readonly PropertyKey[]): string {
  return where.length === 0 ? "the whole file" : where.map(String).join(".");
}
