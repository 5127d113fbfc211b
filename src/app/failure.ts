/**
 * Why a verb could not do its work. `usage`: what the command line names is not there or not of the right kind;
 * `unreadable`: it is there and cannot be read as what it should be; `refused`: it was read, and a check or proof says no;
 * `altered`: a plan file is damaged, or no longer fits what it was made for; `locked`: another run has the fleet.
 */
export type FailureKind = "usage" | "unreadable" | "refused" | "altered" | "locked";

/** One clear message for the operator, in parts. */
export interface Failure {
  readonly kind: FailureKind;
  /** What was expected and what was found. */
  readonly message: string;
  /** `file:line:column`, a path, or null where the message has it all. */
  readonly where: string | null;
  /** What to do next. */
  readonly hint: string;
  /** Further problems of the same input, one line each. */
  readonly more: readonly string[];
}

/** Input that broke while it was read; thrown through the pure readers, which know no I/O, and caught by `attempt`. */
export class InputError extends Error {
  readonly code = "input";
  readonly canRetry = true;
  readonly failure: Failure;

  constructor(failure: Failure, cause?: unknown) {
    super(failure.message, { cause });
    this.name = "InputError";
    this.failure = failure;
  }
}
