import { err, ok, type Result } from "../result.js";

/** What a keyword of `ip` is followed by: one value, or nothing. */
export type Keyword = "value" | "flag";

/** Keywords by their canonical name; several spellings may lead to one name. */
export interface KeywordTable {
  readonly words: ReadonlyMap<string, { readonly name: string; readonly takes: Keyword }>;
  /** The canonical name of the words that no keyword precedes (`ADDRESS` of `ip addr add ADDRESS`), in their order. */
  readonly positional: readonly string[];
}

/** Builds a table from lines such as `value metric preference priority`; the first spelling is the canonical name. */
export function keywordTable(lines: readonly string[], positional: readonly string[]): KeywordTable {
  const words = new Map<string, { readonly name: string; readonly takes: Keyword }>();
  for (const line of lines) {
    const [takes, name = "", ...others] = line.split(" ");
    for (const word of [name, ...others])
      words.set(word, { name, takes: takes === "flag" ? "flag" : "value" });
  }
  return { words, positional };
}

/** The values of the keywords found; a flag has the value `""`. */
export type KeywordValues = ReadonlyMap<string, string>;

/**
 * Reads `KEYWORD VALUE` pairs, flags and positional words in any order, as `ip` does.
 *
 * @returns the values by canonical name, or what was not understood.
 */
export function readKeywords(words: readonly string[], table: KeywordTable): Result<KeywordValues, string> {
  const values = new Map<string, string>();
  const positional = [...table.positional];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? "";
    const keyword = table.words.get(word);
    const name = keyword?.name ?? positional.shift();
    if (name === undefined) return err(`\`${word}\` is not modelled here`);
    if (values.has(name)) return err(`\`${word}\` is a second \`${name}\``);
    const value = keyword === undefined ? word : keyword.takes === "flag" ? "" : words[++index];
    if (value === undefined) return err(`\`${word}\` has no value`);
    values.set(name, value);
    dropPositional(positional, name);
  }
  return ok(values);
}

function dropPositional(positional: string[], name: string): void {
  const at = positional.indexOf(name);
  if (at !== -1) positional.splice(at, 1);
}

/** The first name that `word` is a beginning of, as iproute2 abbreviates, or null. */
export function abbreviated(word: string, names: readonly string[]): string | null {
  return word === "" ? null : (names.find((name) => name.startsWith(word)) ?? null);
}

/** Reads a decimal or `0x` number of 32 bits, or null. */
export function parseUnsigned(text: string): number | null {
  if (!/^(?:0x[0-9a-f]{1,8}|\d{1,10})$/i.test(text)) return null;
  const value = Number(text);
  return value <= 0xffffffff ? value : null;
}
