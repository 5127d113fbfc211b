import type { Host, HostId, Operation } from "#model/index.js";
import { type CompiledHost, compileHost } from "./compiled-host.js";
import { type Cache, forgets } from "./forget.js";

/** How a host came to the stages that it may be in, and where it goes on. */
export interface Way {
  /** Of the whole change: operation i, counted from 1, leads from stage i-1 to stage i. */
  readonly operations: readonly Operation[];
  /** The stages before those that it may be in, oldest first. */
  readonly left: readonly Host[];
  /** The stage in which it began each phase so far, this one included; stages are numbered from 0 over the whole change. */
  readonly starts: readonly number[];
}

/** A host with its possible states and the way to them. */
export interface Travelled {
  readonly id: HostId;
  readonly stages: readonly Host[];
  readonly way?: Way;
}

/** What a way says besides its stages, with names of links but of no address: when each phase began, and where the host forgets. */
export function describeWay({ operations, starts }: Way): string {
  const flushes = operations.flatMap((operation, index) => {
    switch (operation.kind) {
      case "neighbour-flush":
      case "fdb-flush":
        return [`${index} ${operation.kind} ${operation.link}`];
      case "route-cache-flush":
        return [`${index} ${operation.kind}`];
      default:
        return [];
    }
  });
  return [starts.join(), ...flushes].join(" ");
}

/** The same host in some of its stages, `from` to `to`, both included: those before them are behind it. */
export function narrow<T extends Travelled>(host: T, from: number, to: number): T {
  const stages = host.stages.slice(from, to + 1);
  const { way } = host;
  return way === undefined
    ? { ...host, stages }
    : { ...host, stages, way: { ...way, left: [...way.left, ...host.stages.slice(0, from)] } };
}

/** All stages of all hosts by index, those that they have left too. */
export interface Ages {
  readonly ids: readonly HostId[];
  readonly stages: readonly (readonly CompiledHost[])[];
  /** The number of the first stage that the host may be in now. */
  readonly base: readonly number[];
  readonly ways: readonly (Way | undefined)[];
}

/** Compiles all stages; each is compiled once for as long as its `Host` value lives. */
export function collectAges(staged: readonly Travelled[]): Ages {
  return {
    ids: staged.map(({ id }) => id),
    stages: staged.map(({ way, stages }) => [...(way?.left ?? []), ...stages].map(compileHost)),
    base: staged.map(({ way }) => way?.left.length ?? 0),
    ways: staged.map(({ way }) => way),
  };
}

/** How long a host has kept a cache: since its stage `from`, in phase `phase`, and, if it goes on, to its stage `until`. */
export interface Keeping {
  readonly phase: number;
  readonly from: number;
  readonly until: number;
}

/** Since when the host in this stage (numbered over the whole change) keeps the cache: from its last operation that forgets it. */
export function keepingOf({ ways }: Ages, host: number, stage: number, cache: Cache): Keeping {
  const way = ways[host];
  if (way === undefined) return { phase: 0, from: 0, until: 0 };
  const { operations, starts } = way;
  const flushed = operations.findLastIndex((operation, index) => index < stage && forgets(operation, cache));
  const next = operations.findIndex((operation, index) => index >= stage && forgets(operation, cache));
  const from = flushed + 1;
  return {
    from,
    until: next < 0 ? operations.length : next,
    phase: Math.max(
      0,
      starts.findLastIndex((start) => start < from),
    ),
  };
}

/** The stage in which a host began a phase. */
export function stageAtStart({ ways }: Ages, host: number, phase: number): number {
  return ways[host]?.starts[phase] ?? 0;
}

/** Whether two hosts may have been in these stages at one time since a phase began; the later stages of both are in this phase. */
export function mayHaveMet({ ways }: Ages, since: number, [a, b]: readonly [HostAge, HostAge]): boolean {
  const phases = Math.max(ways[a.host]?.starts.length ?? 1, ways[b.host]?.starts.length ?? 1);
  const isIn = ({ host, stage }: HostAge, phase: number): boolean => {
    const starts = ways[host]?.starts ?? [];
    const end = phase + 1 < phases ? (starts[phase + 1] ?? 0) : Number.POSITIVE_INFINITY;
    return (starts[phase] ?? 0) <= stage && stage <= end;
  };
  for (let phase = since; phase < phases; phase += 1) if (isIn(a, phase) && isIn(b, phase)) return true;
  return false;
}

/** A host, by index, in a stage numbered over the whole change. */
export interface HostAge {
  readonly host: number;
  readonly stage: number;
}
