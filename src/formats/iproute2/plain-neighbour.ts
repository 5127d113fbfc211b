import { say } from "./messages.js";
import { wordsOf } from "./plain-words.js";
import type { Reading } from "./reading.js";
import type { RawNeighbour } from "./schema.js";

const STATES: ReadonlySet<string> = new Set([
  "PERMANENT",
  "NOARP",
  "REACHABLE",
  "STALE",
  "NONE",
  "INCOMPLETE",
  "DELAY",
  "PROBE",
  "FAILED",
]);

/** Reads the plain output of `ip neigh show`, iproute2's or busybox's, as what `ip -j neigh show` would have printed. */
export function parsePlainNeighbours(reading: Reading, file: string, text: string): RawNeighbour[] {
  const entries: RawNeighbour[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const entry = parseEntry(line);
    if (entry === null) {
      const source = { file, line: index + 1, column: 1 };
      reading.errors.push(say.badLine(source, "a line of `ip neigh show`", line.trim().slice(0, 80)));
      return [];
    }
    entries.push(entry);
  }
  return entries;
}

function parseEntry(line: string): RawNeighbour | null {
  const words = wordsOf(line);
  const entry: RawNeighbour = { dst: words.take(), dev: "", state: [] };
  while (words.peek() !== "") {
    const key = words.take();
    if (key === "dev") entry.dev = words.take();
    else if (key === "lladdr") entry.lladdr = words.take();
    else if (key === "proxy") entry.proxy = null;
    else if (STATES.has(key)) entry.state.push(key);
  }
  return entry.dev === "" ? null : entry;
}
