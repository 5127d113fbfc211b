/** Of an answer that is not as the protocol says. */
export function expected(what: string, found: string | undefined): string {
  const shown = found === undefined || found === "" ? "nothing" : `\`${found.slice(0, 200)}\``;
  return `Expected ${what} from the host program, found ${shown}: another version of it, or not its answer.`;
}

/** Of a program that the host program does not carry out. */
export function unknownProgram(line: number, programs: readonly string[], found: string): string {
  return `Command ${line}: expected one of ${programs.map((name) => `\`${name}\``).join(", ")}, found \`${found}\`.`;
}

/** Of a word that a line of the host program cannot hold. */
export function unwritableWord(line: number, word: string): string {
  return `Command ${line}: expected a word of at least one character without TAB, line feed and NUL, found \`${JSON.stringify(word)}\`.`;
}
