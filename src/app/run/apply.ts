import { resolve } from "node:path";
import { ok, type Result } from "#model/index.js";
import { runProgram } from "#rollout/index.js";
import type { Failure } from "../failure.js";
import { watchHealth } from "../health/cluster-health.js";
import { sha256Of } from "../plan-file/changed-files.js";
import { createRunFolder, keepText, type RunFolder } from "../run-store/run-folder.js";
import { attemptRun } from "./attempt-run.js";
import { carryOut } from "./carry-out.js";
import { checkLiveState, lookBefore } from "./look-before.js";
import { say } from "./messages.js";
import { openHosts } from "./open-hosts.js";
import { openFileJournals, withNotes } from "./open-journal.js";
import type { OpenedHosts } from "./opened-hosts.js";
import { type PreparedRun, prepareRun } from "./prepare.js";
import type { ApplyRequest, CheckResult, NamedReach, RunReport } from "./request.js";
import { lockFleet } from "./run-locks.js";
import { HEALTH_NOTE, renderStartNote, START_NOTE } from "./start-note.js";

/**
 * Carries a plan out on its hosts, whole or not at all: proves it again, takes the fleet's lock, holds the live state against the plan, looks
 * at what should be well, and lets the rollout work. What keeps a run from beginning is a failure, and nothing was changed; what became of one
 * that began is in the report, with its outcome.
 */
export function apply(request: ApplyRequest): Promise<Result<RunReport, Failure>> {
  return attemptRun(async () => {
    const prepared = prepareRun(request);
    if (!prepared.ok) return prepared;
    const { program } = prepared.value;
    const lock = lockFleet(request.stateFolder, program.fleet, program.runId);
    if (!lock.ok) return lock;
    try {
      return await applyLocked(request, prepared.value);
    } finally {
      lock.value.release();
    }
  });
}

async function applyLocked(
  request: ApplyRequest,
  prepared: PreparedRun,
): Promise<Result<RunReport, Failure>> {
  const hosts = openHosts(prepared.hosts);
  if (!hosts.ok) return hosts;
  try {
    return await applyOpened(request, prepared, hosts.value);
  } finally {
    await hosts.value.close();
  }
}

async function applyOpened(
  request: ApplyRequest,
  prepared: PreparedRun,
  hosts: OpenedHosts,
): Promise<Result<RunReport, Failure>> {
  const { program, ready, fleet, clusters, configurationFolder } = prepared;
  const fits = await checkLiveState({ program, planned: ready.states[0] }, hosts);
  if (!fits.ok) return fits;
  const checks = await lookBefore(
    {
      program,
      planned: ready.states[0],
      fleet,
      clusters,
      configurationFolder,
      skipped: request.skippedChecks,
      now: request.clock.now,
    },
    hosts,
  );
  if (!checks.ok) return checks;
  const mayBegin = request.mayBegin === undefined || (await request.mayBegin(program, checks.value));
  if (!mayBegin) return ok(notBegun(prepared, checks.value));
  return ok(await begin(request, { prepared, hosts, checks: checks.value }));
}

async function begin(
  request: ApplyRequest,
  given: {
    readonly prepared: PreparedRun;
    readonly hosts: OpenedHosts;
    readonly checks: readonly CheckResult[];
  },
): Promise<RunReport> {
  const { prepared, hosts, checks } = given;
  const { program, clusters } = prepared;
  const { sessionOf } = hosts;
  const health = watchHealth({ clusters, sessionOf, services: program.services, baseline: null });
  const baseline = await health.takeBaseline();
  const folder = createRunFolder(
    request.stateFolder,
    program,
    new Map([
      ["plan.json", prepared.ready.text],
      [START_NOTE, startNoteOf(request, prepared)],
      [HEALTH_NOTE, `${JSON.stringify(baseline)}\n`],
    ]),
  );
  keepTexts(folder, prepared);
  const journal = await (request.openJournal ?? openFileJournals(request.clock))(folder.path, "fresh");
  const run = {
    folder,
    program,
    hosts,
    clusters,
    baseline,
    checks,
    journal: withNotes(
      journal,
      checks.flatMap((check) => noteOf(check, request.skippedChecks)),
    ),
  };
  return carryOut(run, request, (ports) => runProgram(program, ports));
}

function keepTexts(folder: RunFolder, { program }: PreparedRun): void {
  for (const { persist } of program.phases.flatMap(({ steps }) => steps)) {
    for (const item of persist) if (item.kind === "file") keepText(folder, sha256Of(item.text), item.text);
  }
}

function startNoteOf({ fleetPath, reach }: ApplyRequest, { hosts }: PreparedRun): string {
  return renderStartNote({
    schemaVersion: 1,
    fleetPath: fleetPath === null ? null : resolve(fleetPath),
    reach: absoluteReach(reach),
    destinations: Object.fromEntries(hosts.destinations),
    thisMachine: hosts.thisMachine,
  });
}

/** Whoever continues may stand elsewhere; ways of the caller's own have no name. */
function absoluteReach(reach: ApplyRequest["reach"]): NamedReach | null {
  if (reach.kind === "open") return null;
  if (reach.kind === "lab" || reach.configFile === null) return reach;
  return { kind: "ssh", configFile: resolve(reach.configFile) };
}

/** What was not as it should be, and what the operator did not want to be looked at, stands in the journal. */
function noteOf(
  { name, outcome, detail }: CheckResult,
  skipped: readonly string[],
): readonly { what: string; detail: string }[] {
  const isTold = outcome === "warning" || outcome === "failed" || skipped.includes(name);
  return isTold ? [{ what: `check ${name}: ${outcome}`, detail }] : [];
}

function notBegun({ program }: PreparedRun, checks: readonly CheckResult[]): RunReport {
  return {
    runId: program.runId,
    folder: "",
    outcome: { kind: "refused", ...say.notBegun },
    program,
    checks,
    entries: [],
    notes: [],
  };
}
