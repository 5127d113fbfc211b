import type { HostId } from "#model/index.js";
import type { PhaseAnswer, PhaseQuestion, Prove } from "#plan/index.js";
import { findConditions, type PhaseProof, provePhase, type Witness } from "#prove/index.js";

import type { RatedChange } from "./rate-flows.js";

/** A phase that was proved. */
export type ProvedPhaseProof = Extract<PhaseProof, { readonly kind: "proved" }>;

/** A witness with what has to hold besides for it to be one in other phases of the change too. */
export interface PlanWitness extends Witness {
  readonly conditions: readonly HostId[];
}

/** Walks for one phase; at some microseconds each, a minute or two. */
const MAX_WALKS = 20_000_000;

/** The proof in the form in which `plan` asks for it. */
export function buildProve(
  rated: Pick<RatedChange, "labels" | "outside">,
  maxWalks = MAX_WALKS,
): Prove<ProvedPhaseProof, PlanWitness> {
  return (question) => answer(question, rated, maxWalks);
}

function answer(
  { hosts, segments, demandOf, moving, whole }: PhaseQuestion,
  { labels, outside }: Pick<RatedChange, "labels" | "outside">,
  maxWalks: number,
): PhaseAnswer<ProvedPhaseProof, PlanWitness> {
  const moved = new Map(
    [...labels].map(([host, label]) => [host, `${label} ${moving.has(host) ? "moves" : "stays"}`]),
  );
  const proof = provePhase({ hosts, segments, demandOf, outside, labels: moved, maxWalks });
  const condition = (witness: Witness): readonly HostId[] =>
    findConditions({ phase: hosts, whole, segments, witness });
  switch (proof.kind) {
    case "proved":
      return { kind: "proved", proof };
    case "hazard":
      return { kind: "hazard", witness: { ...proof.witness, conditions: condition(proof.witness) } };
    case "unknown":
      return { kind: "unknown", witness: { ...proof.witness, conditions: [] } };
    case "gave-up":
      return { kind: "gave-up", why: `the proof of one phase took more than ${maxWalks} walks` };
  }
}
