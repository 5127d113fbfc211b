import { join } from "node:path";
import { err, ok, type Result } from "#model/index.js";
import { type JournalEntry, type RunOutcome, type RunPorts, resumeRun, rollbackRun } from "#rollout/index.js";
import type { Failure } from "../failure.js";
import { cutTornTail } from "../run-store/file-journal.js";
import { clearRequests } from "../run-store/requests.js";
import type { RunFolder } from "../run-store/run-folder.js";
import { attemptRun } from "./attempt-run.js";
import { carryOut } from "./carry-out.js";
import { say } from "./messages.js";
import { openHosts } from "./open-hosts.js";
import { JOURNAL, openFileJournals } from "./open-journal.js";
import type { ContinueRequest, RunReport } from "./request.js";
import { hostsOfRun } from "./run-hosts.js";
import { lockFleet } from "./run-locks.js";
import { readRun, selectRun } from "./select-run.js";
import { readHealthNote } from "./start-note.js";

/** Brings a run that was left to a whole end, by its journal and by what the hosts say now: forward where it may, back where it must. */
export function resume(request: ContinueRequest): Promise<Result<RunReport, Failure>> {
  return continueRun(request, { work: resumeRun, mayHaveEnded: false });
}

/** Takes a run back entirely, whether it ended or was left. */
export function rollback(request: ContinueRequest): Promise<Result<RunReport, Failure>> {
  return continueRun(request, { work: rollbackRun, mayHaveEnded: true });
}

interface Continuation {
  readonly work: (entries: readonly JournalEntry[], ports: RunPorts) => Promise<RunOutcome>;
  readonly mayHaveEnded: boolean;
}

function continueRun(
  request: ContinueRequest,
  continuation: Continuation,
): Promise<Result<RunReport, Failure>> {
  return attemptRun(async () => {
    const folder = selectRun(request);
    if (!folder.ok) return folder;
    const lock = lockFleet(request.stateFolder, folder.value.fleet, folder.value.runId);
    if (!lock.ok) return lock;
    try {
      return await continueLocked(request, folder.value, continuation);
    } finally {
      lock.value.release();
    }
  });
}

async function continueLocked(
  request: ContinueRequest,
  folder: RunFolder,
  { work, mayHaveEnded }: Continuation,
): Promise<Result<RunReport, Failure>> {
  if (request.repairsJournal) cutTornTail(join(folder.path, JOURNAL));
  const run = readRun(folder);
  if (!run.ok) return run;
  const { program, summary, entries } = run.value;
  if (!mayHaveEnded && !summary.canResume) return err(say.ended(folder.runId, summary.ended?.kind ?? "done"));
  const reached = hostsOfRun(run.value, request);
  if (!reached.ok) return reached;
  const hosts = openHosts(reached.value.request);
  if (!hosts.ok) return hosts;
  try {
    clearRequests(folder);
    const journal = await (request.openJournal ?? openFileJournals(request.clock))(folder.path, "continue");
    const ready = {
      folder,
      program,
      hosts: hosts.value,
      clusters: reached.value.clusters,
      baseline: readHealthNote(folder),
      journal,
      checks: [],
    };
    return ok(await carryOut(ready, request, (ports) => work(entries, ports)));
  } finally {
    await hosts.value.close();
  }
}
