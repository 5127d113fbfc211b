import { err, ok, type Result } from "#model/index.js";

/** A program and its arguments. */
export type HookCommand = readonly [string, ...string[]];

/** What stands between words, quoted text, an escaped character, and plain text; sh(1p), 2.2, without any expansion. */
const TOKEN = /(\s+)|'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^\s'"\\]+)/gsy;

/**
 * Splits a command into words as a shell quotes them, and does nothing else of a shell: no variables, no globs, no pipes.
 * @example parseCommandWords("notify --text 'change begins'") // ["notify", "--text", "change begins"]
 */
export function parseCommandWords(text: string): Result<HookCommand, string> {
  const words: string[] = [];
  let word: string | null = null;
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    end = match.index + match[0].length;
    const [, space, single, double, escaped, plain] = match;
    if (space !== undefined) {
      if (word !== null) words.push(word);
      word = null;
    } else
      word = `${word ?? ""}${single ?? double?.replaceAll(/\\(["\\$`])/g, "$1") ?? escaped ?? plain ?? ""}`;
  }
  if (word !== null) words.push(word);
  const [program, ...rest] = words;
  if (end < text.length)
    return err(`Expected a command in words, found a quote that does not end in \`${text}\`.`);
  if (program === undefined || program === "") return err("Expected a command in words, found none.");
  return ok([program, ...rest]);
}
