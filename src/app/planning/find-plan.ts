import type { Cluster, HostId, Invariant, Snapshot } from "#model/index.js";
import {
  allowedStages,
  findChanges,
  HELPER_KINDS,
  type HelperKind,
  joinWiring,
  type ProvedPhase,
  planChange,
  type Strategy,
  type Tried,
} from "#plan/index.js";
import { askFlow } from "./ask-flow.js";
import { findBrokenFlows, findUnknownFlows } from "./broken-flows.js";
import { expectFlows } from "./expected-flows.js";
import type { Change, PlannedPhase, PlanOutcome, TriedStrategy } from "./plan-outcome.js";
import {
  buildProve,
  inWholeChange,
  newWalkBudget,
  type PlanWitness,
  type ProvedPhaseProof,
} from "./proof.js";
import { rateFlows } from "./rate-flows.js";

/** A change between two networks that both passed their checks. */
export interface PlanTask {
  readonly before: Snapshot;
  readonly after: Snapshot;
  readonly clusters: readonly Cluster[];
  /** The host that the operator works from, where it is one of the fleet. */
  readonly operator?: HostId | null;
  readonly invariants: readonly Invariant[];
  readonly strategies: readonly Strategy[];
  /** The kinds of helper stages that may be used where no order is safe; missing: all of them. */
  readonly helpers?: readonly HelperKind[];
}

/** Finds the stages of the change, what its flows are worth at both ends, and then the phases in which all of them hold. */
export function findPlan(task: PlanTask): PlanOutcome {
  const { before, after } = joinWiring(task.before, task.after);
  const found = findChanges(before, after);
  if (found.kind === "mismatch") return refused(`Expected the same hosts on both sides: ${found.message}.`);
  if (found.kind === "not-found") {
    const refusal = found.refusal === null ? "" : `; the kernel says \`${found.refusal}\``;
    return refused(
      `No sequence of kernel operations brings \`${found.host}\` to the target: ${found.remaining.slice(0, 3).join("; ")}${refusal}.`,
    );
  }
  if (found.changes.length === 0) return { kind: "nothing-to-do" };
  const change: Change = { before, after, changes: found.changes };
  const rated = rateFlows({ ...task, before, after, target: task.after, changes: found.changes });
  const unknown = findUnknownFlows(rated);
  if (unknown.length > 0) {
    return { kind: "unknown", why: "Some flows depend on what is not modelled.", flows: unknown, tried: [] };
  }
  const broken = findBrokenFlows(rated, after);
  if (broken.length > 0) {
    const why = broken.some((flow) => flow.why === null)
      ? "The target breaks flows that work today, and no invariant says that they may end."
      : "The target does not give what an invariant of the fleet wants.";
    return { ...refused(why), broken };
  }
  const budget = newWalkBudget();
  const tried = planChange({
    ...task,
    before,
    changes: found.changes,
    rate: rated.rate,
    prove: buildProve(rated, budget),
    helpers: {
      after,
      kinds: task.helpers ?? HELPER_KINDS,
      judge: (changes) => {
        const again = rateFlows({ ...task, before, after, target: task.after, changes });
        return { rate: again.rate, prove: buildProve(again, budget) };
      },
      askFlow,
      classOf: (host) => rated.labels.get(host) ?? host,
    },
  });
  return conclude(change, tried);
}

function refused(why: string): Extract<PlanOutcome, { readonly kind: "refused" }> {
  return { kind: "refused", why, findings: [], broken: [] };
}

/** Nothing was searched, so nothing is known to be impossible. */
function refuseAll(tried: readonly TriedStrategy[]): PlanOutcome {
  const reasons = tried.map(({ strategy, why }) => `strategy \`${strategy}\`: ${why ?? ""}`);
  return refused(`The change may be made in none of these ways: ${reasons.join("; ")}.`);
}

/** What is impossible while the whole cluster stands still is so with less of it standing still. */
function isImpossible(tried: readonly TriedStrategy[]): boolean {
  const judged = tried.filter((each) => each.outcome !== "refused");
  const fullStop = judged.find((each) => each.strategy === "full-stop");
  if (fullStop !== undefined) return fullStop.outcome === "impossible";
  return judged.every((each) => each.outcome === "impossible");
}

type TriedHere = Tried<ProvedPhaseProof, PlanWitness>;

function conclude(change: Change, tried: readonly TriedHere[]): PlanOutcome {
  const summary = tried.map(summarise);
  const last = tried.at(-1);
  if (last?.search?.kind === "proved") {
    const proved = { ...change, changes: last.changes };
    const phases = expectPhases(proved, last.search.phases);
    const helpers = last.changes.flatMap((each) => each.helpers ?? []);
    return { kind: "proved", change: proved, strategy: last.strategy, phases, helpers, tried: summary };
  }
  if (summary.every((each) => each.outcome === "refused")) return refuseAll(summary);
  const unknown = summary.find((each) => each.outcome === "unknown");
  if (unknown !== undefined) {
    return {
      kind: "unknown",
      why: "On the way some flows depend on what is not modelled.",
      flows: [],
      tried: summary,
    };
  }
  return isImpossible(summary)
    ? { kind: "impossible", change, tried: summary }
    : { kind: "gave-up", tried: summary };
}

function summarise({ strategy, search, refusal, helped }: TriedHere): TriedStrategy {
  if (search === null) return { strategy, outcome: "refused", why: refusal, witnesses: [], helped };
  const tried = { strategy, why: null, witnesses: [], helped };
  switch (search.kind) {
    case "proved":
      return { ...tried, outcome: "proved" };
    case "impossible":
      return { ...tried, outcome: "impossible", witnesses: search.witnesses.map(inWholeChange) };
    case "unknown":
      return { ...tried, outcome: "unknown", witnesses: [inWholeChange(search.witness)] };
    case "gave-up":
      return {
        ...tried,
        outcome: "gave-up",
        why: search.why,
        witnesses: search.witnesses.map(inWholeChange),
      };
  }
}

function expectPhases(
  change: Change,
  phases: readonly ProvedPhase<ProvedPhaseProof>[],
): readonly PlannedPhase[] {
  const { hosts, segments } = change.before;
  const problem = { hosts: [...hosts.values()], changes: change.changes };
  return phases.map((phase, index) => ({
    ...phase,
    expected: expectFlows(phase.proof, allowedStages(problem, phases, index), segments),
    effort: phase.proof.effort,
  }));
}
