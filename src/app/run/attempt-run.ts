import { err, type Result } from "#model/index.js";
import { type Failure, InputError } from "../failure.js";
import { JournalError } from "../run-store/journal-error.js";
import { say } from "./messages.js";

/** Runs a verb of a run; input that broke on the way, and a state folder that cannot be written to, become its failure. */
export async function attemptRun<T>(work: () => Promise<Result<T, Failure>>): Promise<Result<T, Failure>> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof InputError) return err(error.failure);
    if (error instanceof JournalError) return err(say.stateFolder(error.message));
    if (isOfTheSystem(error)) return err(say.stateFolder(error.message));
    throw error;
  }
}

/** What node:fs throws: `ENOSPC`, `EROFS`, `EACCES` and their like, with a path. */
function isOfTheSystem(error: unknown): error is Error {
  return error instanceof Error && "syscall" in error && "code" in error && "path" in error;
}
