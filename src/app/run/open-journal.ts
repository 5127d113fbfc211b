import { join } from "node:path";
import type { Clock, Journal } from "#rollout/index.js";
import { continueFileJournal, createFileJournal } from "../run-store/file-journal.js";
import { JournalError } from "../run-store/journal-error.js";
import type { OpenJournal } from "./request.js";

/** The name of the journal in the folder of its run. */
export const JOURNAL = "journal.ndjson";

/** Opens journals as files of their run's folder, each entry on disk before `append` resolves. */
export function openFileJournals(clock: Pick<Clock, "now">): OpenJournal {
  return async (folder, use) => {
    const options = { path: join(folder, JOURNAL), now: clock.now };
    if (use === "fresh") return createFileJournal(options);
    const opened = continueFileJournal(options);
    if (!opened.ok) throw new JournalError("changed", options.path, opened.error);
    return opened.value;
  };
}

/** A journal that has notes to write before its second entry: the first one is the beginning of the run. */
export function withNotes(
  journal: Journal,
  notes: readonly { readonly what: string; readonly detail: string }[],
): Journal {
  let waiting = notes;
  return {
    entries: journal.entries,
    append: async (entry) => {
      if (journal.entries().length > 0) {
        const now = waiting;
        waiting = [];
        for (const note of now) await journal.append({ kind: "note", ...note });
      }
      await journal.append(entry);
    },
  };
}
