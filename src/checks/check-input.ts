import { type FlowResult, judgeMatrix } from "#dataplane/index.js";
import type { CheckInput } from "./rule.js";

/** Joins what the rules look at; the matrix is judged once, when a rule first asks for it. */
export function buildCheckInput(given: Omit<CheckInput, "flows">): CheckInput {
  let flows: readonly FlowResult[] | null = null;
  return {
    ...given,
    flows: () => {
      flows ??= judgeMatrix(given.snapshot);
      return flows;
    },
  };
}
