import type { Host, HostId, Segment } from "#model/index.js";
import { findDifference, type PhaseAnswer, type PhaseQuestion, type Prove } from "#plan/index.js";
import { findConditions, type PhaseProof, provePhase, type Witness } from "#prove/index.js";
import { renderStep } from "../plan-file/render-step.js";
import { classesOfPhase } from "./phase-classes.js";
import type { RatedChange } from "./rate-flows.js";

/** A phase that was proved. */
export type ProvedPhaseProof = Extract<PhaseProof, { readonly kind: "proved" }>;

/** A witness with what has to hold besides for it to be one in other phases of the change too. */
export interface PlanWitness extends Witness {
  readonly conditions: readonly HostId[];
  readonly stages: readonly WitnessStage[];
  /** One state of the whole fleet in which the witness holds. */
  readonly state: () => WitnessState;
}

/** A host in a stage; `last` is the command that brought it there, where the stages are those of the whole change. */
interface WitnessStage {
  readonly host: HostId;
  readonly stage: number;
  readonly last?: string | null;
}

/** Every host in a stage that makes the witness hold, with the stages that came before it in the change, the first one first. */
export interface WitnessState {
  readonly histories: ReadonlyMap<HostId, readonly Host[]>;
  readonly segments: readonly Segment[];
}

/** How many walks may be made, at some ten microseconds each: so that a search ends, with an answer that says so. */
export interface WalkBudget {
  readonly perPhase: number;
  /** For all that is still to be proved. */
  left: number;
}

/** A minute or so for one phase, and a few for a plan with all that is tried for it. */
export function newWalkBudget(): WalkBudget {
  return { perPhase: 5_000_000, left: 15_000_000 };
}

/** The proof in the form in which `plan` asks for it. */
export function buildProve(
  rated: Pick<RatedChange, "labels" | "outside" | "isSized" | "alike">,
  budget = newWalkBudget(),
): Prove<ProvedPhaseProof, PlanWitness> {
  return (question) => answer(question, rated, budget);
}

const TOO_MANY = "the proofs of its phases took too many walks";

function answer(
  { hosts, segments, demandOf, moving, whole }: PhaseQuestion,
  { labels, outside, isSized, alike }: Pick<RatedChange, "labels" | "outside" | "isSized" | "alike">,
  budget: WalkBudget,
): PhaseAnswer<ProvedPhaseProof, PlanWitness> {
  const moved = new Map(
    [...labels].map(([host, label]) => [host, `${label} ${moving.has(host) ? "moves" : "stays"}`]),
  );
  if (budget.left <= 0) return { kind: "gave-up", why: TOO_MANY };
  const classes = classesOfPhase(alike, hosts);
  const proof = provePhase({
    hosts,
    segments,
    demandOf,
    outside,
    isSized,
    labels: moved,
    ...(classes === null ? {} : { classes }),
    maxWalks: Math.min(budget.perPhase, budget.left),
  });
  budget.left -= proof.effort.walks;
  const inChange = (witness: Witness, conditions: readonly HostId[]): PlanWitness => ({
    ...witness,
    conditions,
    state: () => ({ histories: historiesOf({ hosts, whole }, witness), segments }),
  });
  const condition = (witness: Witness): readonly HostId[] =>
    findConditions({ phase: hosts, whole, segments, witness });
  switch (proof.kind) {
    case "proved":
      return { kind: "proved", proof };
    case "hazard":
      return { kind: "hazard", witness: inChange(proof.witness, condition(proof.witness)) };
    case "unknown":
      return { kind: "unknown", witness: inChange(proof.witness, []) };
    case "gave-up":
      return { kind: "gave-up", why: TOO_MANY };
  }
}

/** The witness with its stages, and those of the hosts that have to stand where they stand, numbered within the whole change. */
export function inWholeChange(witness: PlanWitness): PlanWitness {
  const { histories } = witness.state();
  const named = new Set([...witness.stages.map(({ host }) => host), ...witness.conditions]);
  const stages = [...named].map((host) => {
    const history = histories.get(host) ?? [];
    return { host, stage: Math.max(0, history.length - 1), last: lastCommand(history) };
  });
  return { ...witness, stages };
}

/** The command that brought a host to the end of its history, or null where it has not begun. */
function lastCommand(history: readonly Host[]): string | null {
  const [previous, last] = history.slice(-2);
  if (previous === undefined || last === undefined) return null;
  const step = findDifference(previous, last);
  const operation = step.kind === "found" ? step.operations.at(-1) : undefined;
  return operation === undefined ? null : renderStep(last.id, operation);
}

/** Hosts that the witness does not name are as the phase finds them. */
function historiesOf(
  { hosts, whole }: Pick<PhaseQuestion, "hosts" | "whole">,
  witness: Witness,
): ReadonlyMap<HostId, readonly Host[]> {
  const named = new Map(witness.stages.map(({ host, stage }) => [host, stage]));
  return new Map(
    hosts.map(({ id, stages, way }, index) => {
      const all = [...(whole[index]?.way?.left ?? []), ...(whole[index]?.stages ?? stages)];
      const first = way?.left.length ?? 0;
      return [id, all.slice(0, first + (named.get(id) ?? 0) + 1)];
    }),
  );
}
