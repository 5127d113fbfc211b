import { applyOperation, type Host, type HostId, type Operation } from "#model/index.js";
import type { HostChange, PhaseMemory } from "../plan.js";

/** A flush of one cache, behind so many operations of its host. */
export interface Flush {
  readonly host: HostId;
  readonly at: number;
  readonly operation: Operation;
}

/** The operation that makes a host forget what it remembers; permanent entries stay, an overlay's among them. */
export function flushOperation({ entry }: PhaseMemory): Operation {
  switch (entry.kind) {
    case "neighbour":
      return { kind: "neighbour-flush", link: entry.link };
    case "redirect":
      return { kind: "route-cache-flush" };
  }
}

/** One text for one flush. */
export function flushName({ host, at, operation }: Flush): string {
  return `${host} ${at} ${JSON.stringify(operation)}`;
}

/** The changes with the flushes in their places, in the order of the fleet; hosts that do not change otherwise only flush. */
export function withFlushes(
  hosts: readonly Host[],
  changes: readonly HostChange[],
  flushes: readonly Flush[],
): readonly HostChange[] {
  if (flushes.length === 0) return changes;
  const known = new Map(changes.map((change) => [change.host, change]));
  return hosts.flatMap((host) => {
    const own = flushes.filter((flush) => flush.host === host.id);
    const change = known.get(host.id) ?? { host: host.id, operations: [], stages: [host] };
    if (own.length === 0) return change.operations.length === 0 ? [] : [change];
    return [insertAll(change, own)];
  });
}

/** From the last place to the first, so that each place is that of the operations alone; of two at one place the first stays so. */
function insertAll(change: HostChange, flushes: readonly Flush[]): HostChange {
  const ordered = flushes.toReversed().sort((a, b) => b.at - a.at);
  const flushed = ordered.reduce((own, { at, operation }) => insert(own, at, operation), change);
  const end = flushed.operations.length;
  const helpers = (flushed.helpers ?? []).map((helper) =>
    helper.kind === "flush" ? { ...helper, unmade: { from: end, to: end } } : helper,
  );
  return { ...flushed, helpers };
}

function insert(change: HostChange, at: number, flush: Operation): HostChange {
  const shift = (place: number): number => (place > at ? place + 1 : place);
  const helpers = (change.helpers ?? []).map((helper) => ({
    ...helper,
    made: {
      from: at <= helper.made.from ? helper.made.from + 1 : helper.made.from,
      to: shift(helper.made.to),
    },
    unmade: {
      from: at <= helper.unmade.from ? helper.unmade.from + 1 : helper.unmade.from,
      to: shift(helper.unmade.to),
    },
  }));
  return {
    host: change.host,
    operations: change.operations.toSpliced(at, 0, flush),
    stages: [...change.stages.slice(0, at + 1), ...replay(change, at, flush)],
    helpers: [
      ...helpers,
      {
        kind: "flush",
        host: change.host,
        make: [flush],
        unmake: [],
        why: "forgets what it learnt of hosts that have changed since",
        made: { from: at, to: at + 1 },
        unmade: { from: change.operations.length + 1, to: change.operations.length + 1 },
      },
    ],
  };
}

/** The stages from the flush on; the same values as before where it finds nothing to remove. */
function replay({ operations, stages }: HostChange, at: number, flush: Operation): readonly Host[] {
  const start = stages[at];
  if (start === undefined) return [];
  const flushed = applied(start, flush);
  if (flushed.neighbours === start.neighbours && flushed.fdb === start.fdb) return stages.slice(at);
  const rest = [flushed];
  for (const operation of operations.slice(at)) rest.push(applied(rest.at(-1) ?? flushed, operation));
  return rest;
}

/** What the kernel took once it takes again: a flush is no ground for anything. */
function applied(host: Host, operation: Operation): Host {
  const result = applyOperation(host, operation);
  return result.ok ? result.value : host;
}
