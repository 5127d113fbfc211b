import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A line of a journal, as far as it is judged here. */
export interface WrittenLine {
  readonly kind: string;
  readonly verb?: string;
}

/** The journal of the last run of the one fleet below a folder of runs; null where there is none. */
export function lastRun(stateFolder: string): readonly WrittenLine[] | null {
  const runs = join(stateFolder, "inc-0004-lab", "runs");
  try {
    const last = readdirSync(runs).sort().at(-1);
    if (last === undefined) return null;
    const text = readFileSync(join(runs, last, "journal.ndjson"), "utf8");
    return text
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line) as WrittenLine);
  } catch {
    return null;
  }
}
