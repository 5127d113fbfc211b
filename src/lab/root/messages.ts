import { LabError } from "../lab-error.js";

/** Why there is no shared root. */
export const say = {
  notRoot: (): LabError =>
    new LabError("not-possible", {
      message: "The lab's shared root is made by debootstrap, which needs root; this process is not root.",
      hint: "Run it as root.",
    }),
  noMirror: (suite: string): LabError =>
    new LabError("not-possible", {
      message: `Expected a source of \`${suite} main\` of Debian among the sources of apt (\`apt-get indextargets\`), found none.`,
      hint: "Add one, run `apt-get update`, then try again.",
    }),
  stepFailed: (step: string, failed: { readonly cause: unknown; readonly log: string }): LabError =>
    new LabError(
      "failed",
      {
        message: `The lab's shared root could not be made: step \`${step}\` failed (${wordsOf(failed.cause)}). Nothing half-made is left.`,
        hint: `What its commands said is in \`${failed.log}\`; try again when the cause is gone.`,
      },
      failed.cause,
    ),
  lockTimedOut: (lock: string, seconds: number): LabError =>
    new LabError("timed-out", {
      message: `Another process makes the lab's shared root; it was not ready after ${seconds} seconds (lock \`${lock}\`).`,
      hint: "Wait for it, or end it, then try again.",
    }),
} as const;

function wordsOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
