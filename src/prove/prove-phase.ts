import {
  addFullSize,
  buildWorld,
  classifyHosts,
  describeWay,
  type Flow,
  type FlowKind,
  type FlowOutcome,
  foldFlows,
  labelClasses,
  type Recollection,
  type StagedHost,
  sortVerdicts,
  type Verdict,
  type World,
} from "#dataplane/index.js";
import type { HostId } from "#model/index.js";
import { type Budget, enumerateFlow } from "./enumerate.js";
import { buildGrade, type Grade } from "./grade.js";
import type { Demand, Effort, PhaseProblem, PhaseProof, ProvedFlow } from "./phase.js";
import { buildReach } from "./reach.js";
import { isDeliveredByUnion } from "./union-graph.js";
import { type RawWitness, reduceWitness } from "./witness.js";

/**
 * Proves that every obligation holds in every state of the phase, or gives the smallest witness that one does not.
 * A hazard goes before an `unknown`, and an `unknown` before giving up: each of the three is a different answer.
 */
export function provePhase(problem: PhaseProblem): PhaseProof {
  const world = buildWorld(problem.hosts, problem.segments);
  const fleet = problem.classes ?? classifyHosts(problem.hosts.map(withPast), problem.segments);
  const classes = labelClasses(fleet, problem.hosts, labelWays(problem));
  const { demandOf, outside = [] } = problem;
  const small = foldFlows({ world, classes, outside, demandOf });
  const { kinds, kindOf } = problem.isSized === true ? addFullSize(small, demandOf) : small;
  const budget: Budget = { left: problem.maxWalks };
  const effort = (): Effort => ({
    states: countStates(problem.hosts),
    flows: kinds.reduce((sum, kind) => sum + kind.count, 0),
    classes: new Set(classes.names).size,
    walks: problem.maxWalks - budget.left,
  });
  const judged = judgeAll(world, kinds, budget);
  const bad = judged.hazard ?? judged.unknown;
  if (bad !== null) {
    const witness = reduceWitness(problem, bad, alikeBy(problem.hosts, classes.names));
    return { kind: judged.hazard === null ? "unknown" : "hazard", witness, effort: effort() };
  }
  if (judged.unfinished !== null) return { kind: "gave-up", flow: judged.unfinished.flow, effort: effort() };
  const proved = new Map(kinds.map((kind, index) => [kind, judged.flows[index] ?? null]));
  const lookup = (flow: Flow): ProvedFlow | null => {
    const kind = kindOf(flow);
    return kind === null ? null : (proved.get(kind) ?? null);
  };
  return { kind: "proved", flows: judged.flows, lookup, effort: effort() };
}

/** Alike are only hosts that are so in the stages behind them too: others remember those. */
function withPast(host: StagedHost): StagedHost {
  return host.way === undefined ? host : { id: host.id, stages: [...host.way.left, ...host.stages] };
}

/** And that went through them in the same phases and forget the same: then exchanging them exchanges what is remembered, too. */
function labelWays({ hosts, labels }: PhaseProblem): PhaseProblem["labels"] {
  return new Map(
    hosts.map(({ id, way }) => [id, `${labels.get(id) ?? ""} ${way === undefined ? "" : describeWay(way)}`]),
  );
}

interface Judged {
  readonly flows: readonly ProvedFlow[];
  readonly hazard: RawWitness | null;
  readonly unknown: RawWitness | null;
  readonly unfinished: FlowKind<Demand> | null;
}

function judgeAll(world: World, kinds: readonly FlowKind<Demand>[], budget: Budget): Judged {
  const flows: ProvedFlow[] = [];
  const isReached = reachOf(world, kinds, budget);
  let unknown: RawWitness | null = null;
  let unfinished: FlowKind<Demand> | null = null;
  for (const kind of kinds) {
    const judged = isReached(kind) ? DELIVERED : judgeFlowOverStates(world, kind, budget);
    if (judged.hazard !== null) return { flows, hazard: judged.hazard, unknown, unfinished };
    unknown ??= judged.unknown;
    if (!judged.isComplete) unfinished ??= kind;
    flows.push({ flow: kind.flow, verdicts: sortVerdicts(judged.verdicts), count: kind.count });
  }
  return { flows, hazard: null, unknown, unfinished };
}

/** Where few hosts are alike, all senders of a destination are judged at once, before one flow after the other. */
function reachOf(
  world: World,
  kinds: readonly FlowKind<Demand>[],
  budget: Budget,
): (kind: FlowKind<Demand>) => boolean {
  if (kinds.length < world.hosts.length) return () => false;
  const reach = buildReach(world, budget);
  return ({ key, demand }) => typeof demand === "string" && demand !== "lost" && reach.isDelivered(key);
}

interface JudgedFlow {
  readonly verdicts: ReadonlySet<Verdict>;
  readonly hazard: RawWitness | null;
  readonly unknown: RawWitness | null;
  readonly isComplete: boolean;
}

const DELIVERED: JudgedFlow = {
  verdicts: new Set(["delivered"]),
  hazard: null,
  unknown: null,
  isComplete: true,
};

/** Flows of few states are enumerated at once; for the others the union graph is asked first. */
const SMALL_SUPPORT_WALKS = 1024;

function judgeFlowOverStates(world: World, kind: FlowKind<Demand>, budget: Budget): JudgedFlow {
  const small = Math.min(SMALL_SUPPORT_WALKS, budget.left);
  const first = enumerateVerdicts(world, kind, { left: small });
  if (first.isComplete || first.hazard !== null || small < SMALL_SUPPORT_WALKS) {
    budget.left -= small - first.left;
    return first;
  }
  budget.left -= small;
  const isSmall = kind.key.size === undefined;
  if (isSmall && typeof kind.demand === "string" && isDeliveredByUnion(world, kind.key, budget)) {
    return DELIVERED;
  }
  return enumerateVerdicts(world, kind, budget);
}

/** Visits the outcomes up to the budget; the hazard of the fewest stages among those of the first thousand walks is kept. */
function enumerateVerdicts(
  world: World,
  { key, demand }: FlowKind<Demand>,
  budget: Budget,
): JudgedFlow & { readonly left: number } {
  const verdicts = new Set<Verdict>();
  const limit = budget.left - SMALL_SUPPORT_WALKS;
  let hazard: RawWitness | null = null;
  let unknown: RawWitness | null = null;
  const grade = buildGrade(world, key, demand);
  const isComplete = enumerateFlow(world, key, budget, (outcome, run) => {
    verdicts.add(outcome.verdict);
    const memories = [...run.recalled.values()].filter((memory) => memory !== null);
    const graded = isForgiven(demand, memories) ? "good" : grade(outcome);
    if (graded === "good" || (graded === "unknown" && unknown !== null)) return false;
    const stages = new Map(run.support.map((host) => [host, run.stageOf[host] ?? 0]));
    const raw = { key, demand, stages, memories, isBad: isLike(grade, outcome) };
    if (graded === "unknown") unknown = raw;
    else if (hazard === null || sizeOf(raw) < sizeOf(hazard)) hazard = raw;
    return hazard !== null && budget.left < limit;
  });
  return { verdicts, hazard, unknown, isComplete, left: budget.left };
}

/**
 * A circle that only an old entry closes ends with that entry, after seconds. It is held against flows that are to arrive, not against
 * those that nobody is promised: each address that a forwarding host gives up would make one.
 */
function isForgiven(demand: Demand, memories: readonly Recollection[]): boolean {
  return demand === "free" && memories.length > 0;
}

/** What makes a witness hard to read; one without memories is easier to avoid as well. */
function sizeOf({ stages, memories }: RawWitness): number {
  return stages.size + 2 * memories.length;
}

/** The same verdict and the same grade: what a smaller witness has to show as well. */
function isLike(
  grade: (outcome: FlowOutcome) => Grade,
  outcome: FlowOutcome,
): (other: FlowOutcome) => boolean {
  const graded = grade(outcome);
  return (other) => other.verdict === outcome.verdict && grade(other) === graded;
}

function countStates(hosts: readonly StagedHost[]): string {
  return hosts.reduce((product, host) => product * BigInt(host.stages.length), 1n).toString();
}

function alikeBy(
  hosts: readonly StagedHost[],
  classes: readonly string[],
): (host: HostId) => readonly HostId[] {
  const members = new Map<string, HostId[]>();
  const own = new Map<HostId, HostId[]>();
  hosts.forEach(({ id }, index) => {
    const name = classes[index] ?? "";
    const alike = members.get(name) ?? [];
    members.set(name, alike);
    alike.push(id);
    own.set(id, alike);
  });
  return (id) => own.get(id) ?? [];
}
