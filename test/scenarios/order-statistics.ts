import type { PlanOutcome } from "#app/index.js";
import type { Host } from "#model/index.js";
import { findChanges, joinWiring } from "#plan/index.js";
import { type RandomSource, randomSource } from "../lab/random-source.js";
import { type JudgedChange, judgeOf } from "./brute.js";
import { planScenario } from "./planned.js";
import {
  addBeforeDelete,
  alphabetical,
  anyOrder,
  anyOrderOfHosts,
  atOnce,
  breakBeforeMake,
  carryOut,
  type IsBad,
  type Outcome,
  oneByOne,
  type Procedure,
} from "./procedures.js";
import type { Scenario } from "./scenario.js";
import { seedOf } from "./states.js";

/** How often a way of doing it was safe. */
export interface Share {
  readonly tried: number;
  readonly safe: number;
  /** No bad state, and an end that is not the target: the kernel refused a command for good, or one took another's work along. */
  readonly stuck: number;
  /** Bad states of all states seen; random orders end at their first bad state. */
  readonly bad: number;
  readonly states: number;
}

/** One scenario with every way of carrying it out. */
export interface OrderStatistics {
  readonly scenario: string;
  readonly hosts: number;
  readonly operations: number;
  readonly pointsman: {
    readonly result: PlanOutcome["kind"];
    readonly strategy: string | null;
    readonly phases: number | null;
    readonly helpers: readonly string[];
    /** Orders within its phases; null where there is no plan. */
    readonly orders: Share | null;
  };
  readonly random: Share;
  readonly shuffled: Share;
  readonly alphabetical: Share;
  readonly addBeforeDelete: Share;
  readonly incidentOneByOne: Share;
  readonly incidentAtOnce: Share;
}

/** Tries every procedure on a scenario, random ones so many times; null where both ends are the same or the target itself is refused. */
export function measureOrders(scenario: Scenario, samples: number): OrderStatistics | null {
  const { before, after } = joinWiring(scenario.before, scenario.after);
  const found = findChanges(before, after);
  const outcome = planScenario(scenario);
  if (found.kind !== "found" || found.changes.length === 0 || outcome.kind === "refused") return null;
  const { changes } = found;
  const random = randomSource(seedOf(scenario.name));
  const hosts = [...before.hosts.values()];
  const isBad = remember(scenario, { before, changes, outcome: null, moving: new Set() });
  const once = (procedure: Procedure): Share =>
    sum([carryOut(procedure, { hosts, changes, isBad, endsAtFirst: false })]);
  const often = (make: (source: RandomSource) => Procedure): Share =>
    sum(
      Array.from({ length: samples }, () =>
        carryOut(make(random), { hosts, changes, isBad, endsAtFirst: true }),
      ),
    );
  const broken = changes.map(breakBeforeMake);
  return {
    scenario: scenario.name,
    hosts: scenario.before.hosts.size,
    operations: changes.reduce((total, { operations }) => total + operations.length, 0),
    pointsman: measurePlan(scenario, outcome, samples),
    random: often((source) => anyOrderOfHosts(changes, source)),
    shuffled: often((source) => anyOrder(changes, source)),
    alphabetical: once(alphabetical(changes)),
    addBeforeDelete: once(addBeforeDelete(changes)),
    incidentOneByOne: once(oneByOne(broken)),
    incidentAtOnce: often((source) => atOnce(broken, source)),
  };
}

function sum(outcomes: readonly Outcome[]): Share {
  const total = (value: (outcome: Outcome) => number): number =>
    outcomes.reduce((all, outcome) => all + value(outcome), 0);
  return {
    tried: outcomes.length,
    safe: outcomes.filter(({ kind }) => kind === "safe").length,
    stuck: outcomes.filter(({ kind }) => kind === "stuck").length,
    bad: total(({ bad }) => bad),
    states: total(({ states }) => states),
  };
}

/** Each state is judged once. */
function remember(scenario: Scenario, change: JudgedChange): IsBad {
  const judge = judgeOf(scenario, change);
  const known = new Map<string, boolean>();
  return (state, key) => {
    const old = known.get(key);
    if (old !== undefined) return old;
    const isBad = judge(state.map((host) => ({ id: host.id, stages: [host] }))) !== null;
    known.set(key, isBad);
    return isBad;
  };
}

function measurePlan(
  scenario: Scenario,
  outcome: PlanOutcome,
  samples: number,
): OrderStatistics["pointsman"] {
  if (outcome.kind !== "proved")
    return { result: outcome.kind, strategy: null, phases: null, helpers: [], orders: null };
  const { changes, before } = outcome.change;
  const random = randomSource(seedOf(scenario.name));
  const hosts = [...before.hosts.values()];
  const judges = outcome.phases.map(({ steps }) => {
    const moving = new Set(steps.map(({ host }) => host));
    return remember(scenario, { before, changes, outcome, moving });
  });
  const orders = Array.from({ length: samples }, () => planOrder(outcome, { hosts, judges, random }));
  return {
    result: outcome.kind,
    strategy: outcome.strategy,
    phases: outcome.phases.length,
    helpers: [...new Set(outcome.helpers.map(({ kind }) => kind))].sort(),
    orders: sum(orders),
  };
}

interface PlanWalk {
  readonly hosts: readonly Host[];
  readonly judges: readonly IsBad[];
  readonly random: RandomSource;
}

/** One order of the steps of a plan: phase after phase, within each in any order. */
function planOrder(
  { change, phases }: Extract<PlanOutcome, { readonly kind: "proved" }>,
  { hosts, judges, random }: PlanWalk,
): Outcome {
  const whole = new Map(change.changes.map((each) => [each.host, each]));
  let procedure: Procedure = [];
  const ends: number[] = [];
  for (const { steps } of phases) {
    const parts = steps.map(({ host, fromStage, toStage }) => ({
      host,
      operations: whole.get(host)?.operations.slice(fromStage, toStage) ?? [],
    }));
    procedure = [...procedure, ...anyOrderOfHosts(parts, random)];
    ends.push(procedure.length);
  }
  let done = 0;
  const isBad: IsBad = (state, key) => {
    done += 1;
    const phase = ends.findIndex((end) => done <= end);
    return judges[phase]?.(state, key) ?? true;
  };
  return carryOut(procedure, { hosts, changes: change.changes, isBad, endsAtFirst: false });
}
