import type { Failure } from "../failure.js";

const MAKE_AGAIN = "Make the plan again with `pointsman plan -o FILE`.";

/** The texts about plan files. */
export const say = {
  damagedPlan: (path: string, problem: string): Failure => ({
    kind: "altered",
    message: `Expected a plan file, found one that is damaged: ${problem}.`,
    where: path,
    hint: MAKE_AGAIN,
    more: [],
  }),
  alteredPlan: (path: string): Failure => ({
    kind: "altered",
    message:
      "Expected the plan file as it was written, found one whose digest does not fit its text, though its steps are those of a fresh plan.",
    where: path,
    hint: MAKE_AGAIN,
    more: [],
  }),
};
