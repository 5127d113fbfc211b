import type { Port, Segment, SegmentId } from "#model/index.js";

/** Where every port is plugged in before and after, in segments in which both ends of a change can be told. */
export interface MatchedWiring {
  readonly segments: readonly SegmentId[];
  readonly ports: readonly MatchedPort[];
  readonly cables: readonly Cable[];
}

/** One port with its segment at either end; null where it is plugged in nowhere. */
export interface MatchedPort extends Port {
  readonly before: SegmentId | null;
  readonly after: SegmentId | null;
}

/** What joins two segments at one end of the change and not at the other: a cable between two switches, or a VLAN on a trunk. */
export interface Cable {
  readonly one: SegmentId;
  readonly other: SegmentId;
  /** Joined before the change and cut after it, or the other way round. */
  readonly isJoinedBefore: boolean;
}

/**
 * Finds which segment of one end is which of the other. Segments that have a port or their name in common belong together. Where
 * several become one, or one becomes several, they are joined or cut as a whole, by a cable; where they exchange ports, each of these
 * ports moves by itself. So the operator can say which is meant: a segment that is named at both ends, be it without ports, is a VLAN
 * whose ports move one by one; one that is named at one end alone is joined or cut off.
 */
export function matchWiring(before: readonly Segment[], after: readonly Segment[]): MatchedWiring {
  const groups = groupSegments(before, after).map(matchGroup);
  return {
    segments: groups.flatMap(({ segments }) => segments),
    ports: groups.flatMap(({ ports }) => ports),
    cables: groups.flatMap(({ cables }) => cables),
  };
}

/** Segments of both ends that belong together. */
interface Group {
  readonly before: readonly Segment[];
  readonly after: readonly Segment[];
}

function groupSegments(before: readonly Segment[], after: readonly Segment[]): readonly Group[] {
  const firstWith = new Map<string, number>();
  const parents: number[] = [];
  const find = (at: number): number => {
    const parent = parents[at] ?? at;
    return parent === at ? at : find(parent);
  };
  for (const [index, segment] of [...before, ...after].entries()) {
    parents.push(index);
    for (const name of [segment.id, ...segment.ports.map(portKey)]) {
      const first = firstWith.get(name);
      if (first === undefined) firstWith.set(name, index);
      else parents[find(index)] = find(first);
    }
  }
  const roots = [...new Set(parents.map((_, index) => find(index)))];
  return roots.map((root) => ({
    before: before.filter((_, index) => find(index) === root),
    after: after.filter((_, index) => find(before.length + index) === root),
  }));
}

function portKey({ host, link }: Port): string {
  return JSON.stringify([host, link]);
}

function matchGroup({ before, after }: Group): MatchedWiring {
  const [old, next] = [plugsOf(before), plugsOf(after)];
  const firstOld = before[0]?.id ?? null;
  const firstNext = after[0]?.id ?? null;
  if (before.length > 1 && after.length === 1) {
    return {
      segments: before.map(({ id }) => id),
      ports: matchPorts(old, next, { old: (id) => id, next: (_, at) => at ?? firstOld }),
      cables: joinAll(before, false),
    };
  }
  if (before.length === 1 && after.length > 1) {
    return {
      segments: after.map(({ id }) => id),
      ports: matchPorts(old, next, { old: (_, to) => to ?? firstNext, next: (id) => id }),
      cables: joinAll(after, true),
    };
  }
  const names = pairSegments({ before, after });
  const nameOf = (id: SegmentId): SegmentId => names.get(id) ?? id;
  return {
    segments: [...new Set([...before, ...after].map(({ id }) => nameOf(id)))],
    ports: matchPorts(old, next, { old: nameOf, next: (id) => id }),
    cables: [],
  };
}

/** A port with the segment that it is plugged into at one end. */
interface Plug extends Port {
  readonly segment: SegmentId;
}

type Plugs = ReadonlyMap<string, Plug>;

function plugsOf(segments: readonly Segment[]): Plugs {
  return new Map(
    segments.flatMap(({ id, ports }) => ports.map((port) => [portKey(port), { ...port, segment: id }])),
  );
}

/** The name of a port's segment at one end, given the port's segment at the other; null where it has none there. */
interface Naming {
  readonly old: (id: SegmentId, next: SegmentId | null) => SegmentId | null;
  readonly next: (id: SegmentId, old: SegmentId | null) => SegmentId | null;
}

function matchPorts(old: Plugs, next: Plugs, name: Naming): readonly MatchedPort[] {
  return [...new Map([...old, ...next])].map(([key, { host, link }]) => {
    const from = old.get(key)?.segment ?? null;
    const to = next.get(key)?.segment ?? null;
    return {
      host,
      link,
      before: from === null ? null : name.old(from, to),
      after: to === null ? null : name.next(to, from),
    };
  });
}

/** All to the first: each joint is a cable of its own. */
function joinAll([first, ...others]: readonly Segment[], isJoinedBefore: boolean): readonly Cable[] {
  return first === undefined ? [] : others.map(({ id }) => ({ one: first.id, other: id, isJoinedBefore }));
}

/** The name after the change of segments before it: their own where it stays, else that of the segment that takes most of their ports. */
function pairSegments({ before, after }: Group): ReadonlyMap<SegmentId, SegmentId> {
  const kept = new Set(before.map(({ id }) => id).filter((id) => after.some((next) => next.id === id)));
  const pairs = before
    .filter(({ id }) => !kept.has(id))
    .flatMap((old) => after.filter(({ id }) => !kept.has(id)).map((next) => ({ old, next })))
    .map(({ old, next }) => ({ old: old.id, next: next.id, shared: countShared(old, next) }))
    .filter(({ shared }) => shared > 0)
    .sort((a, b) => b.shared - a.shared);
  const names = new Map<SegmentId, SegmentId>();
  const taken = new Set<SegmentId>();
  for (const { old, next } of pairs) {
    if (names.has(old) || taken.has(next)) continue;
    names.set(old, next);
    taken.add(next);
  }
  return names;
}

function countShared(old: Segment, next: Segment): number {
  const ports = new Set(old.ports.map(portKey));
  return next.ports.filter((port) => ports.has(portKey(port))).length;
}
