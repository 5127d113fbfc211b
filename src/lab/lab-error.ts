/**
 * `usage`: what was asked for is not there or cannot be; `not-possible`: this machine cannot do it; `failed`: it was tried and something
 * broke, the message says what is left; `timed-out`: it was not seen in time.
 */
export type LabErrorCode = "usage" | "not-possible" | "failed" | "timed-out";

/** Why the lab could not do what it was asked for. */
export class LabError extends Error {
  readonly code: LabErrorCode;
  readonly canRetry: boolean;
  /** What to do next. */
  readonly hint: string;

  constructor(
    code: LabErrorCode,
    { message, hint }: { readonly message: string; readonly hint: string },
    cause?: unknown,
  ) {
    super(message, { cause });
    this.name = "LabError";
    this.code = code;
    this.canRetry = code === "timed-out";
    this.hint = hint;
  }
}
