import { DEFAULT_TABLE, type Issue, LOCAL_TABLE, MAIN_TABLE, type Source } from "#model/index.js";
import { say } from "./messages.js";

/** Numbers for the tables of one host, by number or by name. */
export interface TableNames {
  readonly numberOf: (text: string) => number;
}

const KNOWN: ReadonlyMap<string, number> = new Map([
  ["local", LOCAL_TABLE],
  ["main", MAIN_TABLE],
  ["default", DEFAULT_TABLE],
  ["unspec", 0],
]);

/** Above every number that people choose, so that a name of rt_tables meets no number in use. */
const FIRST_NAMED = 4_000_000_000;

/**
 * `ip` prints the name that the host's rt_tables gives to a table. The number behind it is not in the output, and nothing depends on
 * it as long as rules and routes agree, so each name gets a number of its own and one warning.
 */
export function newTableNames(notes: Issue[], source: Source): TableNames {
  const named = new Map(KNOWN);
  return {
    numberOf(text) {
      const known = named.get(text);
      if (known !== undefined) return known;
      if (/^\d+$/.test(text)) return Number(text);
      const number = FIRST_NAMED + named.size - KNOWN.size;
      named.set(text, number);
      notes.push(say.namedTable(source, text, number));
      return number;
    },
  };
}
