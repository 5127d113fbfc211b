import type { Host, HostId } from "#model/index.js";
import type { HostRange } from "./constraints.js";
import type { DemandOf, HostChange, Phase, PhaseQuestion, StagedWay } from "./plan.js";

/** What phases are phases of. */
export interface Staging {
  /** Every host in its state before the first phase, in the order of the fleet. */
  readonly hosts: readonly Host[];
  readonly changes: readonly HostChange[];
  /** What was done before the first phase: caches may remember it. */
  readonly lead?: Lead;
}

/** Phases that are over, with what they were phases of. */
export interface Lead {
  readonly changes: readonly HostChange[];
  readonly phases: readonly Phase[];
}

/** Every host with all stages of its change. */
export function wholeStages(staging: Staging): PhaseQuestion["whole"] {
  const known = new Map(staging.changes.map((change) => [change.host, change]));
  const wayOf = findWays(staging, []);
  return staging.hosts.map((host) => ({
    id: host.id,
    stages: known.get(host.id)?.stages ?? [host],
    ...wayOf(host.id, 0),
  }));
}

/**
 * Every host with the stages that it may be in during a phase, and the way to them: one where it has no step in it. After the last phase
 * comes the end, in which each has one.
 */
export function allowedStages(
  staging: Staging,
  phases: readonly Phase[],
  index: number,
): PhaseQuestion["hosts"] {
  const ranges = allowedRanges(staging, phases, index);
  const wayOf = findWays(staging, phases.slice(0, index));
  const known = new Map(staging.changes.map((change) => [change.host, change.stages]));
  return staging.hosts.map((host) => {
    const range = ranges.get(host.id);
    const stages = known.get(host.id) ?? [host];
    const { from, to } = range ?? { from: 0, to: 0 };
    return { id: host.id, stages: stages.slice(from, to + 1), ...wayOf(host.id, from) };
  });
}

/** The question of the end: every host is where its last step leaves it. */
export function askEnd(
  staging: Staging & Pick<PhaseQuestion, "segments">,
  phases: readonly Phase[],
  demandOf: DemandOf,
): PhaseQuestion {
  return {
    hosts: allowedStages(staging, phases, phases.length),
    segments: staging.segments,
    demandOf,
    moving: new Set(),
    whole: wholeStages(staging),
  };
}

/** The numbers of those stages for each host that changes. */
export function allowedRanges(
  { changes }: Pick<Staging, "changes">,
  phases: readonly Phase[],
  index: number,
): ReadonlyMap<HostId, HostRange> {
  const reached = reachedBy(phases.slice(0, index));
  const steps = new Map((phases[index]?.steps ?? []).map((step) => [step.host, step]));
  return new Map(
    changes.map(({ host }) => {
      const from = reached.get(host) ?? 0;
      return [host, { host, from, to: steps.get(host)?.toStage ?? from }];
    }),
  );
}

/** How many stages of a host were over before the changes began: its stages have these numbers over the whole. */
export function offsetsOf({ lead }: Staging): ReadonlyMap<HostId, number> {
  return new Map(lead?.changes.map(({ host, operations }) => [host, operations.length]));
}

function reachedBy(phases: readonly Phase[]): ReadonlyMap<HostId, number> {
  return new Map(phases.flatMap(({ steps }) => steps.map(({ host, toStage }) => [host, toStage] as const)));
}

type WayOf = (host: HostId, from: number) => { readonly way?: StagedWay };

/** The way of each host that moves before, in or after the phase that follows those given. */
function findWays(staging: Staging, phases: readonly Phase[]): WayOf {
  const { lead } = staging;
  const offsets = offsetsOf(staging);
  const early = new Map(lead?.changes.map((change) => [change.host, change]));
  const own = new Map(staging.changes.map((change) => [change.host, change]));
  const earlier = [...(lead?.phases.keys() ?? [])].map((index) =>
    reachedBy(lead?.phases.slice(0, index) ?? []),
  );
  const later = [...phases.keys(), phases.length].map((index) => reachedBy(phases.slice(0, index)));
  return (host, from) => {
    const [before, change] = [early.get(host), own.get(host)];
    if (before === undefined && change === undefined) return {};
    return {
      way: {
        operations: [...(before?.operations ?? []), ...(change?.operations ?? [])],
        left: [...(before?.stages.slice(0, -1) ?? []), ...(change?.stages.slice(0, from) ?? [])],
        starts: [
          ...earlier.map((reached) => reached.get(host) ?? 0),
          ...later.map((reached) => (offsets.get(host) ?? 0) + (reached.get(host) ?? 0)),
        ],
      },
    };
  };
}
