/** The word that begins at an offset, as it stands in the text: with its quotes, up to white space, `;` or `#`. */
export function rawWord(text: string, start: number): string {
  RAW_WORD.lastIndex = start;
  return RAW_WORD.exec(text)?.[0] ?? "";
}

/** Single quotes keep all, double quotes and bare words know the backslash; none goes over the end of a line. */
const RAW_WORD = /(?:'[^'\n]*'|"(?:[^"\\\n]|\\.)*"|\\.|[^\s;#'"\\])*/y;

/**
 * Puts a word in the place of another one inside a value; the quotes of the value stay.
 *
 * @returns null where the old word is not there as it is read, or more than once.
 */
export function replacedValue(
  text: string,
  start: number,
  words: { readonly before: string; readonly after: string },
): { readonly start: number; readonly end: number; readonly text: string } | null {
  const raw = rawWord(text, start);
  const parts = raw.split(/([\s'"]+)/);
  const places = parts.flatMap((part, index) => (part === words.before ? [index] : []));
  const [only] = places;
  if (only === undefined || places.length > 1) return null;
  const offset = start + parts.slice(0, only).join("").length;
  return { start: offset, end: offset + words.before.length, text: words.after };
}
