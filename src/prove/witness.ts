import {
  buildChooser,
  buildWorld,
  type FlowKey,
  type FlowOutcome,
  type Hop,
  narrow,
  type Recollection,
  type StagedHost,
  startRun,
  type World,
  walkFlow,
} from "#dataplane/index.js";
import type { HostId } from "#model/index.js";
import type { Demand, PhaseProblem, Witness } from "./phase.js";

/** A bad outcome with the stages that led to it, before it is made small. */
export interface RawWitness {
  readonly key: FlowKey;
  readonly demand: Demand;
  readonly isBad: (outcome: FlowOutcome) => boolean;
  readonly stages: ReadonlyMap<number, number>;
  /** What hosts remembered. */
  readonly memories: readonly Recollection[];
}

/** Leaves out every memory and every host whose stage does not matter for the verdict, then walks the flow once more with an explanation. */
export function reduceWitness(
  problem: PhaseProblem,
  raw: RawWitness,
  alike: (host: HostId) => readonly HostId[],
): Witness {
  const fixed = new Map(raw.stages);
  let { memories } = raw;
  for (const memory of raw.memories) {
    const fewer = memories.filter((other) => other !== memory);
    if (isAlwaysBad(fixWorld(problem, fixed, fewer), raw)) memories = fewer;
  }
  for (const host of [...fixed.keys()]) {
    const stage = fixed.get(host) ?? 0;
    fixed.delete(host);
    if (!isAlwaysBad(fixWorld(problem, fixed, memories), raw)) fixed.set(host, stage);
  }
  const walk = explain(fixWorld(problem, raw.stages, memories), raw);
  const name = (host: number): HostId => problem.hosts[host]?.id ?? ("" as HostId);
  return {
    stages: [...fixed].map(([host, stage]) => ({ host: name(host), stage })),
    memories,
    flow: {
      from: name(raw.key.host),
      to: raw.key.to,
      ...(raw.key.size === undefined ? {} : { size: "full" as const }),
    },
    demand: raw.demand,
    verdict: walk.outcome.verdict,
    path: walk.outcome.path.map(name),
    back: walk.outcome.back.map(name),
    hops: walk.hops,
    alike: new Map([...fixed.keys()].map((host) => [name(host), alike(name(host))])),
  };
}

/** Small bound: a witness that needs more to be made smaller is shown as it was found. */
const MAX_REDUCTION_WALKS = 4096;

/** Whether the demand may be broken in every state of a world, those left out that its memories cannot be in; false also where that takes too long to find out. */
export function isAlwaysBad(world: World, raw: Pick<RawWitness, "key" | "isBad">): boolean {
  const chooser = buildChooser();
  // The kernel's own choices are inside: a state is bad when some choice in it breaks the demand.
  const seen = new Map<string, "good" | "bad" | "impossible">();
  let walks = 0;
  do {
    walks += 1;
    if (walks > MAX_REDUCTION_WALKS) return false;
    const run = startRun(world, chooser, false);
    const outcome = walkFlow(run, raw.key);
    const state = run.support.map((host) => `${host}:${run.stageOf[host]}`).join();
    if (run.isImpossible) seen.set(state, "impossible");
    else if (raw.isBad(outcome) && seen.get(state) !== "impossible") seen.set(state, "bad");
    else if (!seen.has(state)) seen.set(state, "good");
  } while (chooser.advance());
  const found = [...seen.values()];
  return found.includes("bad") && !found.includes("good");
}

function explain(
  world: World,
  raw: RawWitness,
): { readonly outcome: FlowOutcome; readonly hops: readonly Hop[] } {
  const chooser = buildChooser();
  for (;;) {
    const run = startRun(world, chooser, true);
    const outcome = walkFlow(run, raw.key);
    if (raw.isBad(outcome) || !chooser.advance()) return { outcome, hops: run.hops ?? [] };
  }
}

function fixWorld(
  problem: PhaseProblem,
  fixed: ReadonlyMap<number, number>,
  memories: readonly Recollection[],
): World {
  const hosts = problem.hosts.map((host, index) => fixStage(host, fixed.get(index)));
  return buildWorld(hosts, problem.segments, memories);
}

function fixStage(host: StagedHost, stage: number | undefined): StagedHost {
  return stage === undefined ? host : narrow(host, stage, stage);
}
