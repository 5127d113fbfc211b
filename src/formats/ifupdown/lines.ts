import type { Issue, Source } from "#model/index.js";
import type { Word } from "./document.js";
import { templateIssue } from "./messages.js";

/** One line as ifupdown reads it: continuations joined, white space around it gone. */
export interface LogicalLine {
  readonly keyword: Word;
  /** What stands behind the keyword. */
  readonly rest: Word;
  /** The words behind the keyword; split on demand, since most lines are taken whole. */
  readonly words: () => readonly Word[];
}

interface Piece {
  /** Where the piece starts in the joined text. */
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

/** A line break, blank line or `#` line ends nothing; a backslash at the end of a line joins the next one; interfaces(5). */
export function readLines(
  text: string,
  file: string,
): { readonly lines: readonly LogicalLine[]; readonly issues: readonly Issue[] } {
  const physical = text.split("\n");
  const issues: Issue[] = [];
  const lines: LogicalLine[] = [];
  let index = 0;
  while (index < physical.length) {
    const line = (physical[index] ?? "").trim();
    if (line === "" || line.startsWith("#")) {
      index += 1;
    } else if (line.startsWith("<%") || /^%(?!%)/.test(line)) {
      const end = templateEnd(physical, index);
      const source = { file, line: index + 1, column: (physical[index] ?? "").indexOf(line) + 1 };
      issues.push(templateIssue(source, end.next - index, end.isClosed));
      index = end.next;
    } else {
      index = joinLine(physical, { index, file, lines });
    }
  }
  return { lines, issues };
}

function joinLine(
  physical: readonly string[],
  at: { readonly index: number; readonly file: string; readonly lines: LogicalLine[] },
): number {
  const parts: string[] = [];
  const pieces: Piece[] = [];
  let { index } = at;
  let offset = 0;
  for (;;) {
    const raw = physical[index] ?? "";
    const trimmed = raw.endsWith("\r") ? raw.slice(0, -1) : raw;
    const isJoined = trimmed.endsWith("\\") && index + 1 < physical.length;
    const part = isJoined ? trimmed.slice(0, -1) : trimmed;
    pieces.push({ offset, line: index + 1, column: 1 });
    parts.push(part);
    offset += part.length;
    index += 1;
    if (!isJoined) break;
  }
  at.lines.push(newLine(parts.join(""), pieces, at.file));
  return index;
}

function newLine(joined: string, pieces: readonly Piece[], file: string): LogicalLine {
  const place = placer(pieces, file);
  const end = joined.trimEnd().length;
  const start = joined.length - joined.trimStart().length;
  const keywordEnd = wordEnd(joined, start, end);
  const restStart = wordStart(joined, keywordEnd, end);
  const keyword = { text: joined.slice(start, keywordEnd), source: place(start) };
  const rest = { text: joined.slice(restStart, end), source: place(restStart) };
  return { keyword, rest, words: () => splitWords(joined, { start: restStart, end }, place) };
}

function splitWords(
  joined: string,
  span: { readonly start: number; readonly end: number },
  place: (offset: number) => Source,
): readonly Word[] {
  const words: Word[] = [];
  for (let at = span.start; at < span.end; ) {
    const end = wordEnd(joined, at, span.end);
    words.push({ text: joined.slice(at, end), source: place(at) });
    at = wordStart(joined, end, span.end);
  }
  return words;
}

function wordEnd(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && !isSpace(text.charCodeAt(at))) at += 1;
  return at;
}

function wordStart(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && isSpace(text.charCodeAt(at))) at += 1;
  return at;
}

/** Space, tab, line feed, vertical tab, form feed and carriage return; isspace(3). */
function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}

/** Places come in ascending order, so one pass over the pieces serves all words. */
function placer(pieces: readonly Piece[], file: string): (offset: number) => Source {
  let at = 0;
  return (offset) => {
    if ((pieces[at]?.offset ?? 0) > offset) at = 0;
    while ((pieces[at + 1]?.offset ?? Number.POSITIVE_INFINITY) <= offset) at += 1;
    const piece = pieces[at] ?? { offset: 0, line: 1, column: 1 };
    return { file, line: piece.line, column: piece.column + offset - piece.offset };
  };
}

/** A mako block ends with `%>`, a control line with its own `%end...`; the contents of loops are as unknown as their heads. */
function templateEnd(
  physical: readonly string[],
  start: number,
): { readonly next: number; readonly isClosed: boolean } {
  let depth = 0;
  let isInBlock = false;
  for (let index = start; index < physical.length; index += 1) {
    const line = (physical[index] ?? "").trim();
    if (isInBlock || line.startsWith("<%")) isInBlock = !line.includes("%>");
    else if (/^%\s*end/.test(line)) depth -= 1;
    else if (/^%\s*(?:for|if|while|try|with)\b/.test(line)) depth += 1;
    if (!isInBlock && depth <= 0) return { next: index + 1, isClosed: true };
  }
  return { next: physical.length, isClosed: false };
}
