import type { Host, HostId } from "#model/index.js";
import type { HostChange, PhaseWitness, ProvedPhase, Search } from "./plan.js";
import { withFlushes } from "./proposals/flush.js";
import { heldUntil } from "./scaffold.js";
import { type FlushingProblem, searchFlushing } from "./search-flushing.js";

/** A change to find phases for. */
export type LegsProblem<P, W extends PhaseWitness> = Omit<FlushingProblem<P, W>, "lead">;

/**
 * Finds phases in which helper stages go after everything else: first those of the change itself with all helpers held, and from
 * there, where every host is at its target, those in which they are taken back.
 */
export function searchLegs<P, W extends PhaseWitness>(problem: LegsProblem<P, W>): Search<P, W> {
  const { changes, hosts } = problem;
  const isOneLeg = changes.every((change) => heldUntil(change) === change.operations.length);
  const held = changes.map((change) => slice(change, 0, heldUntil(change)));
  const going = searchFlushing({
    ...problem,
    changes: isOneLeg ? changes : held,
    atEnd: isOneLeg ? problem.atEnd : null,
  });
  if (going.search.kind !== "proved") return going.search;
  if (isOneLeg) return { ...going.search, changes: going.changes };
  const back = changes
    .map((change) => slice(change, heldUntil(change), change.operations.length))
    .filter(({ operations }) => operations.length > 0);
  const leaving = searchFlushing({
    ...problem,
    hosts: arrive(hosts, going.changes),
    changes: back,
    lead: { changes: going.changes, phases: going.search.phases },
  });
  const attempts = going.search.attempts + leaving.search.attempts;
  if (leaving.search.kind !== "proved") return { ...leaving.search, attempts };
  const offset = new Map(going.changes.map((change) => [change.host, change.operations.length]));
  return {
    kind: "proved",
    phases: [...going.search.phases, ...leaving.search.phases.map((phase) => shift(phase, offset))],
    changes: withFlushes(hosts, changes, [
      ...going.flushes,
      ...leaving.flushes.map((flush) => ({ ...flush, at: flush.at + heldBy(changes, flush.host) })),
    ]),
    attempts,
  };
}

function heldBy(changes: readonly HostChange[], host: HostId): number {
  const change = changes.find((other) => other.host === host);
  return change === undefined ? 0 : heldUntil(change);
}

function slice({ host, operations, stages }: HostChange, from: number, to: number): HostChange {
  return { host, operations: operations.slice(from, to), stages: stages.slice(from, to + 1) };
}

function arrive(hosts: readonly Host[], changes: readonly HostChange[]): readonly Host[] {
  const ends = new Map(changes.map(({ host, stages }) => [host, stages.at(-1)]));
  return hosts.map((host) => ends.get(host.id) ?? host);
}

function shift<P>(phase: ProvedPhase<P>, offset: ReadonlyMap<HostId, number>): ProvedPhase<P> {
  const steps = phase.steps.map(({ host, fromStage, toStage }) => {
    const by = offset.get(host) ?? 0;
    return { host, fromStage: fromStage + by, toStage: toStage + by };
  });
  return { ...phase, steps };
}
