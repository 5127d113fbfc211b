import type { Host, HostId, Segment } from "#model/index.js";
import { type Layering, type Mover, type Precedence, solve, waysToAvoid } from "./constraints.js";
import type { DemandOf, HostChange, Phase, PhaseWitness, Prove, ProvedPhase, Search, Step } from "./plan.js";

/** One change to find phases for. */
export interface SearchProblem<P, W extends PhaseWitness> {
  /** Every host in its state before the change, in the order of the fleet. */
  readonly hosts: readonly Host[];
  readonly segments: readonly Segment[];
  readonly changes: readonly HostChange[];
  /** What must hold in a phase, given the hosts that move in it. */
  readonly demands: (moving: ReadonlySet<HostId>) => DemandOf;
  /** Precedences that hold whatever the proof says (one host at a time, for instance). */
  readonly given: readonly Precedence[];
  readonly prove: Prove<P, W>;
}

const MAX_ATTEMPTS = 200;
const MAX_PHASES = 64;
const MAX_STEPS = 20_000;
/** A witness among alike hosts forbids the same among all of them; beyond this many it is learnt one by one. */
const MAX_GENERALISED = 5_000;

/**
 * Proposes phases, has them proved, turns each witness into a constraint and proposes again: the fewest phases for
 * which every state is proved, or the witnesses that no order avoids. The smallest witness stands first.
 */
export function searchPhases<P, W extends PhaseWitness>(problem: SearchProblem<P, W>): Search<P, W> {
  const movers = problem.changes.map(
    ({ host, operations }): Mover => ({ host, operations: operations.length }),
  );
  const clauses: (readonly Precedence[])[] = problem.given.map((precedence) => [precedence]);
  const witnesses: W[] = [];
  for (let attempts = 1; attempts <= MAX_ATTEMPTS; attempts += 1) {
    const layering = solve({ movers, clauses, maxPhases: MAX_PHASES, maxSteps: MAX_STEPS });
    if (layering === "impossible") return { kind: "impossible", witnesses: sortBySize(witnesses), attempts };
    if (layering === "gave-up")
      return { kind: "gave-up", why: "the constraints were too many to solve", attempts };
    const judged = provePhases(problem, phasesOf(movers, layering));
    if (judged.kind === "proved") return { ...judged, attempts };
    if (judged.kind === "gave-up" || judged.kind === "unknown") return { ...judged, attempts };
    witnesses.push(judged.witness);
    clauses.push(...learn(problem.changes, judged.witness, judged.phase));
  }
  return { kind: "gave-up", why: `no proved plan after ${MAX_ATTEMPTS} proposals`, attempts: MAX_ATTEMPTS };
}

type Judged<P, W> =
  | { readonly kind: "proved"; readonly phases: readonly ProvedPhase<P>[] }
  | { readonly kind: "hazard"; readonly witness: W; readonly phase: Phase }
  | { readonly kind: "unknown"; readonly witness: W }
  | { readonly kind: "gave-up"; readonly why: string };

function provePhases<P, W extends PhaseWitness>(
  problem: SearchProblem<P, W>,
  phases: readonly Phase[],
): Judged<P, W> {
  const proved: ProvedPhase<P>[] = [];
  for (const [index, phase] of phases.entries()) {
    const moving = new Set(phase.steps.map((step) => step.host));
    const answer = problem.prove({
      hosts: allowedStages(problem, phases, index),
      segments: problem.segments,
      demandOf: problem.demands(moving),
      moving,
    });
    if (answer.kind === "hazard") return { kind: "hazard", witness: answer.witness, phase };
    if (answer.kind === "unknown") return { kind: "unknown", witness: answer.witness };
    if (answer.kind !== "proved") return answer;
    proved.push({ ...phase, proof: answer.proof });
  }
  return { kind: "proved", phases: proved };
}

/** Every host with the stages that it may be in during a phase: one where it has no step in it. */
export function allowedStages(
  problem: { readonly hosts: readonly Host[]; readonly changes: readonly HostChange[] },
  phases: readonly Phase[],
  index: number,
): readonly { readonly id: HostId; readonly stages: readonly Host[] }[] {
  const changes = new Map(problem.changes.map((change) => [change.host, change]));
  const reached = new Map<HostId, number>();
  for (const phase of phases.slice(0, index)) {
    for (const step of phase.steps) reached.set(step.host, step.toStage);
  }
  const steps = new Map((phases[index]?.steps ?? []).map((step) => [step.host, step]));
  return problem.hosts.map((host) => {
    const from = reached.get(host.id) ?? 0;
    const to = steps.get(host.id)?.toStage ?? from;
    const stages = changes.get(host.id)?.stages ?? [host];
    return { id: host.id, stages: stages.slice(from, to + 1) };
  });
}

/** Groups the operations of each phase to steps; a phase in which nothing moves does not exist. */
export function phasesOf(movers: readonly Mover[], layering: Layering): readonly Phase[] {
  const last = Math.max(0, ...[...layering.values()].map((own) => own.at(-1) ?? 0));
  const phases: Phase[] = [];
  for (let phase = 0; phase <= last; phase += 1) {
    const steps = movers.flatMap(({ host }): readonly Step[] => {
      const own = layering.get(host) ?? [];
      const fromStage = own.filter((at) => at < phase).length;
      const toStage = own.filter((at) => at <= phase).length;
      return toStage > fromStage ? [{ host, fromStage, toStage }] : [];
    });
    if (steps.length > 0) phases.push({ steps });
  }
  return phases;
}

/** The clauses that a witness teaches, for its own hosts and for all that are alike. */
function learn(
  changes: readonly HostChange[],
  witness: PhaseWitness,
  phase: Phase,
): readonly (readonly Precedence[])[] {
  const operations = new Map(changes.map((change) => [change.host, change.operations.length]));
  const offset = new Map(phase.steps.map((step) => [step.host, step.fromStage]));
  const absolute = witness.stages.map(({ host, stage }) => ({
    host,
    stage: stage + (offset.get(host) ?? 0),
  }));
  const own = waysToAvoid(absolute, operations);
  return [own, ...likewise(absolute, witness).map((stages) => waysToAvoid(stages, operations))];
}

type Stages = readonly { readonly host: HostId; readonly stage: number }[];

function likewise(stages: Stages, witness: PhaseWitness): readonly Stages[] {
  const choices = stages.map(({ host }) => witness.alike.get(host) ?? [host]);
  const count = choices.reduce((product, hosts) => product * hosts.length, 1);
  if (count > MAX_GENERALISED) return [];
  const tuples = choices.reduce<readonly (readonly HostId[])[]>(
    (tuples, hosts) => tuples.flatMap((tuple) => hosts.map((host) => [...tuple, host])),
    [[]],
  );
  return tuples
    .filter((tuple) => new Set(tuple).size === tuple.length)
    .map((tuple) => stages.map(({ stage }, index) => ({ host: tuple[index] ?? ("" as HostId), stage })));
}

function sortBySize<W extends PhaseWitness>(witnesses: readonly W[]): readonly W[] {
  return [...witnesses].sort((a, b) => a.stages.length - b.stages.length);
}
