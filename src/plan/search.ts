import type { HostId, Segment } from "#model/index.js";
import { type HostRange, type Layering, type Mover, type Precedence, solve } from "./constraints.js";
import { findContradiction, type Lesson } from "./contradiction.js";
import { learn } from "./learn.js";
import type { DemandOf, Phase, PhaseWitness, Prove, ProvedPhase, Search, Step } from "./plan.js";
import { allowedRanges, allowedStages, askEnd, type Staging, wholeStages } from "./staging.js";

/** One change to find phases for. */
export interface SearchProblem<P, W extends PhaseWitness> extends Staging {
  readonly segments: readonly Segment[];
  /** What must hold in a phase, given the hosts that move in it. */
  readonly demands: (moving: ReadonlySet<HostId>) => DemandOf;
  /** Clauses that hold whatever the proof says (one host at a time, for instance). */
  readonly given: readonly (readonly Precedence[])[];
  /** Phases that these clauses need at least. */
  readonly minPhases: number;
  readonly prove: Prove<P, W>;
  /** What must hold when all phases are over, whatever caches remember; null where more is to come. */
  readonly atEnd: DemandOf | null;
}

const MAX_ATTEMPTS = 200;
/** Beyond those that are known to be needed. */
const MAX_PHASES = 64;
const MAX_STEPS = 20_000;

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
  const lessons: Lesson<W, readonly Precedence[]>[] = [];
  const witnesses: W[] = [];
  for (let attempts = 1; attempts <= MAX_ATTEMPTS; attempts += 1) {
    const layering = solve({
      movers,
      clauses,
      minPhases,
      maxPhases: minPhases + MAX_PHASES,
      maxSteps: MAX_STEPS,
    });
    if (
      layering === "impossible" &&
      countOperations(movers) > minPhases + MAX_PHASES &&
      canOrder(problem, movers, clauses)
    )
      return giveUp(`more than ${minPhases + MAX_PHASES} phases would be needed`, witnesses, attempts);
    if (layering === "impossible") {
      const core = sortBySize(findContradiction(lessons, (some) => canOrder(problem, movers, some)));
      const rest = sortBySize(witnesses.filter((witness) => !core.includes(witness)));
      return { kind: "impossible", core, witnesses: [...core, ...rest], attempts };
    }
    if (layering === "gave-up") return giveUp("the constraints were too many to solve", witnesses, attempts);
    const judged = provePhases(problem, phasesOf(movers, layering));
    if (judged.kind === "proved") return { ...judged, attempts };
    if (judged.kind === "unknown") return { ...judged, attempts };
    if (judged.kind === "gave-up") return giveUp(judged.why, witnesses, attempts);
    witnesses.push(judged.witness);
    const lesson = { witness: judged.witness, clauses: learn(problem, judged) };
    lessons.push(lesson);
    clauses.push(...lesson.clauses);
  }
  return giveUp(`no proved plan after ${MAX_ATTEMPTS} proposals`, witnesses, MAX_ATTEMPTS);
}

/** Much less than the search itself may take: what cannot be told in that counts as yes. */
const MAX_CORE_STEPS = 2_000;

function canOrder<P, W extends PhaseWitness>(
  { given, minPhases }: SearchProblem<P, W>,
  movers: readonly Mover[],
  clauses: readonly (readonly Precedence[])[],
): boolean {
  const maxPhases = Math.max(minPhases, countOperations(movers));
  const all = [...given, ...clauses];
  return (
    solve({ movers, clauses: all, minPhases: maxPhases, maxPhases, maxSteps: MAX_CORE_STEPS }) !==
    "impossible"
  );
}

/** One operation in each phase: more phases than that are never needed. */
function countOperations(movers: readonly Mover[]): number {
  return movers.reduce((sum, mover) => sum + mover.operations, 0);
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
  const end = judgeEnd(problem, phases);
  return end ?? { kind: "proved", phases: proved };
}

/** The state in which everything is done: caches may still remember what was before. null where it is good. */
function judgeEnd<P, W extends PhaseWitness>(
  problem: SearchProblem<P, W>,
  phases: readonly Phase[],
): Exclude<Judged<P, W>, { readonly kind: "proved" }> | null {
  if (problem.atEnd === null) return null;
  const answer = problem.prove(askEnd(problem, phases, problem.atEnd));
  if (answer.kind === "proved") return null;
  const ranges = allowedRanges(problem, phases, phases.length);
  return answer.kind === "hazard" ? { kind: "hazard", witness: answer.witness, ranges } : answer;
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

function sortBySize<W extends PhaseWitness>(witnesses: readonly W[]): readonly W[] {
  return [...witnesses].sort((a, b) => a.stages.length - b.stages.length);
}
