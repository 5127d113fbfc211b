import { type FlowResult, judgeMatrix } from "#dataplane/index.js";
import { representativeFlows } from "./representative-flows.js";
import type { CheckInput } from "./rule.js";

/** Fleets up to this many hosts are judged pair by pair, so that findings count every flow. */
const ALL_PAIRS_UP_TO = 64;

/** Joins what the rules look at; the flows are judged once, when a rule first asks for them. */
export function buildCheckInput(given: Omit<CheckInput, "flows">): CheckInput {
  let flows: readonly FlowResult[] | null = null;
  return {
    ...given,
    flows: () => {
      flows ??=
        given.snapshot.hosts.size > ALL_PAIRS_UP_TO
          ? representativeFlows(given.snapshot)
          : judgeMatrix(given.snapshot);
      return flows;
    },
  };
}
