import type { HostStatus, JournalEntry, RunOutcome, RunProgram } from "#rollout/index.js";

/** A run that has ended or was left, as reports show it. */
export interface RunView {
  readonly runId: string;
  /** Where its journal lies; empty where the run never began. */
  readonly folder: string;
  readonly program: RunProgram;
  readonly outcome: RunOutcome;
  /** What was looked at before; empty for a run that was continued. */
  readonly checks: readonly CheckView[];
  /** The whole journal. */
  readonly entries: readonly JournalEntry[];
  /** What went otherwise than wanted and stopped nothing, such as a webhook that did not answer. */
  readonly notes: readonly string[];
}

/** One thing that was looked at before anything changed. */
export interface CheckView {
  readonly name: string;
  readonly outcome: "ok" | "warning" | "failed" | "skipped";
  readonly detail: string;
  readonly hint: string;
}

/** How a run stands. */
export interface RunStatusView {
  readonly runId: string;
  readonly folder: string;
  readonly program: RunProgram;
  readonly entries: readonly JournalEntry[];
  /** null: it has not ended. */
  readonly outcome: RunOutcome | null;
  /** The process that works on it, or null. */
  readonly controller: { readonly pid: number; readonly machine: string } | null;
  /** What hosts say now; empty where they were not asked. */
  readonly hosts: readonly HostNowView[];
}

/** A host as it answers now; where it does not, why. */
export interface HostNowView {
  readonly host: string;
  readonly status: HostStatus | null;
  readonly why: string;
}
