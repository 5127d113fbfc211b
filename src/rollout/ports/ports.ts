import type { HostId } from "#model/index.js";
import type { Cell, CellReading } from "../cell.js";
import type { JournalEntry, NewJournalEntry } from "../journal/entry.js";
import type { RunEvent } from "../run-event.js";
import type { RunPhase } from "../run-program.js";
import type { HostReach } from "./host-session.js";

/** Time as a run knows it. Decisions use `monotonicMs` alone; `now` is for people. */
export interface Clock {
  /** ISO 8601, UTC. */
  readonly now: () => string;
  readonly monotonicMs: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** The append-only record of one run. */
export interface Journal {
  /** What is in it, whole and verified, oldest first. */
  readonly entries: () => readonly JournalEntry[];
  /** Resolves when the entry is on disk. Rejects when it cannot be: then nothing that it announces may be done. */
  readonly append: (entry: NewJournalEntry) => Promise<void>;
}

/** Measures cells from the hosts' own view. A cell that could not be measured is not a disagreement: it says so. */
export type MeasureCells = (cells: readonly Cell[]) => Promise<readonly CellReading[]>;

/** How the cluster is; `not-measured` is never taken for healthy. */
export type HealthReading =
  | { readonly kind: "healthy" }
  | { readonly kind: "unhealthy"; readonly what: readonly string[] }
  | { readonly kind: "not-measured"; readonly why: string };

/** What is asked of a cluster. `quorum`: etcd alone; `all`: etcd, nodes and pods as they were before; `logs`: what services said meanwhile. */
export type MeasureHealth = (aspect: "quorum" | "all" | "logs") => Promise<HealthReading>;

/** What the operator wants meanwhile, from this terminal or another one. */
export interface RunControl {
  /** `after-gate`: take back or finish what is begun, then stop; `leave`: stop at once, whatever is armed; `abort`: take everything back. */
  readonly wish: () => "go-on" | "after-gate" | "leave" | "abort";
  /** Asks before the next host where the policy pauses; false: stop here and take the phase back. */
  readonly mayGoOn: (next: HostId) => Promise<boolean>;
  /** Waits for the operator's own confirmation where the policy asks for it; false: it did not come in time. */
  readonly isConfirmed: (phase: RunPhase, withinMs: number) => Promise<boolean>;
}

/** Programs of the operator around each phase; `before` may refuse. */
export interface RunHooks {
  readonly before: (phase: RunPhase) => Promise<{ readonly ok: boolean; readonly why: string }>;
  readonly after: (phase: RunPhase, outcome: "confirmed" | "reverted") => Promise<void>;
}

/** What runs on the hosts. */
export interface HostProgram {
  readonly text: string;
  /** Of the text, in hex. */
  readonly sha256: string;
  /** The folder of a host in which the program and its state lie; missing: `/var/lib/pointsman` on each. */
  readonly folderOf?: (host: HostId) => string;
}

/** Everything that a run needs of the world. */
export interface RunPorts {
  readonly reach: HostReach;
  readonly journal: Journal;
  readonly measure: MeasureCells;
  readonly health: MeasureHealth;
  readonly clock: Clock;
  readonly control: RunControl;
  readonly hooks: RunHooks;
  /** Never throws and is never waited for: who listens too slowly loses events, not the run. */
  readonly emit: (event: RunEvent) => void;
  readonly hostProgram: HostProgram;
  /** Who runs this, for the journal; missing: not said. */
  readonly by?: string;
  /**
   * The text of a file to persist, by its SHA-256 in hex: the journal never holds texts, since configuration files hold secrets. Needed where
   * a run that was left has to arm a host anew; missing, or null for a text: such a host is not armed again, and its phase is taken back.
   */
  readonly persistText?: (sha256: string) => Promise<string | null>;
}
