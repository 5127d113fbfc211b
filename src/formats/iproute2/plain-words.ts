/** A line of plain output as keyword and value pairs, which is how `ip` prints all but the first words. */
export interface WordCursor {
  /** The next word, consumed; an empty text at the end. */
  readonly take: () => string;
  readonly peek: () => string;
}

/** Splits a line at white space. */
export function wordsOf(line: string): WordCursor {
  const words = line.trim().split(/\s+/);
  let at = 0;
  return { take: () => words[at++] ?? "", peek: () => words[at] ?? "" };
}

/** A decimal number, or null. */
export function parseNumber(text: string): number | null {
  return /^\d+$/.test(text) ? Number(text) : null;
}
