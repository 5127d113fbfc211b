import { err, ok, type Result } from "#model/index.js";
import type { Failure } from "../failure.js";
import { type HeldLock, takeLock } from "../run-store/file-lock.js";
import { lockFolderOf } from "../run-store/run-folder.js";
import { say } from "./messages.js";

/** Takes the lock of a fleet for a run: one controller at a time, on this state folder. */
export function lockFleet(stateFolder: string, fleet: string, run: string): Result<HeldLock, Failure> {
  const answer = takeLock(lockFolderOf(stateFolder, fleet), run);
  switch (answer.kind) {
    case "held":
      return ok(answer.lock);
    case "taken":
      return err(say.locked(fleet, answer));
    case "unreadable":
      return err(say.lockUnreadable(answer.file));
  }
}
