import type { HostId } from "#model/index.js";
import type { HostVerb, JournalEntry } from "./journal/entry.js";
import type { RunOutcome } from "./outcome.js";
import { placeOf } from "./record-id.js";
import type { RunProgram } from "./run-program.js";

/** What the journal knows of one request to one host: `sent` is an intent without its result. */
export type Said = "sent" | Extract<JournalEntry, { kind: "result" }>["hosts"][number]["result"];

/** The last word on each verb. */
export type HostWords = ReadonlyMap<HostVerb, Said>;

/** One record, on all hosts that it was announced for. */
export interface RecordStanding {
  readonly id: string;
  /** null: stopped services. */
  readonly phase: number | null;
  readonly attempt: number;
  readonly hosts: ReadonlyMap<HostId, HostWords>;
  /** Whether the last decision to confirm its phase came after it was armed: then it may be confirmed without another gate. */
  readonly isCovered: boolean;
}

/** How one phase stands. */
export interface PhaseStanding {
  readonly number: number;
  /** The last one that still counts: hosts that were armed anew after a take-back begin anew. */
  readonly decision: "confirm" | "take-back" | null;
  readonly why: string;
  /** Whether the last gate of the undecided phase was not passed. */
  readonly hasFailedGate: boolean;
}

/** How a run stands by its journal alone. */
export interface Standing {
  readonly program: RunProgram;
  /** In the order in which they were announced. */
  readonly records: readonly RecordStanding[];
  /** Those that were begun, by number. */
  readonly phases: ReadonlyMap<number, PhaseStanding>;
  readonly claims: ReadonlyMap<HostId, HostWords>;
  /** By what was noted; the last one of each counts. */
  readonly notes: ReadonlyMap<string, string>;
  /** How it ended, if nothing followed that end. */
  readonly ended: RunOutcome | null;
}

/** That everything is to be taken back, whatever the policy says of confirmed phases. */
export const TAKE_ALL_BACK = "take-all-back";

interface Growing {
  readonly program: RunProgram;
  readonly records: Map<string, RecordStanding & { readonly hosts: Map<HostId, Map<HostVerb, Said>> }>;
  readonly phases: Map<number, PhaseStanding>;
  readonly claims: Map<HostId, Map<HostVerb, Said>>;
  readonly notes: Map<string, string>;
  ended: RunOutcome | null;
}

/** Reads from a verified journal how its run stood when the last entry was written; null where it has no beginning. */
export function whereItStood(entries: readonly JournalEntry[]): Standing | null {
  const [begin] = entries;
  if (begin?.kind !== "begin") return null;
  const growing: Growing = {
    program: begin.program,
    records: new Map(),
    phases: new Map(),
    claims: new Map(),
    notes: new Map(),
    ended: null,
  };
  for (const entry of entries) take(growing, entry);
  return { ...growing, records: [...growing.records.values()] };
}

function take(growing: Growing, entry: JournalEntry): void {
  if (entry.kind !== "resume") growing.ended = null;
  switch (entry.kind) {
    case "begin":
    case "resume":
      return;
    case "intent":
      for (const host of entry.hosts) say(growing, entry, { host, said: "sent" });
      return;
    case "result":
      for (const { host, result } of entry.hosts) say(growing, entry, { host, said: result });
      return;
    case "decision":
      decide(growing, entry);
      return;
    case "gate":
      passOrFail(growing, entry);
      return;
    case "note":
      growing.notes.set(entry.what, entry.detail);
      return;
    case "end":
      growing.ended = entry.outcome;
  }
}

interface Saying {
  readonly verb: HostVerb;
  readonly record: string;
}

function say(
  growing: Growing,
  { verb, record }: Saying,
  { host, said }: { readonly host: HostId; readonly said: Said },
): void {
  if (verb === "flush") return;
  const hosts =
    verb === "claim" || verb === "unclaim" ? growing.claims : recordIn(growing, { verb, record })?.hosts;
  const words = hosts?.get(host) ?? new Map<HostVerb, Said>();
  if (verb === "claim") words.delete("unclaim");
  hosts?.set(host, words.set(verb, said));
}

function recordIn(
  growing: Growing,
  { verb, record }: Saying,
): { readonly hosts: Map<HostId, Map<HostVerb, Said>> } | null {
  const place = placeOf(growing.program.runId, record);
  if (place === null) return null;
  const known = growing.records.get(record);
  if (known !== undefined) return known;
  const standing = { id: record, ...place, hosts: new Map(), isCovered: false };
  growing.records.set(record, standing);
  if (verb === "arm" && place.phase !== null) beginAnew(growing, place.phase);
  return standing;
}

/** Hosts that are armed anew under a decision to confirm carry it out; after a take-back they begin the phase again. */
function beginAnew(growing: Growing, number: number): void {
  const before = growing.phases.get(number);
  const decision = before?.decision === "confirm" ? "confirm" : null;
  growing.phases.set(number, { number, decision, why: "", hasFailedGate: false });
}

function decide(growing: Growing, entry: Extract<JournalEntry, { kind: "decision" }>): void {
  const { phase: number, decision, why } = entry;
  growing.phases.set(number, { number, decision, why, hasFailedGate: false });
  for (const [id, record] of growing.records) {
    if (record.phase === number) growing.records.set(id, { ...record, isCovered: decision === "confirm" });
  }
}

function passOrFail(growing: Growing, entry: Extract<JournalEntry, { kind: "gate" }>): void {
  const phase = growing.phases.get(entry.phase);
  if (phase === undefined) return;
  const why = entry.passed ? phase.why : entry.what.join("; ");
  growing.phases.set(entry.phase, { ...phase, why, hasFailedGate: !entry.passed });
}

/** Whether a host may hold a record that is not taken back: it was told to arm it, and neither refused nor was out of reach. */
function mayHold(words: HostWords): boolean {
  const armed = words.get("arm");
  return (
    armed !== undefined && armed !== "refused" && armed !== "unreachable" && words.get("revert") !== "done"
  );
}

/** Hosts of a record that may still hold it. */
export function holders(record: RecordStanding): readonly HostId[] {
  return [...record.hosts].filter(([, words]) => mayHold(words)).map(([host]) => host);
}

/** Hosts of a phase that are confirmed, whole and not taken back. */
export function confirmedHosts(standing: Standing, phase: number): ReadonlySet<HostId> {
  const records = standing.records.filter((record) => record.phase === phase);
  return new Set(
    records.flatMap(({ hosts }) =>
      [...hosts]
        .filter(([, words]) => words.get("confirm") === "done" && words.get("revert") !== "done")
        .map(([host]) => host),
    ),
  );
}

/** Hosts that the run has, or may have. */
export function claimedHosts(standing: Standing): readonly HostId[] {
  return [...standing.claims]
    .filter(([, words]) => {
      const claimed = words.get("claim");
      return claimed !== "refused" && claimed !== "unreachable" && words.get("unclaim") !== "done";
    })
    .map(([host]) => host);
}
