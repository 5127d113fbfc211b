import type { HostId } from "#model/index.js";
import type { HostVerb, JournalEntry, RunProgram } from "#rollout/index.js";

/** Where the journal leaves a host in a phase. `unclear`: something was said to it, and what came of it is not known or was no success. */
export type StoryState = "untouched" | "armed" | "switched" | "confirmed" | "reverted" | "unclear";

/** What the journal says of one host in one phase. */
export interface HostStory {
  readonly host: HostId;
  readonly state: StoryState;
  /** The record that the host keeps of it, or null where it was never told of one. */
  readonly record: string | null;
  /** Why it is unclear, or what the host said to its last refusal; else empty. */
  readonly note: string;
}

/** What the journal says of one phase. */
export interface PhaseStory {
  readonly number: number;
  readonly hosts: readonly HostStory[];
  /** The last gate that was measured. */
  readonly gate: { readonly passed: boolean; readonly what: readonly string[] } | null;
  /** After this the direction is fixed. */
  readonly decision: { readonly decision: "confirm" | "take-back"; readonly why: string } | null;
}

/** The phases of a run as its journal tells them, in their order. A record belongs to the phase that its name ends in. */
export function tellPhases(program: RunProgram, entries: readonly JournalEntry[]): readonly PhaseStory[] {
  return program.phases.map(({ number, steps }) => {
    const said = entries.filter((entry) => phaseOf(entry) === number);
    const gate = said.filter((entry) => entry.kind === "gate").at(-1);
    const decision = said.filter((entry) => entry.kind === "decision").at(-1);
    return {
      number,
      hosts: steps.map(({ host }) => tellHost(host, said)),
      gate: gate === undefined ? null : { passed: gate.passed, what: gate.what },
      decision: decision === undefined ? null : { decision: decision.decision, why: decision.why },
    };
  });
}

/** The phase of a record's name, such as 2 for `20261123T031500Z-3f2a-p2-r1`; null for one that belongs to none. */
export function phaseOfRecord(record: string): number | null {
  const found = /-p(\d+)(?:-r\d+)?$/.exec(record)?.[1];
  return found === undefined ? null : Number(found);
}

function phaseOf(entry: JournalEntry): number | null {
  if (entry.kind === "gate" || entry.kind === "decision") return entry.phase;
  return entry.kind === "intent" || entry.kind === "result" ? phaseOfRecord(entry.record) : null;
}

const REACHED: ReadonlyMap<HostVerb, StoryState> = new Map([
  ["arm", "armed"],
  ["switch", "switched"],
  ["confirm", "confirmed"],
  ["revert", "reverted"],
]);

/** What was last known of the host beside what is told of it: a refusal leads back there. */
interface Told {
  readonly story: HostStory;
  readonly known: StoryState;
}

/** What the journal says of each record that a host was told of, those of stopped services too, in the order of their arming. */
export function tellRecords(
  entries: readonly JournalEntry[],
): readonly (HostStory & { readonly record: string })[] {
  const pairs = new Map<string, { readonly host: HostId; readonly record: string }>();
  for (const entry of entries) {
    if (entry.kind !== "intent" || entry.verb !== "arm") continue;
    const { record } = entry;
    for (const host of entry.hosts) pairs.set(`${record} ${host}`, { host, record });
  }
  return [...pairs.values()].map(({ host, record }) => {
    const said = entries.filter((entry) => "record" in entry && entry.record === record);
    return { ...tellHost(host, said), record };
  });
}

function tellHost(host: HostId, entries: readonly JournalEntry[]): HostStory {
  const untold: Told = { story: { host, state: "untouched", record: null, note: "" }, known: "untouched" };
  return entries.reduce((told, entry) => follow(told, entry), untold).story;
}

function follow({ story, known }: Told, entry: JournalEntry): Told {
  if (entry.kind !== "intent" && entry.kind !== "result") return { story, known };
  const reached = REACHED.get(entry.verb);
  if (reached === undefined) return { story, known };
  const { host } = story;
  if (entry.kind === "intent") {
    if (!entry.hosts.includes(host)) return { story, known };
    const note = `\`${entry.verb}\` was announced, and no answer is in the journal`;
    return { story: { host, state: "unclear", record: entry.record, note }, known };
  }
  const answer = entry.hosts.find((one) => one.host === host);
  if (answer === undefined) return { story, known };
  const { record } = entry;
  switch (answer.result) {
    case "done":
      return { story: { host, state: reached, record, note: "" }, known: reached };
    case "refused":
      return { story: { host, state: known, record, note: answer.note }, known };
    case "failed":
    case "unknown":
    case "unreachable": {
      const note = `\`${entry.verb}\` ${answer.result}${answer.note === "" ? "" : `: ${answer.note}`}`;
      return { story: { host, state: "unclear", record, note }, known };
    }
  }
}
