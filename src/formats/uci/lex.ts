/** One word with its place; `column` counts from 1. */
export interface Word {
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

/** What went wrong in a line, with its place. */
export interface LexProblem {
  readonly kind: "unterminated-quote" | "comment-in-word";
  readonly line: number;
  readonly column: number;
}

/** One command: what stands before a line break or `;`. */
export interface LexCommand {
  readonly words: readonly Word[];
  readonly problems: readonly LexProblem[];
}

/** More words than any command takes: one too many is enough to see that the line is wrong. */
const MAX_WORDS = 5;

interface Cursor {
  readonly text: string;
  at: number;
  line: number;
  lineStart: number;
}

/**
 * Splits a file into commands of words by libuci's rules (file.c): single quotes keep all, double quotes and bare words know
 * the backslash, a backslash at the end of a line joins the next one, and an unquoted `#` ends the line wherever it stands.
 * Reads each character once.
 */
export function* lexUci(text: string): Generator<LexCommand> {
  const cursor: Cursor = { text, at: 0, line: 1, lineStart: 0 };
  while (cursor.at < text.length) yield lexCommand(cursor);
}

function lexCommand(cursor: Cursor): LexCommand {
  const words: Word[] = [];
  const problems: LexProblem[] = [];
  while (!endsCommand(cursor)) {
    const word = lexWord(cursor, problems);
    if (word !== null && words.length < MAX_WORDS) words.push(word);
    if (word === null) skipToLineEnd(cursor);
  }
  return { words, problems };
}

/** Moves over blanks and a comment, and over the end where the command ends. */
function endsCommand(cursor: Cursor): boolean {
  skipBlanks(cursor);
  if (cursor.text[cursor.at] === "#") skipToLineEnd(cursor);
  const character = cursor.text[cursor.at];
  if (character === ";") cursor.at += 1;
  else if (character === "\n" || character === undefined) newLine(cursor);
  else return false;
  return true;
}

/** Reads up to white space; null where the word had no end, and then the rest of the line is skipped. */
function lexWord(cursor: Cursor, problems: LexProblem[]): Word | null {
  const { line } = cursor;
  const column = cursor.at - cursor.lineStart + 1;
  const parts: string[] = [];
  for (;;) {
    const character = cursor.text[cursor.at];
    if (character === undefined || isSpace(character) || character === ";") break;
    if (character === "#") {
      problems.push({ kind: "comment-in-word", line: cursor.line, column: cursor.at - cursor.lineStart + 1 });
      skipToLineEnd(cursor);
      break;
    }
    if (character === "'" || character === '"') {
      if (lexQuoted(cursor, character, parts)) continue;
      problems.push({ kind: "unterminated-quote", line, column });
      return null;
    }
    if (character === "\\") lexBackslash(cursor, parts);
    else lexPlain(cursor, parts);
  }
  return { text: parts.join(""), line, column };
}

function lexQuoted(cursor: Cursor, quote: string, parts: string[]): boolean {
  cursor.at += 1;
  let start = cursor.at;
  for (;;) {
    const character = cursor.text[cursor.at];
    if (character === undefined || character === "\n") return false;
    if (character === quote || (character === "\\" && quote === '"')) {
      parts.push(cursor.text.slice(start, cursor.at));
      if (character === quote) break;
      lexBackslash(cursor, parts);
      start = cursor.at;
    } else {
      cursor.at += 1;
    }
  }
  cursor.at += 1;
  return true;
}

/** A backslash stands for the character behind it; at the end of a line both go. */
function lexBackslash(cursor: Cursor, parts: string[]): void {
  const next = cursor.text[cursor.at + 1];
  cursor.at += 1;
  if (next === "\n") newLine(cursor);
  else if (next !== undefined) {
    parts.push(next);
    cursor.at += 1;
  }
}

function lexPlain(cursor: Cursor, parts: string[]): void {
  const start = cursor.at;
  while (cursor.at < cursor.text.length && !isSpecial(cursor.text[cursor.at] ?? "")) cursor.at += 1;
  parts.push(cursor.text.slice(start, cursor.at));
}

function skipBlanks(cursor: Cursor): void {
  for (;;) {
    const character = cursor.text[cursor.at];
    if (character === "\\" && cursor.text[cursor.at + 1] === "\n") {
      cursor.at += 1;
      newLine(cursor);
    } else if (character !== undefined && character !== "\n" && isSpace(character)) cursor.at += 1;
    else return;
  }
}

function skipToLineEnd(cursor: Cursor): void {
  const end = cursor.text.indexOf("\n", cursor.at);
  cursor.at = end === -1 ? cursor.text.length : end;
}

function newLine(cursor: Cursor): void {
  cursor.at += 1;
  cursor.line += 1;
  cursor.lineStart = cursor.at;
}

function isSpace(character: string): boolean {
  return character === " " || (character >= "\t" && character <= "\r");
}

function isSpecial(character: string): boolean {
  return (
    isSpace(character) ||
    character === "'" ||
    character === '"' ||
    character === "\\" ||
    character === "#" ||
    character === ";"
  );
}
