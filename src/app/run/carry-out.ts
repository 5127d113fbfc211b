import type { Cluster } from "#model/index.js";
import {
  type Journal,
  type RunEvent,
  type RunOutcome,
  type RunPorts,
  type RunProgram,
  statusOf,
} from "#rollout/index.js";
import type { HealthBaseline } from "../health/baseline.js";
import { watchHealth } from "../health/cluster-health.js";
import { commandHooks, HOOK_TIMEOUT_MS } from "../hooks/command-hooks.js";
import { openWebhook } from "../hooks/webhook.js";
import { eventWriter } from "../run-store/event-file.js";
import { forgetTexts, keptText, type RunFolder } from "../run-store/run-folder.js";
import { hearRequests } from "./heard-control.js";
import type { OpenedHosts } from "./opened-hosts.js";
import type { CheckResult, RunReport, RunSurroundings } from "./request.js";
import { whoRunsThis } from "./who.js";

/** A run that has all it needs. */
export interface ReadyRun {
  readonly folder: RunFolder;
  readonly program: RunProgram;
  readonly hosts: OpenedHosts;
  readonly clusters: readonly Cluster[];
  /** What was noted of the clusters before anything changed; null: it is lost. */
  readonly baseline: HealthBaseline | null;
  readonly journal: Journal;
  readonly checks: readonly CheckResult[];
}

/** Gives the rollout its ports, lets it work, and reports. Texts that may hold secrets are forgotten once nothing is left to write. */
export async function carryOut(
  run: ReadyRun,
  surroundings: RunSurroundings,
  work: (ports: RunPorts) => Promise<RunOutcome>,
): Promise<RunReport> {
  const notes: string[] = [];
  const { program, folder, journal } = run;
  const webhook =
    surroundings.webhook === null
      ? null
      : openWebhook({
          url: surroundings.webhook,
          run: program.runId,
          fleet: program.fleet,
          onFailure: (what) => notes.push(what),
        });
  const keepEvent = eventWriter(folder);
  const emit = (event: RunEvent): void => {
    keepEvent(event);
    surroundings.emit(event);
    webhook?.tell(event);
  };
  const outcome = await work(portsOf(run, surroundings, emit));
  if (endsWhole(statusOf(journal.entries())?.ended ?? null)) forgetTexts(folder);
  await webhook?.settle();
  return {
    runId: program.runId,
    folder: folder.path,
    outcome,
    program,
    checks: run.checks,
    entries: journal.entries(),
    notes,
  };
}

function portsOf(run: ReadyRun, surroundings: RunSurroundings, emit: (event: RunEvent) => void): RunPorts {
  const { program, folder, hosts, journal } = run;
  const { sessionOf } = hosts;
  const { services } = program;
  const health = watchHealth({ clusters: run.clusters, sessionOf, services, baseline: run.baseline });
  return {
    reach: hosts.reach,
    journal,
    measure: hosts.measure,
    health: health.measure,
    clock: surroundings.clock,
    control: hearRequests(surroundings.control, folder, surroundings.clock),
    hooks: commandHooks({
      commands: surroundings.hooks,
      runId: program.runId,
      timeoutMs: HOOK_TIMEOUT_MS,
      note: (what, detail) => noteQuietly(journal, what, detail),
    }),
    emit,
    hostProgram: hosts.hostProgram,
    by: whoRunsThis(),
    persistText: async (sha256) => keptText(folder, sha256),
  };
}

/** A journal that takes no more says so to the run itself, with the next thing that it announces. */
async function noteQuietly(journal: Journal, what: string, detail: string): Promise<void> {
  try {
    await journal.append({ kind: "note", what, detail });
  } catch {
    // See above.
  }
}

/** Nothing is left that a later controller would have to write; an attempt to go on that was refused leaves all of it. */
function endsWhole(ended: RunOutcome | null): boolean {
  const kind = ended?.kind;
  return kind === "done" || kind === "rolled-back" || kind === "kept" || kind === "refused";
}
