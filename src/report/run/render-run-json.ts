import type { JournalEntry, RunEvent } from "#rollout/index.js";
import { tellPhases } from "./run-story.js";
import type { RunStatusView, RunView } from "./run-view.js";

/** A run that ended or was left; schemas/run.schema.json. */
export function renderRunJson(run: RunView): string {
  const { runId, folder, program, outcome, checks, entries, notes } = run;
  return document({
    run: runId,
    fleet: program.fleet,
    plan: program.planDigest,
    strategy: program.strategy,
    persist: program.policy.persist,
    folder,
    outcome,
    phases: tellPhases(program, entries),
    checks,
    notes,
  });
}

/** How a run stands; schemas/status.schema.json. */
export function renderStatusJson(status: RunStatusView): string {
  const { runId, folder, program, outcome, controller, entries, hosts } = status;
  const last = entries.at(-1);
  return document({
    run: runId,
    fleet: program.fleet,
    plan: program.planDigest,
    strategy: program.strategy,
    folder,
    outcome,
    controller,
    lastEntry: last === undefined ? null : { seq: last.seq, time: last.time },
    phases: tellPhases(program, entries),
    hosts,
  });
}

/** One line of the event stream; schemas/run-event.schema.json. What is to be written to hosts is left out: such files may hold secrets. */
export function renderEventLine(
  event: RunEvent,
  at: { readonly run: string; readonly time: string },
): string {
  return `${JSON.stringify({ ...at, ...publicEvent(event) })}\n`;
}

function publicEvent(event: RunEvent): object {
  return event.kind === "journal" ? { kind: event.kind, entry: publicEntry(event.entry) } : event;
}

/** The first entry has the whole program, with the texts of configuration files. */
function publicEntry(entry: JournalEntry): object {
  if (entry.kind !== "begin") return entry;
  const { program, ...rest } = entry;
  const { fleet, planDigest, strategy, policy } = program;
  const phases = program.phases.map(({ number, steps }) => ({
    number,
    hosts: steps.map(({ host }) => host),
  }));
  return { ...rest, program: { runId: program.runId, fleet, planDigest, strategy, policy, phases } };
}

function document(content: object): string {
  return `${JSON.stringify({ schemaVersion: 1, ...content }, null, 2)}\n`;
}
