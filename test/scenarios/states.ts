import type { StagedHost } from "#dataplane/index.js";
import type { RandomSource } from "../lab/random-source.js";

/** A seed that belongs to a name, so that each scenario always has the same sample. */
export function seedOf(name: string): number {
  return [...name].reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) | 0, 7) >>> 0;
}

/** Each host's number of its stage, in the order of the fleet. */
export type StageNumbers = readonly number[];

/** All states of hosts with these numbers of stages where there are at most `atMost`, else that many: the corners first, then random ones. */
export function sampleStates(
  counts: readonly number[],
  atMost: number,
  random: RandomSource,
): readonly StageNumbers[] {
  const product = counts.reduce((total, count) => total * count, 1);
  if (product <= atMost) return everyState(counts);
  const first = counts.map(() => 0);
  const last = counts.map((count) => count - 1);
  const corners = counts.flatMap((_, host) => [first.with(host, last[host] ?? 0), last.with(host, 0)]);
  const chosen = new Map(
    [...random.shuffled(corners).slice(0, atMost >> 1)].map((state) => [state.join(), state]),
  );
  while (chosen.size < atMost) {
    const state = counts.map((count) => random.between(0, count - 1));
    chosen.set(state.join(), state);
  }
  return [...chosen.values()];
}

function everyState(counts: readonly number[]): readonly StageNumbers[] {
  return counts.reduce<readonly StageNumbers[]>(
    (states, count) =>
      states.flatMap((state) => Array.from({ length: count }, (_, stage) => [...state, stage])),
    [[]],
  );
}

/** The hosts, each with the one stage of that number. */
export function stateOf(staged: readonly StagedHost[], numbers: StageNumbers): readonly StagedHost[] {
  return staged.map(({ id, stages }, host) => ({
    id,
    stages: stages.slice(numbers[host] ?? 0, (numbers[host] ?? 0) + 1),
  }));
}
