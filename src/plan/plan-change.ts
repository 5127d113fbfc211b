import type { Cluster, Host, HostId, Snapshot } from "#model/index.js";
import {
  buildDemands,
  buildEndDemands,
  checkQuorum,
  collectMembers,
  type RateFlow,
  takeTurns,
} from "./demands.js";
import { findDifference } from "./difference.js";
import { checkPeerQuorum, takePeerTurns, withPeers } from "./etcd-peers.js";
import type { HelperEffort, HelperSearch, Judge, WalkedWitness } from "./helper-stage-search.js";
import type { HostChange, PhaseWitness, Prove, Search, Strategy } from "./plan.js";
import { searchLegs } from "./search-legs.js";
import { seekHelpers } from "./seek-helper-stages.js";
import { describeWiring, haveSameWiring } from "./wiring.js";

/** The stages of every host that changes, or what cannot be reached. */
export type Changes =
  | { readonly kind: "found"; readonly changes: readonly HostChange[] }
  | {
      readonly kind: "not-found";
      readonly host: HostId;
      readonly remaining: readonly string[];
      readonly refusal: string | null;
    }
  /** A host stands on one side only, or the segments differ. */
  | { readonly kind: "mismatch"; readonly message: string };

/** The difference of two snapshots as operations and stages for each host. Their wiring must be one: `joinWiring` makes it so. */
export function findChanges(before: Snapshot, after: Snapshot): Changes {
  const mismatch = findMismatch(before, after);
  if (mismatch !== null) return { kind: "mismatch", message: mismatch };
  const changes: HostChange[] = [];
  for (const host of before.hosts.values()) {
    const difference = findDifference(host, after.hosts.get(host.id) ?? host);
    if (difference.kind === "not-found") return { ...difference, host: host.id };
    if (difference.operations.length > 0) changes.push({ host: host.id, ...difference });
  }
  return { kind: "found", changes };
}

function findMismatch(before: Snapshot, after: Snapshot): string | null {
  const missing = [...before.hosts.keys()].find((host) => !after.hosts.has(host));
  if (missing !== undefined)
    return `host \`${missing}\` is in the network as it is and not in the one to come`;
  const added = [...after.hosts.keys()].find((host) => !before.hosts.has(host));
  if (added !== undefined) return `host \`${added}\` is in the network to come and not in the one as it is`;
  if (haveSameWiring(before, after)) return null;
  return `the wiring differs: \`${describeWiring(before)}\` against \`${describeWiring(after)}\``;
}

/** One strategy that was tried. */
export interface Tried<P, W extends PhaseWitness> {
  readonly strategy: Strategy;
  /** null where the strategy was refused before any proof, for the reason in `refusal`. */
  readonly search: Search<P, W> | null;
  readonly refusal: string | null;
  /** The stages that the search was about: with other orders and helper stages where only they are proved. */
  readonly changes: readonly HostChange[];
  /** null where nobody had to look for helper stages. */
  readonly helped: HelperEffort | null;
}

/** What the planner is given. */
export interface PlanProblem<P, W extends WalkedWitness> {
  readonly before: Snapshot;
  readonly changes: readonly HostChange[];
  readonly clusters: readonly Cluster[];
  /** The host that the operator works from, where it is one of the fleet. */
  readonly operator?: HostId | null;
  readonly rate: RateFlow;
  readonly strategies: readonly Strategy[];
  readonly prove: Prove<P, W>;
  /** How to look for helper stages where no order is safe; missing: not at all. */
  readonly helpers?: HelperSearch<P, W>;
}

/**
 * Tries the strategies in turn, each with helper stages before the next one; the last one tried is the one that was proved, if any
 * was.
 */
export function planChange<P, W extends WalkedWitness>(problem: PlanProblem<P, W>): readonly Tried<P, W>[] {
  const tried: Tried<P, W>[] = [];
  for (const strategy of problem.strategies) {
    const refusal = refuseStrategy(problem, strategy);
    const { changes } = problem;
    tried.push(
      refusal === null
        ? tryStrategy(problem, strategy)
        : { strategy, search: null, refusal, changes, helped: null },
    );
    if (tried.at(-1)?.search?.kind === "proved") break;
  }
  return tried;
}

function tryStrategy<P, W extends WalkedWitness>(
  problem: PlanProblem<P, W>,
  strategy: Strategy,
): Tried<P, W> {
  const { before, changes, helpers, rate, prove } = problem;
  const search = searchStrategy(problem, strategy, { changes, judge: { rate, prove } });
  const plain = {
    strategy,
    refusal: null,
    search: admitGaps(search, strategy),
    changes: changesOf(search, changes),
    helped: null,
  };
  if (search.kind !== "impossible" || helpers === undefined) return plain;
  const sought = seekHelpers({
    before,
    changes,
    core: search.core,
    helpers,
    search: (others, judge) => searchStrategy(problem, strategy, { changes: others, judge }),
  });
  const helped = sought.effort;
  if (sought.search !== null)
    return { ...plain, search: sought.search, changes: changesOf(sought.search, sought.changes), helped };
  return { ...plain, search: admitCut(plain.search, helped), helped };
}

/** What a proved search is about: flushes may have been added. */
function changesOf<P, W extends PhaseWitness>(
  search: Search<P, W>,
  asked: readonly HostChange[],
): readonly HostChange[] {
  return search.kind === "proved" ? (search.changes ?? asked) : asked;
}

/** Where helper stages are left that witnesses ask for, no order is not the same as no plan. */
function admitCut<P, W extends PhaseWitness>(search: Search<P, W>, effort: HelperEffort): Search<P, W> {
  if (search.kind !== "impossible" || !effort.isCut) return search;
  const why = `no order is safe, and of the helper stages that its witnesses ask for only ${effort.sets} sets were tried`;
  return { ...search, kind: "gave-up", why };
}

function refuseStrategy<P, W extends WalkedWitness>(
  problem: PlanProblem<P, W>,
  strategy: Strategy,
): string | null {
  if (strategy !== "live" && problem.clusters.length === 0)
    return "no cluster runs on the fleet: there is nothing to stop";
  const { clusters, changes } = problem;
  return (
    checkQuorum(clusters, strategy, new Set(changes.map((change) => change.host))) ??
    checkPeerQuorum(clusters, strategy, changes)
  );
}

interface Staged<P, W extends PhaseWitness> {
  readonly changes: readonly HostChange[];
  readonly judge: Judge<P, W>;
}

function searchStrategy<P, W extends WalkedWitness>(
  { before, clusters, operator = null, helpers }: PlanProblem<P, W>,
  strategy: Strategy,
  { changes, judge }: Staged<P, W>,
): Search<P, W> {
  const hosts: readonly Host[] = [...before.hosts.values()];
  const staged = [...hosts, ...changes.flatMap((change) => change.stages)];
  const members = collectMembers(clusters, staged, operator);
  return searchLegs({
    hosts,
    segments: before.segments,
    changes,
    demands: buildDemands(judge.rate, strategy, members),
    turnsOf: (own) => {
      const turns = strategy === "rolling-stop" ? takeTurns(own, members) : { clauses: [], phases: 1 };
      return { given: [...turns.clauses, ...takePeerTurns(own, clusters)], minPhases: turns.phases };
    },
    prove: withPeers(judge.prove, { clusters, strategy, rate: judge.rate }),
    atEnd: buildEndDemands(judge.rate),
    mayFlush: helpers?.kinds.includes("flush") === true,
  });
}

/**
 * Under `rolling-stop` a flow is free in the phase in which its end moves. What a witness of one phase forbids in all of them may
 * so be more than is needed, and no plan found is not the same as no plan.
 */
function admitGaps<P, W extends PhaseWitness>(search: Search<P, W>, strategy: Strategy): Search<P, W> {
  if (search.kind !== "impossible" || strategy !== "rolling-stop") return search;
  return { ...search, kind: "gave-up", why: "no order of one member after the other was found to be safe" };
}
