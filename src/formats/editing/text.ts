import type { Source } from "#model/index.js";

/** A piece of a file's text that gives way to another; `start` and `end` count UTF-16 units from 0. */
export interface Splice {
  readonly path: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** One line of a text, its line break apart. */
export interface TextLine {
  readonly text: string;
  readonly start: number;
  /** Where the line break begins. */
  readonly end: number;
  /** Where the next line begins. */
  readonly next: number;
}

/** The line of that number, counted from 1, or null. */
export function lineAt(text: string, line: number): TextLine | null {
  let start = 0;
  for (let current = 1; current < line; current += 1) {
    const end = text.indexOf("\n", start);
    if (end === -1) return null;
    start = end + 1;
  }
  const feed = text.indexOf("\n", start);
  const stop = feed === -1 ? text.length : feed;
  const end = stop > start && text[stop - 1] === "\r" ? stop - 1 : stop;
  return { text: text.slice(start, end), start, end, next: feed === -1 ? text.length : feed + 1 };
}

/** The number of lines that end in a line break or with the text. */
export function lineCount(text: string): number {
  const feeds = text.split("\n").length - 1;
  return text === "" || text.endsWith("\n") ? feeds : feeds + 1;
}

/** Where a place of a reader lies in the text, or null where the text has no such place. */
export function offsetOf(text: string, place: Pick<Source, "line" | "column">): number | null {
  const line = lineAt(text, place.line);
  const offset = line === null ? null : line.start + place.column - 1;
  return offset === null || offset > text.length ? null : offset;
}

/** The white space before the first word of a line. */
export function indentOf(line: string): string {
  return /^[ \t]*/.exec(line)?.[0] ?? "";
}

/** Puts `after` where `before` stands at a place; null where something else stands there. */
export function replaceAt(
  text: string,
  place: Source,
  words: { readonly before: string; readonly after: string },
): Splice | null {
  const start = offsetOf(text, place);
  if (start === null || !text.startsWith(words.before, start)) return null;
  return { path: place.file, start, end: start + words.before.length, text: words.after };
}

/** Puts whole lines behind the line of that number (0: at the beginning) with the line breaks of the file; the file's end stays as it is. */
export function insertLines(path: string, text: string, behind: number, lines: readonly string[]): Splice {
  const eol = eolOf(text);
  const last = behind === 0 ? null : lineAt(text, behind);
  const start = behind === 0 ? 0 : (last?.next ?? text.length);
  const isOpen = start > 0 && text[start - 1] !== "\n";
  const added = lines.map((line) => (isOpen ? eol + line : line + eol)).join("");
  return { path, start, end: start, text: added };
}

/** Takes whole lines out, first to last inclusive. */
export function removeLines(
  path: string,
  text: string,
  lines: { readonly first: number; readonly last: number },
): Splice | null {
  const first = lineAt(text, lines.first);
  const last = lineAt(text, lines.last);
  return first === null || last === null ? null : { path, start: first.start, end: last.next, text: "" };
}

function eolOf(text: string): string {
  const feed = text.indexOf("\n");
  return feed > 0 && text[feed - 1] === "\r" ? "\r\n" : "\n";
}

/** Carries out the splices of one text; null where two of them touch the same characters. Insertions at one place keep their order. */
export function applySplices(text: string, splices: readonly Splice[]): string | null {
  const ordered = splices
    .map((splice, index) => ({ splice, index }))
    .sort((a, b) => a.splice.start - b.splice.start || a.splice.end - b.splice.end || a.index - b.index);
  const parts: string[] = [];
  let at = 0;
  for (const { splice } of ordered) {
    if (splice.start < at || splice.end < splice.start || splice.end > text.length) return null;
    parts.push(text.slice(at, splice.start), splice.text);
    at = splice.end;
  }
  return parts.join("") + text.slice(at);
}
