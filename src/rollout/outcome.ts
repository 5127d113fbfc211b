import type { HostId } from "#model/index.js";

/** How a run ended, or was left. */
export type RunOutcome =
  | { readonly kind: "done" }
  /** Every changed host is as it was before the first phase, and that was measured. */
  | { readonly kind: "rolled-back"; readonly why: string }
  /** Phases before the failed one stay, by policy; `phases` of them are confirmed. */
  | { readonly kind: "kept"; readonly phases: number; readonly why: string }
  /** A person is needed on these hosts. */
  | { readonly kind: "rollback-incomplete"; readonly why: string; readonly hosts: readonly HostId[] }
  /** These hosts do not answer; what they have armed fires by itself. */
  | { readonly kind: "unknown"; readonly why: string; readonly hosts: readonly HostId[] }
  /** Nothing was changed. */
  | { readonly kind: "refused"; readonly why: string; readonly hint: string }
  /** Another run has the fleet or one of its hosts. */
  | { readonly kind: "locked"; readonly by: string }
  /** The operator left; `armed` dead-men fire by themselves. */
  | {
      readonly kind: "left";
      readonly armed: readonly { readonly host: HostId; readonly secondsLeft: number }[];
    };
