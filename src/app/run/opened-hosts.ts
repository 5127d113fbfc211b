import type { FleetSegment, HostId, Result } from "#model/index.js";
import type { SessionOf } from "#probe/index.js";
import type { HostProgram, HostReach, HostStatus, MeasureCells } from "#rollout/index.js";
import type { CollectedSnapshot } from "../collect/collect-snapshot.js";

/** The ways to the hosts of a run, and what is asked of them over those. Nothing of it throws. */
export interface OpenedHosts {
  readonly reach: HostReach;
  readonly sessionOf: SessionOf;
  readonly measure: MeasureCells;
  readonly hostProgram: HostProgram;
  /** What a host says of itself, the host program laid there first where it is missing; an error in words. */
  readonly statusOf: (host: HostId) => Promise<Result<HostStatus, string>>;
  /** The live state of hosts, as a snapshot directory. */
  readonly collect: (
    hosts: readonly HostId[],
    segments: readonly FleetSegment[],
  ) => Promise<CollectedSnapshot>;
  /** Closes every session. Idempotent. */
  readonly close: () => Promise<void>;
}
