import { err, ok, type Result } from "#model/index.js";
import { hashOf, NO_ENTRY, renderEntry } from "./chain.js";
import type { JournalEntry } from "./entry.js";
import { journalMessages } from "./messages.js";
import { parseEntry } from "./schema.js";

/** Why a journal is refused. */
export interface JournalProblem {
  /** `torn`: the last line was not written to its end, and all before it is whole; `altered`: anything else. */
  readonly kind: "torn" | "altered";
  /** From 1: the first entry that is not as it was written. */
  readonly entry: number;
  /** What was expected, and what was found. */
  readonly problem: string;
  /** What to do next. */
  readonly hint: string;
  /** UTF-8 bytes that are whole: where a torn journal may be cut. */
  readonly wholeBytes: number;
}

/**
 * Reads a journal and proves its chain: each line is an entry as it was written, in its place, and belongs to the one before. Never throws.
 * A journal that was cut between two lines is whole to this function: what a host knows and the journal never announced shows it (`resumeRun`).
 *
 * @returns the entries, oldest first, at least one; or the first that is not as it was written.
 */
export function verifyJournal(text: string): Result<readonly JournalEntry[], JournalProblem> {
  const lines = text.split("\n");
  const tail = lines.pop() ?? "";
  const entries: JournalEntry[] = [];
  let wholeBytes = 0;
  for (const line of lines) {
    const read = readLine(line, entries);
    if (!read.ok) return err(altered(entries.length + 1, read.error, wholeBytes));
    entries.push(read.value);
    wholeBytes += Buffer.byteLength(line) + 1;
  }
  if (tail !== "") return err(torn(entries.length + 1, Buffer.byteLength(tail), wholeBytes));
  if (entries.length === 0) return err(altered(1, journalMessages.empty(), 0));
  return ok(entries);
}

function readLine(line: string, before: readonly JournalEntry[]): Result<JournalEntry, string> {
  const parsed = parseLine(line);
  if (!parsed.ok) return parsed;
  const problem = misplaced(parsed.value, before) ?? changed(parsed.value, line);
  return problem === null ? parsed : err(problem);
}

function parseLine(line: string): Result<JournalEntry, string> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return err(journalMessages.notJson(line));
  }
  const entry = parseEntry(value);
  return entry.ok ? entry : err(journalMessages.notAnEntry(entry.error));
}

function misplaced(entry: JournalEntry, before: readonly JournalEntry[]): string | null {
  const expected = before.length + 1;
  if (entry.seq !== expected) {
    const twin = before.find((other) => other.hash === entry.hash);
    return twin === undefined
      ? journalMessages.misplaced(expected, entry.seq)
      : journalMessages.doubled(twin.seq);
  }
  const previous = before.at(-1)?.hash ?? NO_ENTRY;
  if (entry.previous !== previous) return journalMessages.foreign(previous, entry.previous);
  if ((entry.kind === "begin") !== (expected === 1)) return journalMessages.beginning(expected);
  return null;
}

function changed(entry: JournalEntry, line: string): string | null {
  const hash = hashOf(entry);
  if (hash !== entry.hash) return journalMessages.edited(hash, entry.hash);
  return renderEntry(entry) === `${line}\n` ? null : journalMessages.rewritten();
}

function torn(entry: number, bytes: number, wholeBytes: number): JournalProblem {
  return {
    kind: "torn",
    entry,
    problem: journalMessages.torn(entry, bytes),
    hint: journalMessages.tornHint(entry),
    wholeBytes,
  };
}

function altered(entry: number, problem: string, wholeBytes: number): JournalProblem {
  return {
    kind: "altered",
    entry,
    problem: `Entry ${entry}: ${problem}`,
    hint: journalMessages.alteredHint(),
    wholeBytes,
  };
}
