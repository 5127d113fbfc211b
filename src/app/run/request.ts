import type { HostId } from "#model/index.js";
import type {
  Clock,
  HostStatus,
  Journal,
  JournalEntry,
  RunControl,
  RunEvent,
  RunOutcome,
  RunPolicy,
  RunProgram,
} from "#rollout/index.js";
import type { OpenedHosts } from "./opened-hosts.js";

/** How the hosts are reached, in words that can be noted. */
export type NamedReach =
  /** The system's OpenSSH, with `configFile` for `ssh -F`, or the user's own configuration. */
  | { readonly kind: "ssh"; readonly configFile: string | null }
  /** The consoles of a lab of this machine. */
  | { readonly kind: "lab"; readonly name: string };

/** How the hosts are reached: in one of the ways that Pointsman opens, or in the caller's own. Those stay open; the caller closes them. */
export type RunReach = NamedReach | { readonly kind: "open"; readonly hosts: OpenedHosts };

/** Programs of the operator around each phase, by words; null: none. */
export interface HookWords {
  readonly before: readonly [string, ...string[]] | null;
  readonly after: readonly [string, ...string[]] | null;
}

/** One thing that was looked at before anything changes. `warning` and `skipped` do not stop a run. */
export interface CheckResult {
  readonly name: string;
  readonly outcome: "ok" | "warning" | "failed" | "skipped";
  readonly detail: string;
  readonly hint: string;
}

/** What every verb that moves a run needs of its surroundings. */
export interface RunSurroundings {
  /** Where runs, journals and locks are kept, by fleet. */
  readonly stateFolder: string;
  readonly hooks: HookWords;
  /** Told of the beginning and the end; null: nobody. Not kept: a webhook's address often is its secret. */
  readonly webhook: string | null;
  /** The terminal's wishes; those from other terminals (`requestAbort`, `requestConfirm`) are heard beside them. */
  readonly control: RunControl;
  readonly emit: (event: RunEvent) => void;
  readonly clock: Clock;
  /** Of the program. */
  readonly version: string;
  /** Opens the journal of a run folder; missing: a file that is on disk before `append` resolves. */
  readonly openJournal?: OpenJournal;
}

/** `fresh`: a new run begins; its journal must not be there yet. */
export type OpenJournal = (folder: string, use: "fresh" | "continue") => Promise<Journal>;

/** What `apply` is asked to do. */
export interface ApplyRequest extends RunSurroundings {
  readonly planPath: string;
  /** `pointsman.yaml`, for ssh destinations and the clusters' details; null: what the plan file says of its hosts. */
  readonly fleetPath: string | null;
  readonly reach: RunReach;
  /** Only what differs from `DEFAULT_POLICY`. A given deadline that is too short is refused. */
  readonly policy: Partial<RunPolicy>;
  /** Where the new configuration files lie: a folder or `git:REVISION`; null: the tree that the plan was made for. */
  readonly configuration: string | null;
  /** Store paths of NixOS systems that are on their hosts already, by host. */
  readonly systems: ReadonlyMap<string, string>;
  readonly skippedChecks: readonly string[];
  /** A maintenance window such as `Sat 22:00-23:30`: the run must end before it does; null: any time. */
  readonly window: string | null;
  /** Asked once, when all is found well and before anything changes; missing: the run begins. */
  readonly mayBegin?: (program: RunProgram, checks: readonly CheckResult[]) => Promise<boolean>;
}

/** One run of those that a state folder has. */
export interface RunSelection {
  readonly stateFolder: string;
  /** Names the fleet; null: of all fleets of the state folder. */
  readonly fleetPath: string | null;
  /** null: the last one that began. */
  readonly run: string | null;
}

/** What `resume` and `rollback` are asked to do. */
export interface ContinueRequest extends RunSurroundings, RunSelection {
  /** null: as the run was started. */
  readonly reach: RunReach | null;
  /** Cuts a last line that was not written to its end off the journal. */
  readonly repairsJournal: boolean;
}

/** What `status` is asked. */
export interface StatusRequest extends RunSelection {
  /** null: as the run was started. */
  readonly reach: RunReach | null;
  /** Whether the hosts themselves are asked; else only the journal is read. */
  readonly asksHosts: boolean;
}

/** What became of a run. */
export interface RunReport {
  readonly runId: string;
  /** Where its journal lies; empty where the run did not begin. */
  readonly folder: string;
  readonly outcome: RunOutcome;
  readonly program: RunProgram;
  /** What was looked at before; empty for a run that was continued. */
  readonly checks: readonly CheckResult[];
  /** The whole journal. */
  readonly entries: readonly JournalEntry[];
  /** What went otherwise than wanted and stopped nothing, such as a webhook that did not answer. */
  readonly notes: readonly string[];
}

/** How a run stands. */
export interface RunStatus {
  readonly runId: string;
  readonly folder: string;
  readonly program: RunProgram;
  readonly entries: readonly JournalEntry[];
  /** How it ended; null: it has not, whether a controller works on it or not. */
  readonly outcome: RunOutcome | null;
  /** The process that works on it now, or null. */
  readonly controller: { readonly pid: number; readonly machine: string } | null;
  /** What hosts say now; empty where they were not asked. */
  readonly hosts: readonly HostNow[];
}

/** A host as it answers now. */
export interface HostNow {
  readonly host: HostId;
  /** null: it does not answer. */
  readonly status: HostStatus | null;
  /** Why it does not answer; empty otherwise. */
  readonly why: string;
}

/** A wish that was left for a run. */
export interface LeftWish {
  readonly runId: string;
  readonly folder: string;
  /** Whether a controller is there to hear it. */
  readonly isHeard: boolean;
}
