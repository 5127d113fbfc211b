import type { HostId } from "#model/index.js";

/** One host's operations, numbered from 1; stage `s` is the state after operation `s`. */
export interface Mover {
  readonly host: HostId;
  readonly operations: number;
}

/** A host in a stage. */
export interface HostStage {
  readonly host: HostId;
  readonly stage: number;
}

/** A host in any of the stages `from` to `to`, both included. */
export interface HostRange {
  readonly host: HostId;
  readonly from: number;
  readonly to: number;
}

/** `first` must be over before `second` begins: each names an operation of a host. */
export interface Precedence {
  readonly first: HostStage;
  readonly second: HostStage;
}

/**
 * The ways to make a set of host stages impossible at one time. A host is in the stages `s` to `t` from its operation `s` to its
 * operation `t + 1`; intervals on a line have a common point unless two of them have none (Helly), so it is enough, and needed,
 * that some host leaves its stages in an earlier phase than that in which another one enters its own.
 */
export function waysToAvoid(
  ranges: readonly HostRange[],
  movers: ReadonlyMap<HostId, number>,
): readonly Precedence[] {
  const moving = ranges.filter(({ host }) => (movers.get(host) ?? 0) > 0);
  return moving.flatMap((entering) =>
    moving.flatMap((leaving): readonly Precedence[] => {
      const isPossible =
        entering.host !== leaving.host && entering.from > 0 && leaving.to < (movers.get(leaving.host) ?? 0);
      if (!isPossible) return [];
      return [
        {
          first: { host: leaving.host, stage: leaving.to + 1 },
          second: { host: entering.host, stage: entering.from },
        },
      ];
    }),
  );
}

/** The phase (from 0) of each operation of each host, or null where the precedences contradict each other. */
export type Layering = ReadonlyMap<HostId, readonly number[]>;

/** The earliest phase of every operation under the precedences: the longest path in their graph. */
function layer(
  movers: readonly Mover[],
  precedences: readonly Precedence[],
  maxPhases: number,
): Layering | null {
  const phases = new Map(movers.map(({ host, operations }) => [host, new Array<number>(operations).fill(0)]));
  const at = ({ host, stage }: HostStage): number => phases.get(host)?.[stage - 1] ?? 0;
  for (let isChanged = true; isChanged; ) {
    isChanged = false;
    for (const { first, second } of precedences) {
      const earliest = at(first) + 1;
      if (at(second) >= earliest) continue;
      if (earliest >= maxPhases) return null;
      raise(phases.get(second.host) ?? [], second.stage - 1, earliest);
      isChanged = true;
    }
  }
  return phases;
}

/** Operations of one host keep their order: what follows is at least as late. */
function raise(own: number[], from: number, phase: number): void {
  for (let index = from; index < own.length; index += 1) own[index] = Math.max(own[index] ?? 0, phase);
}

/**
 * Chooses one precedence of each clause so that the fewest phases are needed.
 *
 * @returns `impossible` where no choice works with any number of phases up to `maxPhases`; `gave-up` after `maxSteps` choices.
 */
export function solve(given: {
  readonly movers: readonly Mover[];
  readonly clauses: readonly (readonly Precedence[])[];
  /** Fewer are known not to do. */
  readonly minPhases?: number;
  readonly maxPhases: number;
  readonly maxSteps: number;
}): Layering | "impossible" | "gave-up" {
  const budget = { left: given.maxSteps };
  for (let phases = given.minPhases ?? 1; phases <= given.maxPhases; phases += 1) {
    const found = choose({ ...given, maxPhases: phases, budget, chosen: [] });
    if (found !== null) return found;
    if (budget.left <= 0) return "gave-up";
  }
  return "impossible";
}

interface Choice {
  readonly movers: readonly Mover[];
  readonly clauses: readonly (readonly Precedence[])[];
  readonly maxPhases: number;
  readonly budget: { left: number };
  readonly chosen: readonly Precedence[];
}

/** Depth first: the first clause that the layering so far leaves open is closed in each possible way. */
function choose(choice: Choice): Layering | null {
  if (choice.budget.left <= 0) return null;
  choice.budget.left -= 1;
  const layering = layer(choice.movers, choice.chosen, choice.maxPhases);
  if (layering === null) return null;
  const open = choice.clauses.find((clause) => !clause.some((precedence) => holds(layering, precedence)));
  if (open === undefined) return layering;
  for (const precedence of open) {
    const found = choose({ ...choice, chosen: [...choice.chosen, precedence] });
    if (found !== null) return found;
  }
  return null;
}

function holds(layering: Layering, { first, second }: Precedence): boolean {
  return (
    (layering.get(first.host)?.[first.stage - 1] ?? 0) < (layering.get(second.host)?.[second.stage - 1] ?? 0)
  );
}
