import type { HostChange, PhaseMemory, PhaseWitness, Search } from "./plan.js";
import { type Flush, flushName, flushOperation, withFlushes } from "./proposals/flush.js";
import { type SearchProblem, searchPhases } from "./search.js";
import { offsetsOf } from "./staging.js";

/** A change to find phases for, with what the strategy asks of the order of its hosts. */
export type FlushingProblem<P, W extends PhaseWitness> = Omit<SearchProblem<P, W>, "given" | "minPhases"> & {
  readonly turnsOf: (changes: readonly HostChange[]) => Pick<SearchProblem<P, W>, "given" | "minPhases">;
  /** Whether hosts may be told to forget. */
  readonly mayFlush: boolean;
};

/** What was found, and for which operations: flushes may be among them. */
export interface Flushing<P, W extends PhaseWitness> {
  readonly search: Search<P, W>;
  readonly changes: readonly HostChange[];
  /** Those flushes, each by its place among the operations that were asked about. */
  readonly flushes: readonly Flush[];
}

/** Searches are dear; each places the flushes that the last one's witnesses ask for. */
const MAX_ROUNDS = 24;
/** Beyond this many, flushes are not tried to be left out again. */
const MAX_PRUNED = 12;

/**
 * Finds phases; where witnesses that contradict each other rest on what hosts remember, those hosts get a flush, and phases are looked
 * for again. A flush changes no state, so it never stands in the way; one that the proof does not need is left out at the end.
 */
export function searchFlushing<P, W extends PhaseWitness>(problem: FlushingProblem<P, W>): Flushing<P, W> {
  const plain = search(problem, []);
  let found = plain;
  let flushes: readonly Flush[] = [];
  for (let round = 0; problem.mayFlush && found.search.kind === "impossible"; round += 1) {
    const asked = askedBy(problem, found, flushes);
    if (asked.length === 0) return plain;
    if (round === MAX_ROUNDS) return { ...plain, search: admitCut(plain.search) };
    flushes = [...flushes, ...asked];
    found = search(problem, flushes);
  }
  return found.search.kind === "proved" ? leaveOut(problem, found, flushes) : found;
}

function search<P, W extends PhaseWitness>(
  problem: FlushingProblem<P, W>,
  flushes: readonly Flush[],
): Flushing<P, W> {
  const changes = withFlushes(problem.hosts, problem.changes, flushes);
  return { changes, flushes, search: searchPhases({ ...problem, ...problem.turnsOf(changes), changes }) };
}

/** For each memory of the contradiction the next flush of its host, and of those alike, that is not there yet. */
function askedBy<P, W extends PhaseWitness>(
  problem: FlushingProblem<P, W>,
  { search, changes }: Flushing<P, W>,
  flushes: readonly Flush[],
): readonly Flush[] {
  if (search.kind !== "impossible") return [];
  const known = new Set(flushes.map(flushName));
  const asked = new Map<string, Flush>();
  for (const witness of search.core) {
    for (const memory of witness.memories) {
      for (const host of witness.alike.get(memory.host) ?? [memory.host]) {
        const next = placesFor(problem, changes, { ...memory, host }).find(
          (each) => !known.has(flushName(each)),
        );
        if (next !== undefined) asked.set(flushName(next), next);
      }
    }
  }
  return [...asked.values()];
}

/** Behind all operations of the host, before them, and where the memory ends: places among its own operations. */
function placesFor<P, W extends PhaseWitness>(
  problem: FlushingProblem<P, W>,
  changes: readonly HostChange[],
  memory: PhaseMemory,
): readonly Flush[] {
  const { host } = memory;
  const end = problem.changes.find((change) => change.host === host)?.operations.length ?? 0;
  const flushed = changes.find((change) => change.host === host);
  const last = Math.max(0, memory.until - (offsetsOf(problem).get(host) ?? 0));
  const inside =
    last - (flushed?.helpers ?? []).filter(({ kind, made }) => kind === "flush" && made.from < last).length;
  return [end, 0, Math.min(end, Math.max(0, inside))].map((at) => ({
    host,
    at,
    operation: flushOperation(memory),
  }));
}

function leaveOut<P, W extends PhaseWitness>(
  problem: FlushingProblem<P, W>,
  found: Flushing<P, W>,
  flushes: readonly Flush[],
): Flushing<P, W> {
  if (flushes.length > MAX_PRUNED) return found;
  let [best, needed] = [found, flushes];
  for (const flush of flushes) {
    const fewer = needed.filter((other) => other !== flush);
    const without = fewer.length === needed.length ? best : search(problem, fewer);
    if (without.search.kind === "proved") [best, needed] = [without, fewer];
  }
  return best;
}

function admitCut<P, W extends PhaseWitness>(search: Search<P, W>): Search<P, W> {
  if (search.kind !== "impossible") return search;
  return {
    ...search,
    kind: "gave-up",
    why: `no order is safe, and only ${MAX_ROUNDS} rounds of flushes were tried`,
  };
}
