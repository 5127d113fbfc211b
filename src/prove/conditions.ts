import {
  buildChooser,
  buildWorld,
  type FlowKey,
  type FlowOutcome,
  narrow,
  type StagedHost,
  startRun,
  type World,
  walkFlow,
} from "#dataplane/index.js";
import type { HostId, Segment } from "#model/index.js";
import { buildGrade } from "./grade.js";
import type { Witness } from "./phase.js";
import { isAlwaysBad } from "./witness.js";

/** A witness of one phase, with the stages that its hosts have in the phase and in the whole change. */
export interface WitnessInChange {
  readonly phase: readonly StagedHost[];
  /** The same hosts in the same order. */
  readonly whole: readonly StagedHost[];
  readonly segments: readonly Segment[];
  readonly witness: Pick<Witness, "stages" | "memories" | "flow" | "demand" | "verdict">;
}

/**
 * The hosts, besides those of the witness, that have to be in the stages of the phase for the witness to hold; all others may be in
 * any stage of the whole change. Never too few: where it takes too long to find out, more are named than needed.
 */
export function findConditions(given: WitnessInChange): readonly HostId[] {
  const named = new Set(given.witness.stages.map(({ host }) => host));
  const partial = given.whole
    .filter(({ id, stages }, index) => !named.has(id) && stages.length !== given.phase[index]?.stages.length)
    .map(({ id }) => id);
  const holds = (conditions: readonly HostId[]): boolean => {
    const world = restrict(given, conditions);
    const grade = buildGrade(world, keyOf(given), given.witness.demand);
    const isBad = (outcome: FlowOutcome): boolean =>
      outcome.verdict === given.witness.verdict && grade(outcome) === "bad";
    return isAlwaysBad(world, { key: keyOf(given), isBad });
  };
  if (partial.length === 0 || holds([])) return [];
  const asked = collectAsked(restrict(given, []), keyOf(given));
  const met = asked === null ? partial : partial.filter((host) => asked.has(host));
  let needed = holds(met) ? met : partial;
  for (const host of needed.length <= MAX_TRIED ? needed : []) {
    const fewer = needed.filter((other) => other !== host);
    if (holds(fewer)) needed = fewer;
  }
  return needed;
}

/** Leaving one host out costs a world of its own. */
const MAX_TRIED = 64;
const MAX_WALKS = 4096;

function keyOf({ whole, witness }: WitnessInChange): FlowKey {
  const { from, to, size } = witness.flow;
  return { host: whole.findIndex(({ id }) => id === from), to, ...(size === undefined ? {} : { size }) };
}

/** The whole change, with the hosts of the witness in its stages and those of the conditions in the stages of the phase. */
function restrict(
  { phase, whole, segments, witness }: WitnessInChange,
  conditions: readonly HostId[],
): World {
  const fixed = new Map(witness.stages.map(({ host, stage }) => [host, stage]));
  const inPhase = new Set(conditions);
  const hosts = whole.map((host, index) => {
    const own = phase[index] ?? host;
    const stage = fixed.get(host.id);
    if (stage !== undefined) return narrow(own, stage, stage);
    return inPhase.has(host.id) ? own : host;
  });
  return buildWorld(hosts, segments, witness.memories);
}

/** The hosts of several stages that some walk asks, or null where there are too many walks. */
function collectAsked(world: World, key: FlowKey): ReadonlySet<HostId> | null {
  const asked = new Set<HostId>();
  const chooser = buildChooser();
  let walks = 0;
  do {
    walks += 1;
    if (walks > MAX_WALKS) return null;
    const run = startRun(world, chooser, false);
    walkFlow(run, key);
    for (const host of run.support) {
      const id = world.hosts[host]?.id;
      if (id !== undefined) asked.add(id);
    }
  } while (chooser.advance());
  return asked;
}
