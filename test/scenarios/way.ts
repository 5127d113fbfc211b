import type { PlanOutcome } from "#app/index.js";
import type { Snapshot } from "#model/index.js";
import { findChanges, type HostChange, joinWiring } from "#plan/index.js";
import type { RandomSource } from "../lab/random-source.js";
import type { Scenario } from "./scenario.js";
import type { StageNumbers } from "./states.js";

/** A change as it is carried out: one operation of one host after the other, and where to stop and look. */
export interface Way {
  readonly before: Snapshot;
  readonly changes: readonly HostChange[];
  /** The states to look at, each as the number of operations that every changed host has done; none goes back. */
  readonly stops: readonly StageNumbers[];
}

/** The stages of a scenario: those of its plan, else those of the bare difference; null where no operations bring the target. */
export function changeOf(scenario: Scenario, outcome: PlanOutcome): Pick<Way, "before" | "changes"> | null {
  if (outcome.kind === "proved" || outcome.kind === "impossible") return outcome.change;
  const { before, after } = joinWiring(scenario.before, scenario.after);
  const found = findChanges(before, after);
  return found.kind === "found" ? { before, changes: found.changes } : null;
}

/** Steps of one operation each, within each phase in any order; without a plan everything is one phase. */
export function randomOrder(
  changes: readonly HostChange[],
  outcome: PlanOutcome,
  random: RandomSource,
): readonly StageNumbers[] {
  const place = new Map(changes.map(({ host }, index) => [host, index]));
  const everything = [changes.map(({ operations }, index) => ({ index, from: 0, to: operations.length }))];
  const phases =
    outcome.kind === "proved"
      ? outcome.phases.map(({ steps }) =>
          steps.map(({ host, fromStage, toStage }) => ({
            index: place.get(host) ?? 0,
            from: fromStage,
            to: toStage,
          })),
        )
      : everything;
  const states: StageNumbers[] = [changes.map(() => 0)];
  for (const steps of phases) {
    const moves = steps.flatMap(({ index, from, to }) => Array.from({ length: to - from }, () => index));
    for (const index of random.shuffled(moves)) {
      const now = states.at(-1) ?? [];
      states.push(now.with(index, (now[index] ?? 0) + 1));
    }
  }
  return states;
}

/** The first, the last, and so many between them. */
export function chooseStops(
  order: readonly StageNumbers[],
  between: number,
  random: RandomSource,
): readonly StageNumbers[] {
  const inner = order.slice(1, -1);
  const chosen = new Set(random.shuffled(inner.map((_, index) => index)).slice(0, between));
  return order.filter((_, index) => index === 0 || index === order.length - 1 || chosen.has(index - 1));
}
