/** The operator left: whatever is armed fires by itself. */
export class RunLeft extends Error {
  readonly code = "run-left";

  constructor() {
    super("the operator left the run");
  }
}

/** The journal takes no more entries: nothing more may be begun. */
export class JournalLost extends Error {
  readonly code = "journal-lost";
  readonly canRetry = false;

  constructor(cause: unknown) {
    super(`the journal cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}
