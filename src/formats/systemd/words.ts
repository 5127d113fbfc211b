import type { Source } from "#model/index.js";
import type { UnitEntry } from "./unit-file.js";

/** One word of a value, quotes removed. */
export interface UnitWord {
  readonly text: string;
  readonly source: Source;
}

/**
 * Splits a value into words as systemd.service(5), "Command lines", and list settings do: blanks part words, quotes hold them
 * together, a backslash takes the next character as it is.
 */
export function splitWords(entry: UnitEntry): readonly UnitWord[] {
  const words: UnitWord[] = [];
  for (const piece of entry.pieces) {
    let index = 0;
    while (index < piece.text.length) {
      const word = nextWord(piece.text, index);
      if (word === null) break;
      const source = { file: entry.source.file, line: piece.line, column: piece.column + word.start };
      words.push({ text: word.text, source });
      index = word.end;
    }
  }
  return words;
}

interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

function nextWord(text: string, from: number): Word | null {
  let start = from;
  while (start < text.length && isBlank(text[start])) start += 1;
  if (start >= text.length) return null;
  const chunks: string[] = [];
  let end = start;
  while (end < text.length && !isBlank(text[end])) {
    const chunk = takeChunk(text, end);
    chunks.push(chunk.text);
    end = chunk.end;
  }
  return { text: chunks.join(""), start, end };
}

/** One escaped character, one quoted run or one plain character. */
function takeChunk(text: string, at: number): { readonly text: string; readonly end: number } {
  const character = text[at] ?? "";
  if (character === "\\") return { text: text[at + 1] ?? "\\", end: at + 2 };
  return character === '"' || character === "'" ? takeQuoted(text, at) : { text: character, end: at + 1 };
}

/** A quote that is never closed runs to the end. */
function takeQuoted(text: string, at: number): { readonly text: string; readonly end: number } {
  const quote = text[at];
  const characters: string[] = [];
  let end = at + 1;
  while (end < text.length && text[end] !== quote) {
    if (text[end] === "\\") end += 1;
    characters.push(text[end] ?? "");
    end += 1;
  }
  return { text: characters.join(""), end: end + 1 };
}

function isBlank(character: string | undefined): boolean {
  return character === " " || character === "\t";
}
