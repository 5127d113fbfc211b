import type { HostId } from "#model/index.js";
import type { RecordState } from "./host-record.js";
import type { HostVerb, JournalEntry } from "./journal/entry.js";
import type { RunOutcome } from "./outcome.js";
import { isFinal } from "./resume.js";
import { type HostWords, type Said, type Standing, whereItStood } from "./where-it-stood.js";

/** A run in short, by its journal alone. */
export interface RunSummary {
  readonly runId: string;
  readonly fleet: string;
  readonly planDigest: string;
  /** ISO 8601, UTC. */
  readonly begun: string;
  /** Of the last entry. */
  readonly last: string;
  /** The last phase that was begun, 0 before the first, and how many there are. */
  readonly phase: number;
  readonly phases: number;
  readonly decision: "confirm" | "take-back" | null;
  /** By the journal: `unknown` where an intent has no result, or the host did not answer. */
  readonly hosts: readonly {
    readonly host: HostId;
    readonly record: string | null;
    readonly state: RecordState | "idle" | "unknown";
  }[];
  /** How it ended; null: it has not. */
  readonly ended: RunOutcome | null;
  /** Whether `resume` has something to do. */
  readonly canResume: boolean;
}

/** Sums a verified journal up; null where it has no beginning. Asks no host: what they say now may be another thing. */
export function statusOf(entries: readonly JournalEntry[]): RunSummary | null {
  const standing = whereItStood(entries);
  const [first] = entries;
  const last = entries.at(-1);
  if (standing === null || first === undefined || last === undefined) return null;
  const { program, phases, ended } = standing;
  const phase = Math.max(0, ...phases.keys());
  return {
    runId: program.runId,
    fleet: program.fleet,
    planDigest: program.planDigest,
    begun: first.time,
    last: last.time,
    phase,
    phases: program.phases.length,
    decision: phases.get(phase)?.decision ?? null,
    hosts: program.hosts.map((host) => hostIn(standing, host)),
    ended,
    canResume: !isFinal(ended),
  };
}

function hostIn(standing: Standing, host: HostId): RunSummary["hosts"][number] {
  const record = standing.records.findLast(({ phase, hosts }) => phase !== null && hosts.has(host));
  const words = record?.hosts.get(host);
  return words === undefined || record === undefined
    ? { host, record: null, state: "idle" }
    : { host, record: record.id, state: stateOf(words) };
}

/** The last verb that was said decides, since each stands for a later state than the one before it. */
const LATEST_FIRST: readonly (readonly [HostVerb, RecordState | "idle"])[] = [
  ["release", "idle"],
  ["revert", "reverted"],
  ["confirm", "confirmed"],
  ["switch", "switched"],
  ["arm", "armed"],
];

function stateOf(words: HostWords): RecordState | "idle" | "unknown" {
  for (const [verb, state] of LATEST_FIRST) {
    const said = words.get(verb);
    if (said === undefined || isWithoutEffect(said)) continue;
    return said === "done" ? state : said === "failed" ? "failed" : "unknown";
  }
  return "idle";
}

function isWithoutEffect(said: Said): boolean {
  return said === "refused" || said === "unreachable";
}
