import type { Failure } from "#app/index.js";

/** Ends a command with a message for the operator; thrown by commands, caught once in `runCommandLine`. */
export class CommandFailure extends Error {
  readonly code = "command-failure";
  readonly canRetry = true;
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.name = "CommandFailure";
    this.failure = failure;
  }
}

/** The value of a verb's result; a failure ends the command. */
export function orFail<T>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: Failure },
): T {
  if (result.ok) return result.value;
  throw new CommandFailure(result.error);
}

/** A failure of the command line itself. */
export function usageFailure(message: string, hint: string, where: string | null = null): CommandFailure {
  return new CommandFailure({ kind: "usage", message, where, hint, more: [] });
}

/** Writes a failure as the operator sees it: what, where, what to do next. */
export function renderFailure(failure: Failure): string {
  const lines = [`Error: ${failure.message}`];
  if (failure.where !== null) lines.push(`  Where: ${failure.where}`);
  for (const one of failure.more) lines.push(`  Also:  ${one}`);
  lines.push(`  Next:  ${failure.hint}`);
  return `${lines.join("\n")}\n`;
}
