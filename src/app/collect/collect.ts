import { err, type Fleet, type Issue, ok, type Result } from "#model/index.js";
import type { SessionOf } from "#probe/index.js";
import type { Failure } from "../failure.js";
import { loadFleet } from "../load-fleet.js";
import { type CollectedSnapshot, collectSnapshot } from "./collect-snapshot.js";
import { type CollectReach, openReachTo } from "./open-reach.js";
import { readCollected } from "./read-collected.js";

/** What `collect` is asked to do. */
export interface CollectRequest {
  readonly fleetPath: string;
  readonly reach: CollectReach;
}

/** A collected snapshot and what its reader has to say of it. */
export interface CollectResult extends CollectedSnapshot {
  readonly fleet: Fleet;
  /** Why it is no snapshot that a verb could read; null where it is one. Its files are worth looking at all the same. */
  readonly unreadable: Failure | null;
  /** What the reader found unknown or notable; empty where it could not be read. */
  readonly issues: readonly Issue[];
}

/**
 * Collects the live state of all hosts of a fleet: one shell for each, one command in it. Nothing is written, here or on the hosts. A host
 * that does not answer is in the result as one of which nothing is known; only a fleet file or a lab that is not there is a failure.
 */
export async function collect(request: CollectRequest): Promise<Result<CollectResult, Failure>> {
  const loaded = loadFleet(request.fleetPath);
  if (!loaded.ok) return loaded;
  const { fleet } = loaded.value;
  const opened = openReachTo(fleet, request.reach);
  if (!opened.ok) return opened;
  const reach = opened.value;
  const sessionOf: SessionOf = async (host) => {
    const session = await reach.open(host, "probe");
    return session.ok ? session : err({ why: `${session.error.why} ${session.error.hint}`.trim() });
  };
  try {
    const collected = await collectSnapshot({
      sessionOf,
      hosts: fleet.hosts.map(({ id }) => id),
      segments: fleet.segments,
    });
    const reading = readCollected(collected, "");
    return ok({
      ...collected,
      fleet,
      unreadable: reading.ok ? null : reading.error,
      issues: reading.ok ? reading.value.issues : [],
    });
  } finally {
    await reach.close();
  }
}
