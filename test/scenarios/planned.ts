import { type PlanOutcome, planSnapshots } from "#app/index.js";
import { formatIPv4 } from "#ip/index.js";
import { HELPER_KINDS, type HelperKind } from "#plan/index.js";
import { newErrors } from "./findings.js";
import type { Scenario } from "./scenario.js";

/** Plans a scenario as the command line would, both ends taken as checked; `without` is a kind of helper stage that may not be used. */
export function planScenario(scenario: Scenario, without: HelperKind | null = null): PlanOutcome {
  const { before, after, clusters, operator, invariants, strategies, helpers = HELPER_KINDS } = scenario;
  return planSnapshots({
    before,
    after,
    clusters,
    operator,
    invariants,
    strategies,
    helpers: helpers.filter((kind) => kind !== without),
  });
}

/** What was found of each thing that the scenario expects something of, so that the two can be compared as they are. */
export function foundOf(scenario: Scenario, outcome: PlanOutcome): Scenario["expect"] {
  const { strategy, phases, helpers, onlyWayOf, why, witness } = scenario.expect;
  return {
    result: outcome.kind,
    ...(strategy === undefined || outcome.kind !== "proved" ? {} : { strategy: outcome.strategy }),
    ...(phases === undefined || outcome.kind !== "proved" ? {} : { phases: outcome.phases.length }),
    ...(helpers === undefined || outcome.kind !== "proved" ? {} : { helpers: kindsOf(outcome) }),
    ...(onlyWayOf === undefined ? {} : { onlyWayOf }),
    ...(scenario.expect.findings === undefined ? {} : { findings: newErrors(scenario) }),
    ...(why === undefined ? {} : { why: containing(whyOf(outcome), why) }),
    ...(witness === undefined ? {} : { witness: foundWitness(outcome, witness) }),
  };
}

function kindsOf({ helpers }: Extract<PlanOutcome, { readonly kind: "proved" }>): HelperKind[] {
  return [...new Set(helpers.map(({ kind }) => kind))].sort();
}

/** The expected words where the message has them, else the whole message. */
function containing(message: string, words: string): string {
  return message.includes(words) ? words : message;
}

function whyOf(outcome: PlanOutcome): string {
  if (outcome.kind === "refused" || outcome.kind === "unknown") return outcome.why;
  return "tried" in outcome ? (outcome.tried.at(-1)?.why ?? "") : "";
}

type ExpectedWitness = NonNullable<Scenario["expect"]["witness"]>;

function foundWitness(outcome: PlanOutcome, expected: ExpectedWitness): ExpectedWitness {
  const found = smallestWitness(outcome);
  if (found === null) return {};
  const { flow, verdict, stages } = found;
  return {
    ...(expected.flow === undefined ? {} : { flow: `${flow.from} ${formatIPv4(flow.to)}` }),
    ...(expected.verdict === undefined ? {} : { verdict }),
    ...(expected.hosts === undefined ? {} : { hosts: stages.map(({ host }) => String(host)).sort() }),
  };
}

/** The smallest witness of the strategy that was tried last. */
export function smallestWitness(
  outcome: PlanOutcome,
): Extract<PlanOutcome, { kind: "impossible" }>["tried"][number]["witnesses"][number] | null {
  return "tried" in outcome ? (outcome.tried.at(-1)?.witnesses[0] ?? null) : null;
}
