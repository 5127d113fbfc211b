/**
 * A word for a POSIX shell that means exactly these characters: between single quotes nothing is special but the single quote
 * (POSIX.1-2017, Shell Command Language, 2.2.2). The word must have no NUL, which no argument can hold.
 */
export function quoteWord(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
