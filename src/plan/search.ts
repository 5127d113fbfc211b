import type { Host, HostId, Segment } from "#model/index.js";
import {
  type HostRange,
  type Layering,
  type Mover,
  type Precedence,
  solve,
  waysToAvoid,
} from "./constraints.js";
import type {
  DemandOf,
  HostChange,
  Phase,
  PhaseQuestion,
  PhaseWitness,
  Prove,
  ProvedPhase,
  Search,
  Step,
} from "./plan.js";

/** One change to find phases for. */
export interface SearchProblem<P, W extends PhaseWitness> {
  /** Every host in its state before the change, in the order of the fleet. */
  readonly hosts: readonly Host[];
  readonly segments: readonly Segment[];
  readonly changes: readonly HostChange[];
  /** What must hold in a phase, given the hosts that move in it. */
  readonly demands: (moving: ReadonlySet<HostId>) => DemandOf;
  /** Clauses that hold whatever the proof says (one host at a time, for instance). */
  readonly given: readonly (readonly Precedence[])[];
  /** Phases that these clauses need at least. */
  readonly minPhases: number;
  readonly prove: Prove<P, W>;
}

const MAX_ATTEMPTS = 200;
/** Beyond those that are known to be needed. */
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
  const { minPhases } = problem;
  const clauses: (readonly Precedence[])[] = [...problem.given];
  const witnesses: W[] = [];
  for (let attempts = 1; attempts <= MAX_ATTEMPTS; attempts += 1) {
    const layering = solve({
      movers,
      clauses,
      minPhases,
      maxPhases: minPhases + MAX_PHASES,
      maxSteps: MAX_STEPS,
    });
    if (layering === "impossible") return { kind: "impossible", witnesses: sortBySize(witnesses), attempts };
    if (layering === "gave-up") return giveUp("the constraints were too many to solve", witnesses, attempts);
    const judged = provePhases(problem, phasesOf(movers, layering));
    if (judged.kind === "proved") return { ...judged, attempts };
    if (judged.kind === "unknown") return { ...judged, attempts };
    if (judged.kind === "gave-up") return giveUp(judged.why, witnesses, attempts);
    witnesses.push(judged.witness);
    clauses.push(...learn(problem.changes, judged));
  }
  return giveUp(`no proved plan after ${MAX_ATTEMPTS} proposals`, witnesses, MAX_ATTEMPTS);
}

function giveUp<W extends PhaseWitness>(
  why: string,
  witnesses: readonly W[],
  attempts: number,
): Extract<Search<never, W>, { readonly kind: "gave-up" }> {
  return { kind: "gave-up", why, witnesses: sortBySize(witnesses), attempts };
}

type Judged<P, W> =
  | { readonly kind: "proved"; readonly phases: readonly ProvedPhase<P>[] }
  | { readonly kind: "hazard"; readonly witness: W; readonly ranges: ReadonlyMap<HostId, HostRange> }
  | { readonly kind: "unknown"; readonly witness: W }
  | { readonly kind: "gave-up"; readonly why: string };

function provePhases<P, W extends PhaseWitness>(
  problem: SearchProblem<P, W>,
  phases: readonly Phase[],
): Judged<P, W> {
  const proved: ProvedPhase<P>[] = [];
  const whole = wholeStages(problem);
  for (const [index, phase] of phases.entries()) {
    const moving = new Set(phase.steps.map((step) => step.host));
    const answer = problem.prove({
      hosts: allowedStages(problem, phases, index),
      segments: problem.segments,
      demandOf: problem.demands(moving),
      moving,
      whole,
    });
    if (answer.kind === "hazard")
      return { kind: "hazard", witness: answer.witness, ranges: allowedRanges(problem, phases, index) };
    if (answer.kind === "unknown") return { kind: "unknown", witness: answer.witness };
    if (answer.kind !== "proved") return answer;
    proved.push({ ...phase, proof: answer.proof });
  }
  return { kind: "proved", phases: proved };
}

/** What phases are phases of. */
interface Staging {
  readonly hosts: readonly Host[];
  readonly changes: readonly HostChange[];
}

/** Every host with all stages of its change. */
export function wholeStages({ hosts, changes }: Staging): PhaseQuestion["whole"] {
  const known = new Map(changes.map((change) => [change.host, change]));
  return hosts.map((host) => ({ id: host.id, stages: known.get(host.id)?.stages ?? [host] }));
}

/** Every host with the stages that it may be in during a phase: one where it has no step in it. */
export function allowedStages(
  problem: Staging,
  phases: readonly Phase[],
  index: number,
): PhaseQuestion["hosts"] {
  const ranges = allowedRanges(problem, phases, index);
  return wholeStages(problem).map(({ id, stages }) => {
    const range = ranges.get(id);
    return { id, stages: range === undefined ? stages : stages.slice(range.from, range.to + 1) };
  });
}

/** The numbers of those stages for each host that changes. */
function allowedRanges(
  { changes }: Staging,
  phases: readonly Phase[],
  index: number,
): ReadonlyMap<HostId, HostRange> {
  const reached = new Map<HostId, number>();
  for (const step of phases.slice(0, index).flatMap((phase) => phase.steps))
    reached.set(step.host, step.toStage);
  const steps = new Map((phases[index]?.steps ?? []).map((step) => [step.host, step]));
  return new Map(
    changes.map(({ host }) => {
      const from = reached.get(host) ?? 0;
      return [host, { host, from, to: steps.get(host)?.toStage ?? from }];
    }),
  );
}

/** Groups the operations of each phase to steps; a phase in which nothing moves does not exist. */
function phasesOf(movers: readonly Mover[], layering: Layering): readonly Phase[] {
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

interface Lesson {
  readonly witness: PhaseWitness;
  readonly ranges: ReadonlyMap<HostId, HostRange>;
}

/** The clauses that a witness teaches, for its own hosts and for all that are alike. */
function learn(
  changes: readonly HostChange[],
  { witness, ranges }: Lesson,
): readonly (readonly Precedence[])[] {
  const operations = new Map(changes.map((change) => [change.host, change.operations.length]));
  const conditions = witness.conditions.flatMap((host) => ranges.get(host) ?? []);
  const own = witness.stages.map(({ host, stage }): HostRange => {
    const at = stage + (ranges.get(host)?.from ?? 0);
    return { host, from: at, to: at };
  });
  return [own, ...likewise(own, witness)].map((stages) =>
    waysToAvoid([...stages, ...conditions], operations),
  );
}

function likewise(stages: readonly HostRange[], witness: PhaseWitness): readonly (readonly HostRange[])[] {
  const conditions = new Set(witness.conditions);
  const choices = stages.map(({ host }) =>
    (witness.alike.get(host) ?? [host]).filter((other) => !conditions.has(other)),
  );
  const count = choices.reduce((product, hosts) => product * hosts.length, 1);
  if (count > MAX_GENERALISED) return [];
  const tuples = choices.reduce<readonly (readonly HostId[])[]>(
    (tuples, hosts) => tuples.flatMap((tuple) => hosts.map((host) => [...tuple, host])),
    [[]],
  );
  return tuples
    .filter((tuple) => new Set(tuple).size === tuple.length)
    .map((tuple) => stages.map((stage, index) => ({ ...stage, host: tuple[index] ?? stage.host })));
}

function sortBySize<W extends PhaseWitness>(witnesses: readonly W[]): readonly W[] {
  return [...witnesses].sort((a, b) => a.stages.length - b.stages.length);
}
