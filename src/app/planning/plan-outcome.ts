import type { Finding } from "#checks/index.js";
import type { Verdict } from "#dataplane/index.js";
import type { HostId, Snapshot } from "#model/index.js";
import type { HelperEffort, HostChange, PlacedHelper, ProvedPhase, Strategy } from "#plan/index.js";
import type { Effort } from "#prove/index.js";
import type { PlanWitness, ProvedPhaseProof } from "./proof.js";

/** What was tried for one strategy, without the phases. */
export interface TriedStrategy {
  readonly strategy: Strategy;
  readonly outcome: "proved" | "refused" | "impossible" | "unknown" | "gave-up";
  /** Why it was refused or given up, or null. */
  readonly why: string | null;
  /** The witnesses that no order avoids, the smallest first. */
  readonly witnesses: readonly PlanWitness[];
  /** What was tried beyond the order of the steps; null where nothing had to be. */
  readonly helped: HelperEffort | null;
}

/** Everything that a change is made of, before it is asked whether it is safe. */
export interface Change {
  readonly before: Snapshot;
  readonly after: Snapshot;
  readonly changes: readonly HostChange[];
}

/** What can be expected of a flow during a phase and when it is over. */
export interface ExpectedFlow {
  readonly from: HostId;
  readonly to: string;
  /** How many flows this one stands for: more than one where hosts are alike and the fleet is large. */
  readonly count: number;
  readonly during: readonly Verdict[];
  readonly after: readonly Verdict[];
}

/** A proved phase with what its gate expects. */
export interface PlannedPhase extends ProvedPhase<ProvedPhaseProof> {
  readonly expected: readonly ExpectedFlow[];
  readonly effort: Effort;
}

/** A flow that works before the change and not after it, though nobody said that it may end. */
export interface BrokenFlow {
  readonly from: HostId;
  readonly to: string;
  /** With full-size packets; missing: with small ones. */
  readonly size?: "full";
  readonly before: readonly Verdict[];
  readonly after: readonly Verdict[];
  /** The reason of the invariant that speaks of it, or null where it is the default one. */
  readonly why: string | null;
}

/** The answer of `plan`. Only `proved` and `nothing-to-do` are plans. */
export type PlanOutcome =
  | { readonly kind: "nothing-to-do" }
  | {
      readonly kind: "proved";
      readonly change: Change;
      readonly strategy: Strategy;
      readonly phases: readonly PlannedPhase[];
      /** Facts that hosts hold only while the change runs; none where the order of the steps is enough. */
      readonly helpers: readonly PlacedHelper[];
      readonly tried: readonly TriedStrategy[];
    }
  /** A check, the kernel or the default invariant says no to the target itself. */
  | {
      readonly kind: "refused";
      readonly why: string;
      readonly findings: readonly Finding[];
      readonly broken: readonly BrokenFlow[];
    }
  | { readonly kind: "impossible"; readonly change: Change; readonly tried: readonly TriedStrategy[] }
  | {
      readonly kind: "unknown";
      readonly why: string;
      readonly flows: readonly BrokenFlow[];
      readonly tried: readonly TriedStrategy[];
    }
  | { readonly kind: "gave-up"; readonly tried: readonly TriedStrategy[] };
