import { parseIPv4 } from "#ip/index.js";
import { type Cluster, err, type Fleet, ok, type Result, type Snapshot } from "#model/index.js";
import type { RunProgram } from "#rollout/index.js";
import { readCollected } from "../collect/read-collected.js";
import type { Failure } from "../failure.js";
import { preflight } from "../preflight/preflight.js";
import { findMisfits } from "./live-fit.js";
import { say } from "./messages.js";
import type { OpenedHosts } from "./opened-hosts.js";
import type { CheckResult } from "./request.js";

/** What is known before a run. */
export interface LookRequest {
  readonly program: RunProgram;
  /** What the plan starts from. */
  readonly planned: Snapshot;
  readonly fleet: Fleet | null;
  readonly clusters: readonly Cluster[];
  /** A folder of this machine with what will be written; null: none. */
  readonly configurationFolder: string | null;
  readonly skipped: readonly string[];
  /** ISO 8601, UTC. */
  readonly now: () => string;
}

/** Whether the hosts are still what the plan was made for; what differs is told per host, as commands. Changes nothing. */
export async function checkLiveState(
  { program, planned }: Pick<LookRequest, "program" | "planned">,
  hosts: OpenedHosts,
): Promise<Result<null, Failure>> {
  const segments = planned.segments.map((segment) => ({ ...segment, mtu: null, source: NOWHERE }));
  const collected = await hosts.collect(program.hosts, segments);
  const missed = collected.hosts.filter(({ outcome }) => outcome !== "whole");
  if (missed.length > 0) return err(say.notCollected(missed));
  const reading = readCollected(collected, "");
  if (!reading.ok) return reading;
  const moving = new Set(program.movingAddresses.flatMap((text) => parseIPv4(text) ?? []));
  const misfits = findMisfits(reading.value.snapshot, planned, moving);
  return misfits.length === 0 ? ok(null) : err(say.stale(misfits));
}

const NOWHERE = { file: "", line: 1, column: 1 };

/** Looks at everything that should be well before a run; one failed check that was not skipped stops it. */
export async function lookBefore(
  { program, fleet, clusters, configurationFolder, skipped, now }: LookRequest,
  hosts: OpenedHosts,
): Promise<Result<readonly CheckResult[], Failure>> {
  const checks = await preflight({
    program,
    fleet,
    clusters,
    reach: hosts.reach,
    sessionOf: hosts.sessionOf,
    statusOf: hosts.statusOf,
    measure: hosts.measure,
    configurationFolder,
    uncommitted: "warning",
    nowMs: () => Date.parse(now()),
    skipped,
  });
  const failed = checks.filter(({ outcome }) => outcome === "failed");
  return failed.length === 0 ? ok(checks) : err(say.checksFailed(failed));
}
