import { createHash } from "node:crypto";
import { canonicalJson } from "./canonical-json.js";
import type { JournalEntry, NewJournalEntry } from "./entry.js";

/** `previous` of the first entry. */
export const NO_ENTRY = "0".repeat(64);

/**
 * Gives an entry its place after `previous` (null: it is the first one) and its hash.
 *
 * @param time ISO 8601, UTC.
 */
export function sealEntry(previous: JournalEntry | null, entry: NewJournalEntry, time: string): JournalEntry {
  const placed = { ...entry, seq: (previous?.seq ?? 0) + 1, time, previous: previous?.hash ?? NO_ENTRY };
  return { ...placed, hash: hashOf(placed) };
}

/** SHA-256 in hex over the canonical JSON of an entry, its field `hash` left out. */
export function hashOf(entry: object): string {
  const { hash: _, ...rest } = { hash: "", ...entry };
  return createHash("sha256").update(canonicalJson(rest)).digest("hex");
}

/** The line of an entry in the journal's file, with its line feed. */
export function renderEntry(entry: JournalEntry): string {
  return `${canonicalJson(entry)}\n`;
}
