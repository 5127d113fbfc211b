import type { Cluster, Fleet, HostId, Result } from "#model/index.js";
import type { SessionOf } from "#probe/index.js";
import type { HostReach, HostStatus, MeasureCells, RunProgram } from "#rollout/index.js";

/** What one look before a run came to. A `warning` does not stop it; `failed` does, unless the operator skips the check by its name. */
export interface PreflightCheck {
  /** Letters and `-`; what `--skip-check` takes. */
  readonly name: string;
  readonly outcome: "ok" | "warning" | "failed" | "skipped";
  /** What was expected and what was found, or what is well. */
  readonly detail: string;
  /** What to do next; empty where all is well. */
  readonly hint: string;
}

/** What is wanted of a check: nothing, that it warns, or that it stops the run. */
export type Strictness = "warning" | "failed";

/** Everything that is looked at before a run. */
export interface PreflightContext {
  readonly program: RunProgram;
  /** null: only the plan file is known; what only the fleet file says is skipped. */
  readonly fleet: Fleet | null;
  readonly clusters: readonly Cluster[];
  readonly reach: HostReach;
  readonly sessionOf: SessionOf;
  /** The host program's own `status`, installed where it was not; the error says in words why there is none. */
  readonly statusOf: (host: HostId) => Promise<Result<HostStatus, string>>;
  readonly measure: MeasureCells;
  /** A folder on this machine with the new configuration; null: a git revision, or nothing is written. */
  readonly configurationFolder: string | null;
  /** How a configuration that is not committed counts. */
  readonly uncommitted: Strictness;
  /** Milliseconds since 1970 of this machine. */
  readonly nowMs: () => number;
  /** Names of checks that the operator does not want. */
  readonly skipped: readonly string[];
}

/** One check: its name and how it looks. It never throws and always ends. */
export interface Check {
  readonly name: string;
  readonly look: (context: PreflightContext) => Promise<readonly Finding[]>;
}

/** What a check found on one host, or at all; those of a check are told together, the worst first. */
export interface Finding {
  readonly outcome: "ok" | "warning" | "failed" | "skipped";
  readonly detail: string;
  readonly hint: string;
}
