import {
  buildChooser,
  type FlowKey,
  type FlowOutcome,
  type Run,
  startRun,
  type World,
  walkFlow,
} from "#dataplane/index.js";

/** Counts walks down to zero; shared by all flows of one proof. */
export interface Budget {
  left: number;
}

/**
 * Visits every outcome of a flow over all states of the world and all choices of the kernel: hosts that the walk never
 * asks are not enumerated, so the cost is the product of the stages of its support and not of the fleet.
 *
 * @returns false where the budget ended first; `visit` returns true to stop early.
 */
export function enumerateFlow(
  world: World,
  key: FlowKey,
  budget: Budget,
  visit: (outcome: FlowOutcome, run: Run) => boolean,
): boolean {
  const chooser = buildChooser();
  do {
    if (budget.left <= 0) return false;
    budget.left -= 1;
    const run = startRun(world, chooser, false);
    if (visit(walkFlow(run, key), run)) return true;
  } while (chooser.advance());
  return true;
}
