import type { FleetClasses, Flow, Hop, Recollection, StagedHost, Verdict } from "#dataplane/index.js";
import type { IPv4 } from "#ip/index.js";
import type { HostId, Segment } from "#model/index.js";

/**
 * What must hold for a flow in every state of a phase. `free` still forbids a loop; `any` forbids nothing. A flow to an address that no
 * host owns must end where it may leave the fleet: `exits` names those hosts, `self` being the sender.
 */
export type Demand = "delivered" | "lost" | "free" | "any" | { readonly exits: readonly (HostId | "self")[] };

/** One phase to prove: every host in any of its stages, independently of the others. */
export interface PhaseProblem {
  /** All hosts of the fleet; a host that does not change in this phase has one stage. What came before is in their ways: caches remember it. */
  readonly hosts: readonly StagedHost[];
  readonly segments: readonly Segment[];
  /** The demand on a flow of any host to any owned address (127.0.0.0/8 left out), or null where it is not looked at. */
  readonly demandOf: (flow: Flow) => Demand | null;
  /** Destinations that no host owns: one stands for all that the same prefixes hold. */
  readonly outside?: readonly IPv4[];
  /** Asks for the flows with full-size packets too: needed where MTUs differ. */
  readonly isSized?: boolean;
  /** What the demands tell apart beyond the hosts' own states: hosts of different labels are never taken for alike. */
  readonly labels: ReadonlyMap<HostId, string>;
  /**
   * Hosts that are alike, in these stages or in more, in the order of `hosts`; those of different labels are told apart all the same.
   * Missing: it is found out here.
   */
  readonly classes?: FleetClasses;
  /** How many walks may be made before the answer is `gave-up`. */
  readonly maxWalks: number;
}

/** A reachable state in which an invariant breaks: the smallest set of host stages, the flow and its walk. */
export interface Witness {
  /** Hosts whose stage matters; every other host may be in any stage. */
  readonly stages: readonly { readonly host: HostId; readonly stage: number }[];
  /** Entries of earlier stages that hosts still have in their caches; without them nothing is said. */
  readonly memories: readonly Recollection[];
  readonly flow: Flow;
  readonly demand: Demand;
  readonly verdict: Verdict;
  readonly path: readonly HostId[];
  readonly back: readonly HostId[];
  readonly hops: readonly Hop[];
  /** Hosts that the proof cannot tell from those of the witness, by its hosts: the same hazard exists among them. */
  readonly alike: ReadonlyMap<HostId, readonly HostId[]>;
}

/** What becomes of the flows of one kind (hosts of one shape fold into one class) over all states of the phase. */
export interface ProvedFlow {
  readonly flow: Flow;
  /** All verdicts over all states and all choices of the kernel, the worst last. */
  readonly verdicts: readonly Verdict[];
  /** How many flows this one stands for. */
  readonly count: number;
}

export type PhaseProof =
  | {
      readonly kind: "proved";
      readonly flows: readonly ProvedFlow[];
      /** What was proved of any flow of the phase, or null where it was not looked at. */
      readonly lookup: (flow: Flow) => ProvedFlow | null;
      readonly effort: Effort;
    }
  | { readonly kind: "hazard"; readonly witness: Witness; readonly effort: Effort }
  | { readonly kind: "unknown"; readonly witness: Witness; readonly effort: Effort }
  | { readonly kind: "gave-up"; readonly flow: Flow; readonly effort: Effort };

/** What the proof covers and what it took. */
export interface Effort {
  /** Number of states of the phase, in decimal: the product of the numbers of stages. */
  readonly states: string;
  readonly flows: number;
  readonly classes: number;
  readonly walks: number;
}
