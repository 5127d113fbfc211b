import { err, ok, type Result } from "#model/index.js";
import type { Failure } from "../failure.js";
import { type LeftRequest, leaveRequest } from "../run-store/requests.js";
import { attemptRun } from "./attempt-run.js";
import { say } from "./messages.js";
import type { LeftWish, RunSelection } from "./request.js";
import { type RecordedRun, readRun, selectRun } from "./select-run.js";
import { controllerOf } from "./status.js";
import { whoRunsThis } from "./who.js";

/** Asks the controller of a run to take everything back. */
export function requestAbort(selection: RunSelection): Promise<Result<LeftWish, Failure>> {
  return leaveWish(selection, () => ok({ kind: "abort" }));
}

/** Gives the phase that a run works on the confirmation that its policy waits for. */
export function requestConfirm(selection: RunSelection): Promise<Result<LeftWish, Failure>> {
  return leaveWish(selection, ({ folder, summary }) =>
    summary.phase === 0 ? err(say.nothingWaits(folder.runId)) : ok({ kind: "confirm", phase: summary.phase }),
  );
}

function leaveWish(
  selection: RunSelection,
  wishFor: (run: RecordedRun) => Result<LeftRequest, Failure>,
): Promise<Result<LeftWish, Failure>> {
  return attemptRun(async () => {
    const folder = selectRun(selection);
    if (!folder.ok) return folder;
    const run = readRun(folder.value);
    if (!run.ok) return run;
    const { runId, path } = folder.value;
    if (run.value.summary.ended !== null) return err(say.ended(runId, run.value.summary.ended.kind));
    const wish = wishFor(run.value);
    if (!wish.ok) return wish;
    leaveRequest(folder.value, wish.value, whoRunsThis());
    return ok({ runId, folder: path, isHeard: controllerOf(selection.stateFolder, folder.value) !== null });
  });
}
