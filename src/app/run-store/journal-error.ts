/** Why nothing more is written to a journal. */
export type JournalErrorCode = "write" | "changed" | "closed";

const WORDS: Readonly<Record<JournalErrorCode, (path: string) => string>> = {
  write: (path) => `Expected to write to the journal \`${path}\`, and the system refused it.`,
  changed: (path) =>
    `Expected the journal \`${path}\` as it was left, found that another program wrote to it.`,
  closed: (path) => `The journal \`${path}\` takes no more entries since one could not be written.`,
};

/** An entry is not on disk: what it announces must not be done. */
export class JournalError extends Error {
  readonly code: JournalErrorCode;
  readonly canRetry = false;

  constructor(code: JournalErrorCode, path: string, cause: unknown) {
    const why = cause instanceof Error && "code" in cause ? ` (${String(cause.code)})` : "";
    super(`${WORDS[code](path)}${why}`, { cause });
    this.name = "JournalError";
    this.code = code;
  }
}
