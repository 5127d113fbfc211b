import type { IPv4, Mac } from "#ip/index.js";
import type { Host, HostId, LinkName, Operation, Segment } from "#model/index.js";
import type { PlacedHelper } from "./helper-stage.js";

/** How much of the cluster stands still while the change runs; least disruptive first. */
export type Strategy = "live" | "rolling-stop" | "full-stop";

/** A flow: from a host to an address. */
export interface PlanFlow {
  readonly from: HostId;
  readonly to: IPv4;
  /** With packets as large as both ends send them; missing: with small ones. */
  readonly size?: "full";
}

/** One host's whole way: `stages[0]` is before, `stages[i]` is after `operations[i-1]`. */
export interface HostChange {
  readonly host: HostId;
  readonly operations: readonly Operation[];
  readonly stages: readonly Host[];
  /** The helper stages among them; missing where there are none. */
  readonly helpers?: readonly PlacedHelper[];
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

/** How a host came to the stages that it may be in, and where it goes on: caches remember what was. */
export interface StagedWay {
  /** Of the whole change: operation i, counted from 1, leads from stage i-1 to stage i. */
  readonly operations: readonly Operation[];
  /** The stages before those that it may be in now, oldest first. */
  readonly left: readonly Host[];
  /** The stage in which it began each phase so far, this one included; stages are numbered from 0 over the whole change. */
  readonly starts: readonly number[];
}

/** A host with stages, and the way to them where it moves at all. */
interface StagedHost {
  readonly id: HostId;
  readonly stages: readonly Host[];
  readonly way?: StagedWay;
}

/** What `plan` asks of the proof: all stages that each host may be in during one phase. */
export interface PhaseQuestion {
  readonly hosts: readonly StagedHost[];
  readonly segments: readonly Segment[];
  readonly demandOf: DemandOf;
  /** Hosts that move in this phase and hosts that do not are never alike to the demands. */
  readonly moving: ReadonlySet<HostId>;
  /** The same hosts with the stages of the whole change: what a witness says has to hold beyond this phase. */
  readonly whole: readonly StagedHost[];
}

/**
 * An entry that a host has in a cache still: it met the teacher, in that stage, in one of its own stages `learntIn` (both ends included), and
 * keeps it up to its stage `until`. Stages are numbered over the whole change.
 */
export interface PhaseMemory {
  readonly host: HostId;
  readonly learntIn: { readonly from: number; readonly to: number };
  readonly until: number;
  readonly of: HostId;
  readonly stage: number;
  readonly entry: MemoryEntry;
}

/** The address that a host has for a neighbour, or the next hop that a redirect gave it for a destination. */
export type MemoryEntry =
  | { readonly kind: "neighbour"; readonly link: LinkName; readonly ip: IPv4; readonly mac: Mac }
  | {
      readonly kind: "redirect";
      readonly link: LinkName;
      readonly gateway: IPv4;
      readonly destination: IPv4;
      readonly nextHop: IPv4;
    };

/** Stages are numbered within the question: 0 is the first stage that the phase allows. */
export interface PhaseWitness {
  readonly stages: readonly { readonly host: HostId; readonly stage: number }[];
  /** Without these entries of caches nothing is said. */
  readonly memories: readonly PhaseMemory[];
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
  | {
      readonly kind: "proved";
      readonly phases: readonly ProvedPhase<P>[];
      /** The changes that they are phases of, where flushes were added to those that were asked about. */
      readonly changes?: readonly HostChange[];
      readonly attempts: number;
    }
  /** No order of these operations avoids the witnesses. */
  | {
      readonly kind: "impossible";
      /** The witnesses that contradict each other: without any one of them there would be an order. */
      readonly core: readonly W[];
      /** All of them, those that contradict each other first. */
      readonly witnesses: readonly W[];
      readonly attempts: number;
    }
  | { readonly kind: "unknown"; readonly witness: W; readonly attempts: number }
  | {
      readonly kind: "gave-up";
      readonly why: string;
      /** What stood in the way of the proposals, the smallest first. */
      readonly witnesses: readonly W[];
      readonly attempts: number;
    };
