/** What the id of a record says. */
export interface RecordPlace {
  /** From 1; null: stopped services. */
  readonly phase: number | null;
  /** 0 for the first; hosts that are armed anew in the same phase get a record of the next number. */
  readonly attempt: number;
}

/** The id of a host's record in a phase, such as `RUN-p2`, or `RUN-p2-r1` where it is armed anew. */
export function phaseRecord(runId: string, phase: number, attempt: number): string {
  return attempt === 0 ? `${runId}-p${phase}` : `${runId}-p${phase}-r${attempt}`;
}

/** The id of the record of stopped services: `RUN-services`, then `RUN-services-1` and so on. */
export function servicesRecord(runId: string, attempt: number): string {
  return attempt === 0 ? `${runId}-services` : `${runId}-services-${attempt}`;
}

/** Reads back what `phaseRecord` and `servicesRecord` write; null: a record of another run, or of something else. */
export function placeOf(runId: string, record: string): RecordPlace | null {
  if (!record.startsWith(`${runId}-`)) return null;
  const rest = record.slice(runId.length + 1);
  const phase = /^p(\d{1,6})(?:-r(\d{1,6}))?$/.exec(rest);
  if (phase !== null) return { phase: Number(phase[1]), attempt: Number(phase[2] ?? 0) };
  const services = /^services(?:-(\d{1,6}))?$/.exec(rest);
  return services === null ? null : { phase: null, attempt: Number(services[1] ?? 0) };
}
