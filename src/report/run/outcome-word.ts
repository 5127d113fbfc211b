import type { RunOutcome } from "#rollout/index.js";

const WORDS: Readonly<Record<RunOutcome["kind"], string>> = {
  done: "Done",
  "rolled-back": "Rolled back",
  kept: "Kept in part",
  "rollback-incomplete": "Rollback incomplete",
  unknown: "Unknown",
  refused: "Refused",
  locked: "Locked",
  left: "Left",
};

/** The word that a report begins with. */
export function outcomeWord({ kind }: RunOutcome): string {
  return WORDS[kind];
}
