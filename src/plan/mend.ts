import type { Host, HostId, Segment } from "#model/index.js";
import { type Addition, type BuildChanges, type Draft, draftName, extend } from "./draft.js";
import type { HelperKind } from "./helper-stage.js";
import type { AskFlow, FlowWalk, WalkedWitness } from "./helper-stage-search.js";
import type { HostChange } from "./plan.js";
import { proposeHelpers, proposeLikewise } from "./proposals/propose.js";
import type { Surroundings } from "./proposals/surroundings.js";
import { proposeOrders } from "./reorder.js";
import { operationName } from "./scaffold.js";

/** What mending needs to know of the change; `left` counts the walks that may still be made. */
export interface Mending {
  readonly build: BuildChanges;
  readonly askFlow: AskFlow;
  readonly segments: readonly Segment[];
  readonly around: Surroundings;
  /** null: only other orders of the hosts' operations. */
  readonly kinds: readonly HelperKind[] | null;
  readonly alike: (host: HostId) => readonly HostId[];
  readonly budget: { left: number };
}

/** A witness against a draft, with the stages of that draft. */
export interface Broken {
  readonly draft: Draft;
  readonly changes: readonly HostChange[];
  readonly witness: WalkedWitness;
}

interface Attempt {
  readonly draft: Draft;
  /** The same with the helpers of all alike hosts. */
  readonly whole: Draft;
  readonly walk: FlowWalk;
}

/**
 * Drafts with `depth` additions under which the witness is none: its state is never met, or its flow meets its demand there. Of several
 * additions each but the last has changed the walk. Nothing more is said of a draft: it may break another flow, or this one elsewhere.
 */
export function mend(mending: Mending, broken: Broken, depth: number): readonly Draft[] {
  const seen = new Set<string>();
  let frontier: readonly Attempt[] = [{ draft: broken.draft, whole: broken.draft, walk: broken.witness }];
  for (let level = 1; level < depth; level += 1) {
    frontier = frontier.flatMap((attempt) =>
      tryAll(mending, broken, attempt, seen).flatMap(({ walk, ...tried }) =>
        walk === null || isSameWalk(walk, attempt.walk) ? [] : [{ ...tried, walk }],
      ),
    );
  }
  const mended = frontier.flatMap((attempt) =>
    tryAll(mending, broken, attempt, seen).filter(({ walk }) => walk === null),
  );
  return mended.map(({ whole }) => whole);
}

interface TriedAddition extends Omit<Attempt, "walk"> {
  readonly walk: FlowWalk | null;
}

function tryAll(
  mending: Mending,
  broken: Broken,
  attempt: Attempt,
  seen: Set<string>,
): readonly TriedAddition[] {
  return additionsOf(mending, broken, attempt).flatMap(({ addition, whole }): readonly TriedAddition[] => {
    const draft = extend(attempt.draft, addition);
    const name = draftName(draft);
    if (seen.has(name) || draft === attempt.draft || mending.budget.left <= 0) return [];
    seen.add(name);
    mending.budget.left -= 1;
    const changes = mending.build(draft);
    if (changes === null) return [];
    const isPrevented = preventsLearning(addition, broken.witness);
    const walk = isPrevented ? null : walkUnder(mending, broken, changes);
    return [{ draft, whole: extend(attempt.whole, whole()), walk }];
  });
}

interface Possible {
  readonly addition: Addition;
  /** With what alike hosts need as well. */
  readonly whole: () => Addition;
}

function additionsOf(mending: Mending, { changes, witness }: Broken, { walk }: Attempt): readonly Possible[] {
  const { around, kinds, alike } = mending;
  const orders = [...stagesOf(changes, witness)].flatMap(([change, stage]) => proposeOrders(change, stage));
  const others = witness.memories.flatMap(({ host, of }) => [host, of]);
  const ask = { walk, around, others };
  const helpers = kinds === null ? [] : proposeHelpers(ask, kinds);
  return [
    ...orders.map((addition): Possible => ({ addition, whole: () => addition })),
    ...helpers.map(
      (helper): Possible => ({
        addition: { kind: "helpers", helpers: [helper] },
        whole: () => ({ kind: "helpers", helpers: proposeLikewise(ask, helper, alike(helper.host)) }),
      }),
    ),
  ];
}

/** A redirect that was taken before says nothing of one that is never sent or taken: only the whole proof tells. */
function preventsLearning(addition: Addition, { memories }: WalkedWitness): boolean {
  const [helper] = addition.kind === "helpers" ? addition.helpers : [];
  return (
    helper?.kind === "silent-redirects" &&
    memories.some(
      ({ entry, host, of }) => entry.kind === "redirect" && (host === helper.host || of === helper.host),
    )
  );
}

/** Each change with the stage that its host is in while the witness holds. */
function stagesOf(changes: readonly HostChange[], witness: WalkedWitness): ReadonlyMap<HostChange, number> {
  const { histories } = witness.state();
  return new Map(
    changes.flatMap((change): readonly (readonly [HostChange, number])[] => {
      const state = histories.get(change.host)?.at(-1);
      const stage = state === undefined ? -1 : change.stages.indexOf(state);
      return stage < 0 ? [] : [[change, stage]];
    }),
  );
}

/** The walk in the state of the witness, each host as far as it was then; null where the demand is met or no such state is left. */
function walkUnder(
  { askFlow, segments }: Mending,
  { changes: old, witness }: Broken,
  changes: readonly HostChange[],
): FlowWalk | null {
  const stages = stagesOf(old, witness);
  const known = new Map(old.map((change) => [change.host, change]));
  const state = new Map(
    [...witness.state().histories].map(([host, history]): [HostId, Host | undefined] => [
      host,
      history.at(-1),
    ]),
  );
  for (const change of changes) {
    const before = known.get(change.host);
    if (before === change) continue;
    const stage = before === undefined ? 0 : (stages.get(before) ?? 0);
    const counterpart = findCounterpart(change, before, stage);
    if (counterpart === null) return null;
    state.set(change.host, counterpart);
  }
  return askFlow(
    [...state.values()].filter((host) => host !== undefined),
    segments,
    witness,
  );
}

/** The stage behind the same operation, all helpers made; null where the host never does it any more. */
function findCounterpart(change: HostChange, old: HostChange | undefined, stage: number): Host | null {
  const made = Math.max(0, ...(change.helpers ?? []).map((helper) => helper.made.to));
  const oldMade = Math.max(0, ...(old?.helpers ?? []).map((helper) => helper.made.to));
  if (stage <= oldMade || old === undefined) return change.stages[made] ?? null;
  const name = operationName(old.operations[stage - 1] ?? ({ kind: "neighbour-flush", link: null } as const));
  const at = change.operations.findIndex(
    (operation, index) => index >= made && operationName(operation) === name,
  );
  return at < 0 ? null : (change.stages[at + 1] ?? null);
}

/** The same hosts did the same things; addresses in their words make no difference. */
function isSameWalk(a: FlowWalk, b: FlowWalk): boolean {
  const steps = ({ verdict, path, back, hops }: FlowWalk): string =>
    JSON.stringify([verdict, path, back, hops.map(({ host, decision, rule }) => [host, decision, rule])]);
  return steps(a) === steps(b);
}
