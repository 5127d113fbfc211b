import type { HostId } from "#model/index.js";
import type { Fault } from "./fault.js";
import type { WatchedFlow } from "./flow-watch.js";

/** How the twin stood when nobody worked on it any more. */
export interface TwinState {
  /** Every host that has power: as before the plan, as the plan wants it, or some so and some so. */
  readonly whole: "old" | "new" | "neither";
  /** Hosts that are neither as before nor as the plan wants them, with what differs. */
  readonly strange: readonly { readonly host: HostId; readonly lines: readonly string[] }[];
  /** Hosts that could not be asked: they have no power. */
  readonly absent: readonly HostId[];
}

/** The longest gap of any watched flow, and how many echoes were lost over all of them. */
export interface WorstGap {
  readonly flow: WatchedFlow;
  readonly longestGapMs: number;
}

/** One run of the plan on the twin. */
export interface RehearsedRun {
  /** null: nothing was done to it. */
  readonly fault: Fault | null;
  /** Of the controller that carried it to its end. */
  readonly exitCode: number | null;
  /** Whether a second controller had to carry it on. */
  readonly wasResumed: boolean;
  readonly state: TwinState;
  /** null: no echo was lost. */
  readonly worst: WorstGap | null;
  readonly lostEchoes: number;
  readonly sentEchoes: number;
  /** From the fault, or from the beginning where there is none, until nobody worked on the twin any more. */
  readonly secondsToWhole: number;
  /** Whether the fleet is whole, and as the exit code says. */
  readonly isAsPromised: boolean;
  /** What the controller said last, where it is not as promised; empty otherwise. */
  readonly said: string;
}

/** All runs of a plan on its twin; the clean one first. */
export interface Rehearsal {
  readonly planDigest: string;
  readonly hosts: number;
  readonly runs: readonly RehearsedRun[];
}

/** Faults that are there until the run has ended. */
const LASTING: ReadonlySet<Fault["kind"]> = new Set([
  "host-dies",
  "host-hangs",
  "link-cut",
  "link-cut-in",
  "link-cut-out",
  "loss",
]);

const DONE = 0;
const ROLLED_BACK = 4;
const INCOMPLETE = 5;
const UNKNOWN = 8;
const REFUSED = 3;

/**
 * Whether a run kept the promise: done means all new; everything else means all old, whoever took it back. Where a host has no power or a
 * fault lasts, the outcome may be unknown or the rollback incomplete, for nobody can measure that the network is as before: every host that
 * has power is old all the same.
 */
export function isAsPromised(
  exitCode: number | null,
  { whole, absent }: TwinState,
  fault: Fault | null,
): boolean {
  switch (exitCode) {
    case DONE:
      return whole === "new" && absent.length === 0;
    case ROLLED_BACK:
    case REFUSED:
      return whole === "old";
    case INCOMPLETE:
    case UNKNOWN:
      return whole === "old" && (absent.length > 0 || (fault !== null && LASTING.has(fault.kind)));
    default:
      return false;
  }
}
