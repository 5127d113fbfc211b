import type { HostId, Snapshot } from "#model/index.js";
import { changesBuilder, type Draft, draftName, PLAIN_DRAFT } from "./draft.js";
import type { HelperKind } from "./helper-stage.js";
import type { HelperEffort, HelperSearch, Judge, WalkedWitness } from "./helper-stage-search.js";
import { type Mending, mend } from "./mend.js";
import type { HostChange, Search } from "./plan.js";
import { proposalName } from "./proposals/propose.js";
import { survey } from "./proposals/surroundings.js";

/** A change of which no order is safe, and how another one is searched and judged. */
export interface SeekProblem<P, W extends WalkedWitness> {
  readonly before: Snapshot;
  readonly changes: readonly HostChange[];
  /** Why there is no order. */
  readonly core: readonly W[];
  readonly helpers: HelperSearch<P, W>;
  readonly search: (changes: readonly HostChange[], judge: Judge<P, W>) => Search<P, W>;
}

/** What came of it. */
export interface Sought<P, W extends WalkedWitness> {
  /** A proved search, or null. */
  readonly search: Extract<Search<P, W>, { readonly kind: "proved" }> | null;
  /** The stages that were proved. */
  readonly changes: readonly HostChange[];
  readonly effort: HelperEffort;
}

/** Whole changes that are judged at most; a fleet of many hosts gets fewer. */
const MAX_SETS = 40;
const MIN_SETS = 8;
/** Proposals of phases over all of these. */
const MAX_PROPOSALS = 160;
/** Walks in the states of witnesses. */
const MAX_WALKS = 1_500;
const MIN_WALKS = 300;
/** Fleets up to this size get all of them. */
const SMALL_FLEET = 60;
/** Helper stages that only together change the fate of one flow: there and back. */
const MAX_DEPTH = 2;
/** Witnesses of one contradiction that are asked, the smallest first. */
const MAX_ASKED = 6;
/** Beyond this many, helpers are left out together with those of the alike hosts only. */
const MAX_SINGLES = 16;

/**
 * Looks for a change that can be ordered: with other orders of a host's own operations first, then with helper stages as well. Witnesses that
 * contradict each other are asked what would mend one of them; every answer is judged as a whole, and its own witnesses are asked in turn.
 */
export function seekHelpers<P, W extends WalkedWitness>(problem: SeekProblem<P, W>): Sought<P, W> {
  const { helpers, before } = problem;
  const seeker = startSeeking(problem);
  const passes: readonly (readonly HelperKind[] | null)[] =
    helpers.kinds.length === 0 ? [null] : [null, helpers.kinds];
  for (const kinds of passes) {
    const found = seek(seeker, { ...seeker.mending, kinds });
    if (found !== null) return conclude(seeker, found);
  }
  return { search: null, changes: problem.changes, effort: effortOf(seeker) };

  function startSeeking(of: SeekProblem<P, W>): Seeker<P, W> {
    const share = Math.min(1, SMALL_FLEET / before.hosts.size);
    const walks = Math.max(MIN_WALKS, Math.floor(MAX_WALKS * share));
    return {
      problem: of,
      budget: { sets: Math.max(MIN_SETS, Math.floor(MAX_SETS * share)), walks },
      known: new Set([draftName(PLAIN_DRAFT)]),
      counts: { sets: 0, proposals: 0, isCut: false },
      mending: {
        build: changesBuilder(before, helpers.after, of.changes),
        askFlow: helpers.askFlow,
        segments: before.segments,
        around: survey(before, helpers.after),
        alike: alikeBy(before, helpers.classOf),
        budget: { left: walks },
      },
    };
  }
}

interface Seeker<P, W extends WalkedWitness> {
  readonly problem: SeekProblem<P, W>;
  readonly budget: { readonly sets: number; readonly walks: number };
  readonly known: Set<string>;
  readonly counts: { sets: number; proposals: number; isCut: boolean };
  readonly mending: Omit<Mending, "kinds">;
}

/** A draft that cannot be ordered, with the reason. */
interface Node<W> {
  readonly draft: Draft;
  readonly changes: readonly HostChange[];
  readonly core: readonly W[];
  /** Additions at a time that were tried. */
  depth: number;
}

interface Found<P, W extends WalkedWitness> {
  readonly draft: Draft;
  readonly judged: Judged<P, W>;
}

interface Judged<P, W extends WalkedWitness> {
  readonly changes: readonly HostChange[];
  readonly search: Search<P, W>;
}

/** Breadth first, and additions in pairs only when single ones have all been tried. */
function seek<P, W extends WalkedWitness>(seeker: Seeker<P, W>, mending: Mending): Found<P, W> | null {
  const { changes, core } = seeker.problem;
  const nodes: Node<W>[] = [{ draft: PLAIN_DRAFT, changes, core, depth: 0 }];
  for (let depth = 1; depth <= MAX_DEPTH; depth += 1) {
    for (const node of nodes) {
      for (; node.depth < depth; node.depth += 1) {
        const found = expand(seeker, mending, node, nodes);
        if (found !== null) return found;
      }
    }
  }
  return null;
}

function expand<P, W extends WalkedWitness>(
  seeker: Seeker<P, W>,
  mending: Mending,
  node: Node<W>,
  nodes: Node<W>[],
): Found<P, W> | null {
  for (const draft of rankMends(mending, node)) {
    const judged = judgeDraft(seeker, draft);
    if (judged === null) continue;
    const { search, changes } = judged;
    if (search.kind === "proved") return { draft, judged };
    if (search.kind === "impossible") nodes.push({ draft, changes, core: search.core, depth: 0 });
    else if (search.kind === "gave-up") seeker.counts.isCut = true;
  }
  if (mending.budget.left <= 0) seeker.counts.isCut = true;
  return null;
}

/** What mends most of the witnesses that contradict each other comes first; among equals the mildest kind. */
function rankMends<W extends WalkedWitness>(mending: Mending, node: Node<W>): readonly Draft[] {
  const mends = new Map<string, { readonly draft: Draft; times: number }>();
  for (const witness of node.core.slice(0, MAX_ASKED)) {
    for (const draft of mend(mending, { ...node, witness }, node.depth + 1)) {
      const name = draftName(draft);
      const known = mends.get(name);
      if (known === undefined) mends.set(name, { draft, times: 1 });
      else known.times += 1;
    }
  }
  return [...mends.values()].sort((a, b) => b.times - a.times).map(({ draft }) => draft);
}

/** null where the draft is known, the kernel refuses it, or enough have been judged. */
function judgeDraft<P, W extends WalkedWitness>(seeker: Seeker<P, W>, draft: Draft): Judged<P, W> | null {
  const name = draftName(draft);
  if (seeker.known.has(name)) return null;
  if (seeker.counts.sets >= seeker.budget.sets || seeker.counts.proposals >= MAX_PROPOSALS) {
    seeker.counts.isCut = true;
    return null;
  }
  seeker.known.add(name);
  const changes = seeker.mending.build(draft);
  if (changes === null) return null;
  seeker.counts.sets += 1;
  const { search, helpers } = seeker.problem;
  const judged = { changes, search: search(changes, helpers.judge(changes)) };
  seeker.counts.proposals += judged.search.attempts;
  return judged;
}

/** Leaves out what the proof does not need: first with all alike hosts, then, where they are few, one by one. */
function conclude<P, W extends WalkedWitness>(
  seeker: Seeker<P, W>,
  { draft, judged }: Found<P, W>,
): Sought<P, W> {
  let [least, best] = [draft, judged];
  const leaveOut = (smaller: Draft): void => {
    if (draftName(smaller) === draftName(least)) return;
    const changes = seeker.mending.build(smaller);
    if (changes === null) return;
    const { search, helpers } = seeker.problem;
    const again = search(changes, helpers.judge(changes));
    if (again.kind === "proved") [least, best] = [smaller, { changes, search: again }];
  };
  for (const host of draft.orders.keys())
    leaveOut({ ...least, orders: new Map([...least.orders].filter(([other]) => other !== host)) });
  const groups = new Set(draft.helpers.map(({ kind, shape }) => `${kind} ${shape}`));
  if (groups.size > 1 || draft.helpers.length === 1)
    for (const group of groups)
      leaveOut({
        ...least,
        helpers: least.helpers.filter(({ kind, shape }) => `${kind} ${shape}` !== group),
      });
  if (least.helpers.length <= MAX_SINGLES) {
    for (const helper of draft.helpers)
      leaveOut({
        ...least,
        helpers: least.helpers.filter((other) => proposalName(other) !== proposalName(helper)),
      });
  }
  const { changes, search } = best;
  return { search: search.kind === "proved" ? search : null, changes, effort: effortOf(seeker) };
}

function effortOf<P, W extends WalkedWitness>({
  problem,
  budget,
  mending,
  counts,
}: Seeker<P, W>): HelperEffort {
  return {
    kinds: problem.helpers.kinds,
    sets: counts.sets,
    proposals: budget.walks - mending.budget.left,
    isCut: counts.isCut,
  };
}

function alikeBy(before: Snapshot, classOf: (host: HostId) => string): (host: HostId) => readonly HostId[] {
  const groups = new Map<string, HostId[]>();
  for (const host of before.hosts.keys()) {
    const group = groups.get(classOf(host));
    if (group === undefined) groups.set(classOf(host), [host]);
    else group.push(host);
  }
  return (host) => groups.get(classOf(host)) ?? [host];
}
