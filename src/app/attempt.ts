import { err, type Result } from "#model/index.js";
import { type Failure, InputError } from "./failure.js";

/** Runs a part of a verb; input that broke on the way becomes its failure, a bug stays an exception. */
export function attempt<T>(work: () => Result<T, Failure>): Result<T, Failure> {
  try {
    return work();
  } catch (error) {
    if (error instanceof InputError) return err(error.failure);
    throw error;
  }
}
