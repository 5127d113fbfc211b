/**
 * The proof: every reachable state of a phase keeps the invariants, or here is the smallest witness that one does not.
 *
 * For: being read whole, by one person: it is the reason to trust a plan.
 * Not for: finding plans (`plan` gets `provePhase` as a parameter) or judging one state (`dataplane`).
 * Law: the answer equals that of brute force over all states and all choices of the kernel, flow by flow; what is not modelled
 * gives `unknown`, what is too large gives `gave-up`, and neither is ever `proved`.
 */
export type { WitnessInChange } from "./conditions.js";
export { findConditions } from "./conditions.js";
export type { Budget } from "./enumerate.js";
export type { Demand, Effort, PhaseProblem, PhaseProof, ProvedFlow, Witness } from "./phase.js";
export { provePhase } from "./prove-phase.js";
export type { Reach } from "./reach.js";
export { buildReach } from "./reach.js";
