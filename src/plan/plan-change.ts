import type { Cluster, Host, HostId, Snapshot } from "#model/index.js";
import { buildDemands, checkQuorum, collectMembers, type RateFlow, takeTurns } from "./demands.js";
import { findDifference } from "./difference.js";
import type { HostChange, PhaseWitness, Prove, Search, Strategy } from "./plan.js";
import { searchPhases } from "./search.js";

/** The stages of every host that changes, or what cannot be reached. */
export type Changes =
  | { readonly kind: "found"; readonly changes: readonly HostChange[] }
  | {
      readonly kind: "not-found";
      readonly host: HostId;
      readonly remaining: readonly string[];
      readonly refusal: string | null;
    }
  /** A host or segment stands on one side only. */
  | { readonly kind: "mismatch"; readonly message: string };

/** The difference of two snapshots as operations and stages for each host. */
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
  const wiring = (snapshot: Snapshot): string =>
    snapshot.segments
      .map(
        ({ id, ports }) =>
          `${id}: ${ports
            .map(({ host, link }) => `${host}/${link}`)
            .sort()
            .join(" ")}`,
      )
      .sort()
      .join("; ");
  const [old, next] = [wiring(before), wiring(after)];
  return old === next
    ? null
    : `the wiring differs, and no host can change it: \`${old}\` against \`${next}\``;
}

/** One strategy that was tried. */
export interface Tried<P, W extends PhaseWitness> {
  readonly strategy: Strategy;
  /** null where the strategy was refused before any proof, for the reason in `refusal`. */
  readonly search: Search<P, W> | null;
  readonly refusal: string | null;
}

/** What the planner is given. */
export interface PlanProblem<P, W extends PhaseWitness> {
  readonly before: Snapshot;
  readonly changes: readonly HostChange[];
  readonly clusters: readonly Cluster[];
  /** The host that the operator works from, where it is one of the fleet. */
  readonly operator?: HostId | null;
  readonly rate: RateFlow;
  readonly strategies: readonly Strategy[];
  readonly prove: Prove<P, W>;
}

/** Tries the strategies in turn; the last one tried is the one that was proved, if any was. */
export function planChange<P, W extends PhaseWitness>(problem: PlanProblem<P, W>): readonly Tried<P, W>[] {
  const tried: Tried<P, W>[] = [];
  for (const strategy of problem.strategies) {
    const refusal = refuseStrategy(problem, strategy);
    const search = refusal === null ? searchStrategy(problem, strategy) : null;
    tried.push({ strategy, search, refusal });
    if (search?.kind === "proved") break;
  }
  return tried;
}

function refuseStrategy<P, W extends PhaseWitness>(
  problem: PlanProblem<P, W>,
  strategy: Strategy,
): string | null {
  if (strategy !== "live" && problem.clusters.length === 0)
    return "no cluster runs on the fleet: there is nothing to stop";
  return checkQuorum(problem.clusters, strategy, new Set(problem.changes.map((change) => change.host)));
}

function searchStrategy<P, W extends PhaseWitness>(
  problem: PlanProblem<P, W>,
  strategy: Strategy,
): Search<P, W> {
  const hosts: readonly Host[] = [...problem.before.hosts.values()];
  const staged = [...hosts, ...problem.changes.flatMap((change) => change.stages)];
  const members = collectMembers(problem.clusters, staged, problem.operator ?? null);
  const turns =
    strategy === "rolling-stop" ? takeTurns(problem.changes, members) : { clauses: [], phases: 1 };
  const search = searchPhases({
    hosts,
    segments: problem.before.segments,
    changes: problem.changes,
    demands: buildDemands(problem.rate, strategy, members),
    given: turns.clauses,
    minPhases: turns.phases,
    prove: problem.prove,
  });
  return strategy === "rolling-stop" ? admitGaps(search) : search;
}

/**
 * Under `rolling-stop` a flow is free in the phase in which its end moves. What a witness of one phase forbids in all of them may
 * so be more than is needed, and no plan found is not the same as no plan.
 */
function admitGaps<P, W extends PhaseWitness>(search: Search<P, W>): Search<P, W> {
  if (search.kind !== "impossible") return search;
  return { ...search, kind: "gave-up", why: "no order of one member after the other was found to be safe" };
}
