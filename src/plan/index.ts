/**
 * From the difference of two snapshots to phases of steps: stages of each host, constraints, strategies.
 *
 * For: proposing the shortest safe way; every proposal is judged by a proof that the caller gives.
 * Not for: proving (`prove`), carrying out (`rollout`), or wording (`report`).
 * Law: what is not proved is never called safe; impossible, gave up and unknown are different answers.
 */
export type { HostRange, HostStage, Layering, Mover, Precedence } from "./constraints.js";
export type { FlowRating, Members, RateFlow, Turns } from "./demands.js";
export { buildDemands, buildEndDemands, checkQuorum, collectMembers } from "./demands.js";
export type { Difference } from "./difference.js";
export { findDifference } from "./difference.js";
export { peerInvariants, withPeers } from "./etcd-peers.js";
export type { HelperKind, HelperStage, OperationRange, PlacedHelper } from "./helper-stage.js";
export { HELPER_KINDS } from "./helper-stage.js";
export type {
  AskFlow,
  FlowDemand,
  FlowWalk,
  HelperEffort,
  HelperSearch,
  WalkedWitness,
} from "./helper-stage-search.js";
export type {
  DemandOf,
  Exits,
  HostChange,
  Phase,
  PhaseAnswer,
  PhaseQuestion,
  PhaseWitness,
  PlanFlow,
  Prove,
  ProvedPhase,
  Search,
  Step,
  Strategy,
} from "./plan.js";
export type { Changes, PlanProblem, Tried } from "./plan-change.js";
export { findChanges, planChange } from "./plan-change.js";
export { describeDifference } from "./sameness.js";
export { allowedStages, askEnd, wholeStages } from "./staging.js";
export type { JoinedWiring } from "./wiring.js";
export { isWiringHost, joinWiring, resolveWiring } from "./wiring.js";
export type { WiringPart } from "./wiring-hosts.js";
export { segmentOfLink, wiringPartOf } from "./wiring-hosts.js";
