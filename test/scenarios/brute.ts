import type { PlanOutcome } from "#app/index.js";
import type { StagedHost } from "#dataplane/index.js";
import { contains, type IPv4 } from "#ip/index.js";
import type { HostId, Snapshot } from "#model/index.js";
import { allowedStages, type HostChange, wholeStages, wiringPartOf } from "#plan/index.js";
import { buildJudge, hasSafeOrder, type Judge } from "../brute-force.js";
import { randomSource } from "../lab/random-source.js";
import { hasSafeOrderRemembering } from "../remembering-order.js";
import { outsideOf } from "./outside.js";
import type { Scenario } from "./scenario.js";
import { sampleStates, seedOf, stateOf } from "./states.js";

type Proved = Extract<PlanOutcome, { readonly kind: "proved" }>;

/** A change with what of it stands still meanwhile. */
export interface JudgedChange {
  /** In the wiring that both ends are told in. */
  readonly before: Snapshot;
  readonly changes: readonly HostChange[];
  /** Its strategy frees flows of cluster members; null: everything runs. */
  readonly outcome: Proved | null;
  /** Hosts with a step in the phase. */
  readonly moving: ReadonlySet<HostId>;
}

/** Judges states of each phase of a proved plan one by one, flow by flow; what is bad in one of them, or null. */
export function findBadState(scenario: Scenario, outcome: Proved, atMost: number): string | null {
  const { before, changes } = outcome.change;
  const staging = { hosts: [...before.hosts.values()], changes };
  for (const [index, phase] of outcome.phases.entries()) {
    const moving = new Set(phase.steps.map(({ host }) => host));
    const judge = judgeOf(scenario, { before, changes, outcome, moving });
    const allowed = allowedStages(staging, outcome.phases, index);
    const counts = allowed.map(({ stages }) => stages.length);
    for (const numbers of sampleStates(counts, atMost, randomSource(seedOf(scenario.name) + index))) {
      const bad = judge(stateOf(allowed, numbers));
      if (bad !== null) return `phase ${index + 1}, stages ${numbers.join(" ")}: ${bad}`;
    }
  }
  return null;
}

/**
 * Whether some order of the operations of a change, one at a time and those of one host in their order, has only good states, whatever
 * neighbours the hosts remember.
 */
export function hasAnySafeOrder(
  scenario: Scenario,
  change: Pick<JudgedChange, "before" | "changes">,
): boolean {
  const judge = judgeOf(scenario, { ...change, outcome: null, moving: new Set() });
  const staged = stagesOf(change);
  const { changes, before } = change;
  return (
    hasSafeOrder(staged, judge) &&
    hasSafeOrderRemembering({ staged, changes, segments: before.segments, judge })
  );
}

/** All hosts with all stages of a change. */
function stagesOf({ before, changes }: Pick<JudgedChange, "before" | "changes">): readonly StagedHost[] {
  return wholeStages({ hosts: [...before.hosts.values()], changes });
}

/** Says of a state of a scenario what breaks in it, invariants and strategy considered. */
export function judgeOf(scenario: Scenario, change: JudgedChange): Judge {
  const staged = stagesOf(change);
  return buildJudge({
    staged,
    segments: change.before.segments,
    outside: outsideOf(staged.flatMap(({ stages }) => stages)),
    isFree: freedBy(scenario, change),
  });
}

type IsFree = (from: HostId, to: IPv4) => boolean;

/** Flows that an invariant frees, or whose end stands still meanwhile. */
function freedBy(scenario: Scenario, { outcome, moving }: JudgedChange): IsFree {
  const { invariants, clusters, operator, before, after } = scenario;
  const hosts = [...before.hosts.values(), ...after.hosts.values()];
  const ownerOf = new Map(hosts.flatMap((host) => host.addresses.map(({ ip }) => [ip, host.id] as const)));
  const movers = new Set([...moving].map(hostOfMover));
  const members = new Set(
    clusters.flatMap(({ servers, agents }) => [...servers, ...agents].map(({ host }) => host)),
  );
  const isStopped = (host: HostId | undefined): boolean => {
    if (host === undefined || !members.has(host)) return false;
    return outcome?.strategy === "full-stop" || (outcome?.strategy === "rolling-stop" && movers.has(host));
  };
  return (from, to) => {
    const stated = invariants.find(
      (each) =>
        (each.from.kind === "any" || each.from.host === from) &&
        (each.to.kind === "any" ||
          (each.to.kind === "host" ? each.to.host === ownerOf.get(to) : contains(each.to.prefix, to))),
    );
    if (stated !== undefined && stated.expect !== "delivered") return true;
    return from !== operator && (isStopped(from) || isStopped(ownerOf.get(to)));
  };
}

/** The host that moves: where its switch port is put elsewhere it moves as well. */
function hostOfMover(id: HostId): HostId {
  const part = wiringPartOf(id);
  return part?.kind === "port" ? part.host : id;
}
