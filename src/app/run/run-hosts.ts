import { type Cluster, err, type Fleet, type HostId, hostId, ok, type Result } from "#model/index.js";
import type { Failure } from "../failure.js";
import { loadFleet } from "../load-fleet.js";
import { clustersOf, parsePlanFile, type ReadPlan } from "../plan-file/read.js";
import { readRunFile } from "../run-store/run-folder.js";
import { say } from "./messages.js";
import { type HostsRequest, reachableAddresses } from "./open-hosts.js";
import type { RunReach } from "./request.js";
import type { RecordedRun } from "./select-run.js";
import { readStartNote, type StartNote } from "./start-note.js";

/** How the hosts of a run that began are reached, and what runs on them. */
export interface RunHosts {
  readonly request: HostsRequest;
  readonly clusters: readonly Cluster[];
}

/** Takes what was noted when the run was started; what is given now goes before it. */
export function hostsOfRun(run: RecordedRun, given: GivenReach): Result<RunHosts, Failure> {
  const { folder, program } = run;
  const note = readStartNote(folder);
  const reach = given.reach ?? note?.reach ?? null;
  if (reach === null) return err(say.noStart(program.runId));
  const fleet = readFleet(given.fleetPath, note);
  if (!fleet.ok) return fleet;
  const plan = readPlan(readRunFile(folder, "plan.json"));
  const here = note?.thisMachine ?? null;
  return ok({
    request: {
      reach,
      destinations: destinationsOf(given.fleetPath === null ? null : fleet.value, note),
      thisMachine: here === null ? null : hostId(here),
      addressesOf: (host) => addressesOf(plan, host),
      requestTimeoutMs: program.policy.requestTimeoutMs,
    },
    clusters: fleet.value?.clusters ?? (plan === null ? [] : clustersOf(plan.plan)),
  });
}

interface GivenReach {
  readonly reach: RunReach | null;
  readonly fleetPath: string | null;
}

/** A fleet file that was noted may be gone meanwhile: only one that is named now has to be there. */
function readFleet(path: string | null, note: StartNote | null): Result<Fleet | null, Failure> {
  const wanted = path ?? note?.fleetPath ?? null;
  if (wanted === null) return ok(null);
  const loaded = loadFleet(wanted);
  if (loaded.ok) return ok(loaded.value.fleet);
  return path === null ? ok(null) : loaded;
}

function destinationsOf(fleet: Fleet | null, note: StartNote | null): ReadonlyMap<string, string> {
  if (fleet === null) return new Map(Object.entries(note?.destinations ?? {}));
  return new Map(fleet.hosts.flatMap(({ id, ssh }) => (ssh === null ? [] : [[id, ssh] as const])));
}

function readPlan(text: string | null): ReadPlan | null {
  const read = text === null ? null : parsePlanFile(text, "plan.json");
  return read?.ok === true ? read.value : null;
}

function addressesOf(plan: ReadPlan | null, host: HostId): readonly string[] {
  return reachableAddresses([plan?.before, plan?.after].flatMap((state) => state?.hosts.get(host) ?? []));
}
