/** A point in a run that its journal has passed. */
export interface ReachedMoment {
  /** The number of the entry, from 1. */
  readonly entry: number;
  /** What hosts were told, where the entry is their answer. */
  readonly verb: string | null;
  /** The phase of the record that it is about, from 1. */
  readonly phase: number | null;
}

/** Reads one line of the event stream; null where it is no entry of the journal. */
export function reachedMoment(event: unknown): ReachedMoment | null {
  const entry = field(event, "entry");
  const seq = field(entry, "seq");
  if (typeof seq !== "number") return null;
  const verb = field(entry, "verb");
  const record = field(entry, "record");
  const isResult = field(entry, "kind") === "result";
  const phase = typeof record === "string" ? /-p(\d+)(?:-|$)/.exec(record)?.[1] : undefined;
  return {
    entry: seq,
    verb: isResult && typeof verb === "string" ? verb : null,
    phase: phase === undefined ? null : Number(phase),
  };
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
