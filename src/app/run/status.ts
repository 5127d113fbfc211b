import { ok, type Result } from "#model/index.js";
import { inParallel } from "#probe/index.js";
import type { Failure } from "../failure.js";
import { lockHolder } from "../run-store/file-lock.js";
import { lockFolderOf, type RunFolder } from "../run-store/run-folder.js";
import { attemptRun } from "./attempt-run.js";
import { openHosts } from "./open-hosts.js";
import type { HostNow, RunStatus, StatusRequest } from "./request.js";
import { hostsOfRun } from "./run-hosts.js";
import { type RecordedRun, readRun, selectRun } from "./select-run.js";

const AT_ONCE = 16;

/** How a run stands, by its journal and, where asked, by what its hosts say. */
export function runStatus(request: StatusRequest): Promise<Result<RunStatus, Failure>> {
  return attemptRun(async () => {
    const folder = selectRun(request);
    if (!folder.ok) return folder;
    const run = readRun(folder.value);
    if (!run.ok) return run;
    const hosts = request.asksHosts ? await askHosts(run.value, request) : ok([]);
    if (!hosts.ok) return hosts;
    const { program, entries, summary } = run.value;
    return ok({
      runId: folder.value.runId,
      folder: folder.value.path,
      program,
      entries,
      outcome: summary.ended,
      controller: controllerOf(request.stateFolder, folder.value),
      hosts: hosts.value,
    });
  });
}

/** The process that works on a run now, or null. */
export function controllerOf(stateFolder: string, { fleet, runId }: RunFolder): RunStatus["controller"] {
  const holder = lockHolder(lockFolderOf(stateFolder, fleet));
  return holder?.run === runId ? { pid: holder.pid, machine: holder.machine } : null;
}

async function askHosts(
  run: RecordedRun,
  request: StatusRequest,
): Promise<Result<readonly HostNow[], Failure>> {
  const reached = hostsOfRun(run, request);
  if (!reached.ok) return reached;
  const hosts = openHosts(reached.value.request);
  if (!hosts.ok) return hosts;
  try {
    const answers = await inParallel(run.program.hosts, AT_ONCE, async (host): Promise<HostNow> => {
      const status = await hosts.value.statusOf(host);
      return status.ok ? { host, status: status.value, why: "" } : { host, status: null, why: status.error };
    });
    return ok(answers);
  } finally {
    await hosts.value.close();
  }
}
