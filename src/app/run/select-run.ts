import { join } from "node:path";
import { err, ok, type Result } from "#model/index.js";
import { type JournalEntry, type RunProgram, type RunSummary, statusOf } from "#rollout/index.js";
import type { Failure } from "../failure.js";
import { loadFleet } from "../load-fleet.js";
import { isCode } from "../run-store/durable-files.js";
import { readFileJournal } from "../run-store/file-journal.js";
import { listRuns, type RunFolder } from "../run-store/run-folder.js";
import { say } from "./messages.js";
import { JOURNAL } from "./open-journal.js";
import type { RunSelection } from "./request.js";

/** Finds the run that is meant: by its name, or the last one that began. */
export function selectRun(selection: RunSelection): Result<RunFolder, Failure> {
  const fleet = selection.fleetPath === null ? null : loadFleet(selection.fleetPath);
  if (fleet !== null && !fleet.ok) return fleet;
  const runs = listRuns(selection.stateFolder, fleet === null ? null : fleet.value.fleet.name);
  const last = runs.at(-1);
  if (last === undefined) return err(say.noRuns(selection.stateFolder));
  if (selection.run === null) return ok(last);
  const found = runs.find(({ runId }) => runId === selection.run);
  if (found !== undefined) return ok(found);
  return err(
    say.unknownRun(
      selection.run,
      runs.map(({ runId }) => runId),
    ),
  );
}

/** A run by its journal. */
export interface RecordedRun {
  readonly folder: RunFolder;
  readonly entries: readonly JournalEntry[];
  readonly program: RunProgram;
  readonly summary: RunSummary;
}

/** Reads the journal of a run and proves its chain. */
export function readRun(folder: RunFolder): Result<RecordedRun, Failure> {
  const path = join(folder.path, JOURNAL);
  const read = readQuietly(path);
  if (read === null) return err(say.noJournal(path));
  if (!read.ok) return err(say.badJournal(path, read.error));
  const { entries } = read.value;
  const [first] = entries;
  const summary = statusOf(entries);
  if (first?.kind !== "begin" || summary === null) return err(say.noJournal(path));
  return ok({ folder, entries, program: first.program, summary });
}

function readQuietly(path: string): ReturnType<typeof readFileJournal> | null {
  try {
    return readFileJournal(path);
  } catch (error) {
    if (isCode(error, "ENOENT")) return null;
    throw error;
  }
}
