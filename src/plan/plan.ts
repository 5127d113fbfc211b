import type { IPv4 } from "#ip/index.js";
import type { Host, HostId, Operation, Segment } from "#model/index.js";

/** How much of the cluster stands still while the change runs; least disruptive first. */
export type Strategy = "live" | "rolling-stop" | "full-stop";

/** A flow: from a host to an address. */
export interface PlanFlow {
  readonly from: HostId;
  readonly to: IPv4;
}

/** One host's whole way: `stages[0]` is before, `stages[i]` is after `operations[i-1]`. */
export interface HostChange {
  readonly host: HostId;
  readonly operations: readonly Operation[];
  readonly stages: readonly Host[];
}

/** A step: in this phase the host goes from one stage to a later one. */
export interface Step {
  readonly host: HostId;
  readonly fromStage: number;
  readonly toStage: number;
}

/** Steps that may run in any order or at the same time. */
export interface Phase {
  readonly steps: readonly Step[];
}

/** Where a flow to an address of no host may leave the fleet: hosts, or `self` for the sender. */
export interface Exits {
  readonly exits: readonly (HostId | "self")[];
}

/** What must hold for a flow while a phase runs; `free` still forbids a loop, `any` forbids nothing; null: it is not looked at. */
export type DemandOf = (flow: PlanFlow) => "delivered" | "lost" | "free" | "any" | Exits | null;

/** What `plan` asks of the proof: all stages that each host may be in during one phase. */
export interface PhaseQuestion {
  readonly hosts: readonly { readonly id: HostId; readonly stages: readonly Host[] }[];
  readonly segments: readonly Segment[];
  readonly demandOf: DemandOf;
  /** Hosts that move in this phase and hosts that do not are never alike to the demands. */
  readonly moving: ReadonlySet<HostId>;
  /** The same hosts with the stages of the whole change: what a witness says has to hold beyond this phase. */
  readonly whole: readonly { readonly id: HostId; readonly stages: readonly Host[] }[];
}

/** Stages are numbered within the question: 0 is the first stage that the phase allows. */
export interface PhaseWitness {
  readonly stages: readonly { readonly host: HostId; readonly stage: number }[];
  /** Hosts that are in the stages of this phase and make the witness so: in other stages of theirs it may not hold. */
  readonly conditions: readonly HostId[];
  /** Hosts that cannot be told from those of the witness. */
  readonly alike: ReadonlyMap<HostId, readonly HostId[]>;
}

/** The answer of the proof, with whatever it says of a proved phase (`P`) and of a witness (`W`). */
export type PhaseAnswer<P, W extends PhaseWitness> =
  | { readonly kind: "proved"; readonly proof: P }
  | { readonly kind: "hazard"; readonly witness: W }
  | { readonly kind: "unknown"; readonly witness: W }
  | { readonly kind: "gave-up"; readonly why: string };

/** The proof, given to `plan` by its caller. */
export type Prove<P, W extends PhaseWitness> = (question: PhaseQuestion) => PhaseAnswer<P, W>;

/** A phase with what was proved of it. */
export interface ProvedPhase<P> extends Phase {
  readonly proof: P;
}

/** The outcome of the search for one strategy. */
export type Search<P, W extends PhaseWitness> =
  | { readonly kind: "proved"; readonly phases: readonly ProvedPhase<P>[]; readonly attempts: number }
  /** No order of these operations avoids the witnesses. */
  | { readonly kind: "impossible"; readonly witnesses: readonly W[]; readonly attempts: number }
  | { readonly kind: "unknown"; readonly witness: W; readonly attempts: number }
  | {
      readonly kind: "gave-up";
      readonly why: string;
      /** What stood in the way of the proposals, the smallest first. */
      readonly witnesses: readonly W[];
      readonly attempts: number;
    };
