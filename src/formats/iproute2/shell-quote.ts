const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;

/** One word for sh(1): as it is where no character of it means anything to the shell, else in single quotes. */
function shellQuote(word: string): string {
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** A command line of such words. */
export function shellCommand(words: readonly (string | number)[]): string {
  return words.map((word) => shellQuote(String(word))).join(" ");
}
