import type { Finding } from "#checks/index.js";
import type { Verdict } from "#dataplane/index.js";
import type { HostId } from "#model/index.js";
import type { Witness } from "#prove/index.js";

/** A plan as reports show it: what a plan file says of itself. */
export interface PlanView {
  readonly fleet: string;
  readonly from: string;
  readonly to: string;
  readonly result: "proved" | "nothing-to-do";
  readonly strategy: string | null;
  readonly assumptions: readonly string[];
  readonly clusters: readonly ClusterView[];
  readonly hosts: readonly HostView[];
  /** Facts that hosts hold only while the change runs. */
  readonly helpers: readonly HelperView[];
  readonly phases: readonly PhaseView[];
  readonly digest: string;
}

/** A helper stage. */
export interface HelperView {
  readonly kind: string;
  readonly host: string;
  readonly why: string;
}

/** A cluster by its members. */
export interface ClusterView {
  readonly name: string;
  readonly servers: readonly string[];
  readonly agents: readonly string[];
}

/** How a host is reached and what keeps its configuration. */
export interface HostView {
  readonly name: string;
  readonly role: string;
  readonly os: string;
  readonly ssh: string | null;
}

/** One phase. */
export interface PhaseView {
  readonly steps: readonly StepView[];
  readonly gate: {
    readonly consecutive: number;
    readonly settleSeconds: number;
    readonly timeoutSeconds: number;
  };
  readonly proof: {
    readonly states: string;
    readonly flows: number;
    readonly classes: number;
    readonly walks: number;
  };
  readonly expected: readonly ExpectedFlowView[];
}

/** One host's step. */
export interface StepView {
  readonly host: string;
  readonly operations: readonly OperationView[];
  readonly revert: readonly string[];
}

/** One command; where it makes or unmakes a helper stage, the place of that in the plan's list. */
export interface OperationView {
  readonly command: string;
  readonly helper?: { readonly place: number; readonly does: "make" | "unmake" };
}

/** What the gate of a phase expects of a flow. */
export interface ExpectedFlowView {
  readonly from: string;
  readonly to: string;
  readonly count?: number | undefined;
  readonly during: readonly Verdict[];
  readonly after: readonly Verdict[];
}

/** Why there is no plan. */
export interface NoPlanView {
  readonly result: "refused" | "impossible" | "unknown" | "gave-up";
  readonly from: string;
  readonly to: string;
  readonly why: string;
  readonly findings: readonly Finding[];
  readonly flows: readonly FlowEndsView[];
  readonly tried: readonly TriedView[];
}

/** A flow at both ends of the change. */
export interface FlowEndsView {
  readonly from: HostId;
  readonly to: string;
  /** With full-size packets; missing: with small ones. */
  readonly size?: "full";
  readonly before: readonly Verdict[];
  readonly after: readonly Verdict[];
  /** Why an invariant of the fleet wants it otherwise, or null where it is the default one that breaks. */
  readonly why: string | null;
}

/** One strategy that was tried. */
export interface TriedView {
  readonly strategy: string;
  readonly outcome: string;
  readonly why: string | null;
  readonly witnesses: readonly WitnessView[];
  /** What was tried beyond the order of the steps; null where nothing had to be. */
  readonly helped: HelpedView | null;
}

/** What the search for helper stages looked at. */
export interface HelpedView {
  readonly kinds: readonly string[];
  /** Whole changes that were judged. */
  readonly sets: number;
  /** What was looked at in the states of witnesses. */
  readonly proposals: number;
  /** Whether something is left that was not tried. */
  readonly isCut: boolean;
}

/** A witness; where its stages are those of the whole change, each with the command that brought the host there. */
export interface WitnessView extends Witness {
  readonly stages: readonly {
    readonly host: HostId;
    readonly stage: number;
    readonly last?: string | null;
  }[];
}
