import type { Failure } from "../failure.js";

/** What a rehearsal says when it cannot be. */
export const say = {
  nothingToRehearse: (path: string): Failure => ({
    kind: "usage",
    message: `Expected a plan with something to do in \`${path}\`, found one whose two networks are the same.`,
    where: null,
    hint: "There is nothing to rehearse, nor to apply.",
    more: [],
  }),
  noSender: (): Failure => ({
    kind: "refused",
    message: "Expected `fping` on this machine, which sends the echoes that show gaps, found none.",
    where: null,
    hint: "Install it (Debian: `apt-get install fping`), then rehearse again.",
    more: [],
  }),
  noTwin: (problem: string): Failure => ({
    kind: "refused",
    message: `Expected a network that a twin can be made of: ${problem}.`,
    where: null,
    hint: "The plan's proof holds without it; try the plan on a network without what cannot be built.",
    more: [],
  }),
} as const;
