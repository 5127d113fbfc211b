import type { HostId, Segment } from "#model/index.js";
import type { PhaseAnswer, PhaseQuestion, Prove } from "#plan/index.js";
import { type PhaseProof, provePhase, type Witness } from "#prove/index.js";

/** A phase that was proved. */
export type ProvedPhaseProof = Extract<PhaseProof, { readonly kind: "proved" }>;

/** Walks for one phase; at some microseconds each, a minute or two. */
export const MAX_WALKS = 20_000_000;

/** The proof in the form in which `plan` asks for it. */
export function buildProve(
  labels: ReadonlyMap<HostId, string>,
  maxWalks = MAX_WALKS,
): Prove<ProvedPhaseProof, Witness> {
  return (question) => answer(question, labels, maxWalks);
}

function answer(
  { hosts, segments, demandOf, moving }: PhaseQuestion & { readonly segments: readonly Segment[] },
  labels: ReadonlyMap<HostId, string>,
  maxWalks: number,
): PhaseAnswer<ProvedPhaseProof, Witness> {
  const moved = new Map(
    [...labels].map(([host, label]) => [host, `${label} ${moving.has(host) ? "moves" : "stays"}`]),
  );
  const proof = provePhase({ hosts, segments, demandOf, labels: moved, maxWalks });
  switch (proof.kind) {
    case "proved":
      return { kind: "proved", proof };
    case "hazard":
      return { kind: "hazard", witness: proof.witness };
    case "unknown":
      return { kind: "unknown", witness: proof.witness };
    case "gave-up":
      return { kind: "gave-up", why: `the proof of one phase took more than ${maxWalks} walks` };
  }
}
