import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { err, ok, type Result } from "#model/index.js";
import {
  type Journal,
  type JournalEntry,
  type JournalProblem,
  type NewJournalEntry,
  renderEntry,
  sealEntry,
  verifyJournal,
} from "#rollout/index.js";
import { syncFolder } from "./durable-files.js";
import { JournalError } from "./journal-error.js";

/** What a journal needs besides its file. */
export interface FileJournalOptions {
  readonly path: string;
  /** ISO 8601, UTC. */
  readonly now: () => string;
}

/**
 * A journal in a file, one entry a line. The caller holds the lock of the fleet: nobody else writes. Each entry is written whole and is on
 * disk before `append` resolves; after the first one that could not be written nothing more is taken.
 */
class FileJournal implements Journal {
  readonly #options: FileJournalOptions;
  readonly #entries: JournalEntry[];
  #bytes: number;
  #failure: JournalError | null = null;

  constructor(options: FileJournalOptions, entries: readonly JournalEntry[], bytes: number) {
    this.#options = options;
    this.#entries = [...entries];
    this.#bytes = bytes;
  }

  readonly entries = (): readonly JournalEntry[] => this.#entries;

  /** The writing itself is synchronous: two entries cannot be mixed up, and nothing of the run goes on meanwhile. */
  readonly append = async (entry: NewJournalEntry): Promise<void> => {
    if (this.#failure !== null) throw new JournalError("closed", this.#options.path, this.#failure);
    const sealed = sealEntry(this.#entries.at(-1) ?? null, entry, this.#options.now());
    const line = Buffer.from(renderEntry(sealed), "utf8");
    try {
      appendDurably(this.#options.path, line, this.#bytes);
    } catch (error) {
      this.#failure =
        error instanceof JournalError ? error : new JournalError("write", this.#options.path, error);
      throw this.#failure;
    }
    this.#entries.push(sealed);
    this.#bytes += line.length;
  };
}

/** Makes the journal of a new run; there must be none. */
export function createFileJournal(options: FileJournalOptions): Journal {
  closeSync(openSync(options.path, "wx", 0o600));
  syncFolder(dirname(options.path));
  return new FileJournal(options, [], 0);
}

/** Opens the journal of a run that began, once its chain is proved; a refused one is not touched. */
export function continueFileJournal(options: FileJournalOptions): Result<Journal, JournalProblem> {
  const read = readFileJournal(options.path);
  if (!read.ok) return err(read.error);
  return ok(new FileJournal(options, read.value.entries, read.value.bytes));
}

/** The entries of a journal, and how many bytes they take. */
export function readFileJournal(
  path: string,
): Result<{ readonly entries: readonly JournalEntry[]; readonly bytes: number }, JournalProblem> {
  const text = readFileSync(path, "utf8");
  const verified = verifyJournal(text);
  return verified.ok ? ok({ entries: verified.value, bytes: Buffer.byteLength(text) }) : verified;
}

/**
 * Cuts the tail off that a crash left in the middle of a line, and nothing else; gives the bytes that it cut. What the tail announces was not
 * done: its entry never was on disk.
 */
export function cutTornTail(path: string): number {
  const read = readFileJournal(path);
  if (read.ok || read.error.kind !== "torn") return 0;
  const file = openSync(path, "r+");
  try {
    const cut = fstatSync(file).size - read.error.wholeBytes;
    ftruncateSync(file, read.error.wholeBytes);
    fsyncSync(file);
    return cut;
  } finally {
    closeSync(file);
  }
}

function appendDurably(path: string, line: Buffer, expectedBytes: number): void {
  const file = openSync(path, "a");
  try {
    const found = fstatSync(file).size;
    if (found !== expectedBytes) throw new JournalError("changed", path, { expectedBytes, found });
    try {
      for (let done = 0; done < line.length; ) done += writeSync(file, line, done);
      fsyncSync(file);
    } catch (error) {
      cutQuietly(file, expectedBytes);
      throw error;
    }
  } finally {
    closeSync(file);
  }
}

/** Half a line would have to be repaired by hand. Where it cannot be cut either, the chain shows it. */
function cutQuietly(file: number, bytes: number): void {
  try {
    ftruncateSync(file, bytes);
    fsyncSync(file);
  } catch {
    // The first error says what is wrong.
  }
}
