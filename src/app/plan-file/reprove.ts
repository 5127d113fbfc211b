import { formatIPv4 } from "#ip/index.js";
import type { Snapshot } from "#model/index.js";
import {
  allowedStages,
  askEnd,
  buildDemands,
  buildEndDemands,
  checkQuorum,
  collectMembers,
  type HostChange,
  joinWiring,
  type Phase,
  wholeStages,
  withPeers,
} from "#plan/index.js";
import type { Effort, Witness } from "#prove/index.js";
import { findBrokenFlows, findUnknownFlows } from "../planning/broken-flows.js";
import { expectFlows } from "../planning/expected-flows.js";
import { findPlan } from "../planning/find-plan.js";
import type { ExpectedFlow } from "../planning/plan-outcome.js";
import { buildProve } from "../planning/proof.js";
import { type RatedChange, rateFlows } from "../planning/rate-flows.js";
import { findUntrueMark } from "./helper-stage-marks.js";
import { clustersOf, invariantsOf, operatorOf, type ReadPlan } from "./read.js";
import { renderStep } from "./render-step.js";
import { replayPlan } from "./replay.js";
import type { PlanFilePhase } from "./schema.js";
import { revertCommands } from "./write.js";

/** What became of a plan file that was judged again from nothing but its own text. */
export type Reproof =
  | { readonly kind: "proved"; readonly phases: readonly Effort[] }
  /** The plan says what does not hold: here is what, and the walk where a flow is the witness. */
  | {
      readonly kind: "refuted";
      readonly problem: string;
      readonly phase: number | null;
      readonly witness: Witness | null;
    }
  | {
      readonly kind: "unknown";
      readonly problem: string;
      readonly phase: number | null;
      readonly witness: Witness | null;
    }
  | { readonly kind: "gave-up"; readonly problem: string }
  /** The digest does not fit, and nothing that matters was found changed. */
  | { readonly kind: "altered" };

/** Carries the steps out, proves every phase, and compares everything that the file claims with what comes out. */
export function reprovePlan(given: ReadPlan): Reproof {
  const read = { ...given, ...joinWiring(given.before, given.after), target: given.after };
  const replay = replayPlan(read);
  if (replay.kind === "stuck") return refuted(`Host \`${replay.host}\`: ${replay.problem}.`);
  const proved = provePhases(read, replay.changes, replay.phases);
  if (proved.kind !== "proved") return read.isIntact ? proved : nameTheEdit(given, proved);
  const untrue = findUntrueClaim(read, replay.changes, replay.phases);
  if (untrue !== null || read.isIntact) return untrue ?? proved;
  const moved = findMovedStep(given);
  return moved === null ? { kind: "altered" } : refuted(moved);
}

/** An edited file whose claims do not hold says less than the step that was moved: that is named first. */
function nameTheEdit(read: ReadPlan, judged: Reproof): Reproof {
  if (judged.kind !== "refuted" || judged.witness !== null) return judged;
  const moved = findMovedStep(read);
  return moved === null ? judged : { ...judged, problem: `${moved} ${judged.problem}` };
}

function refuted(problem: string, phase: number | null = null): Reproof {
  return { kind: "refuted", problem, phase, witness: null };
}

/** A plan whose two networks are told in one wiring, with the network to come in its own. */
interface JoinedPlan extends ReadPlan {
  readonly target: Snapshot;
}

function provePhases(read: JoinedPlan, changes: readonly HostChange[], phases: readonly Phase[]): Reproof {
  const { before, after, target } = read;
  const clusters = clustersOf(read.plan);
  const operator = operatorOf(read.plan);
  const rated = rateFlows({
    before,
    after,
    target,
    changes,
    clusters,
    operator,
    invariants: invariantsOf(read.plan),
  });
  const strategy = read.plan.strategy ?? "live";
  const quorum = checkQuorum(clusters, strategy, new Set(changes.map((change) => change.host)));
  if (quorum !== null) return refuted(`${quorum}.`);
  const ends = judgeEnds(read, rated);
  if (ends !== null) return ends;
  const judge = buildJudge({ read, changes, phases, rated });
  const efforts: Effort[] = [];
  for (const index of phases.keys()) {
    const judged = judge(index);
    if (judged.kind !== "proved") return judged;
    efforts.push(...judged.phases);
  }
  const end = judgeMemories({ read, changes, phases, rated });
  if (end !== null) return end;
  return { kind: "proved", phases: efforts };
}

interface Judging {
  readonly read: ReadPlan;
  readonly changes: readonly HostChange[];
  readonly phases: readonly Phase[];
  readonly rated: RatedChange;
}

/** Judges one phase by its index: its states, and the matrix that the file claims for it. */
function buildJudge({ read, changes, phases, rated }: Judging): (index: number) => Reproof {
  const { segments } = read.before;
  const hosts = [...read.before.hosts.values()];
  const staged = [...hosts, ...changes.flatMap((change) => change.stages)];
  const members = collectMembers(clustersOf(read.plan), staged, operatorOf(read.plan));
  const strategy = read.plan.strategy ?? "live";
  const demands = buildDemands(rated.rate, strategy, members);
  const prove = withPeers(buildProve(rated), { clusters: clustersOf(read.plan), strategy, rate: rated.rate });
  const whole = wholeStages({ hosts, changes });
  return (index) => {
    const moving = new Set(phases[index]?.steps.map((step) => step.host));
    const together = [...moving].filter((host) => members.hosts.has(host)).length;
    if (strategy === "rolling-stop" && together > 1) {
      return refuted(
        `Phase ${index + 1} moves ${together} cluster members at once; \`rolling-stop\` allows one.`,
        index,
      );
    }
    const stages = allowedStages({ hosts, changes }, phases, index);
    const answer = prove({ hosts: stages, segments, demandOf: demands(moving), moving, whole });
    if (answer.kind === "gave-up") return { kind: "gave-up", problem: answer.why };
    if (answer.kind !== "proved") return notProved(answer.kind, answer.witness, index);
    const claim = compareExpected(read.plan.phases[index], expectFlows(answer.proof, stages, segments));
    if (claim !== null) return refuted(`Phase ${index + 1}: ${claim}.`, index);
    const size = compareEffort(read.plan.phases[index], answer.proof.effort);
    if (size !== null) return refuted(`Phase ${index + 1}: ${size}.`, index);
    return { kind: "proved", phases: [answer.proof.effort] };
  };
}

/** The end with what caches may still remember of the way; null where it is good. */
function judgeMemories({ read, changes, phases, rated }: Judging): Reproof | null {
  const { hosts, segments } = read.before;
  const staging = { hosts: [...hosts.values()], changes, segments };
  const answer = buildProve(rated)(askEnd(staging, phases, buildEndDemands(rated.rate)));
  if (answer.kind === "gave-up") return { kind: "gave-up", problem: answer.why };
  return answer.kind === "proved" ? null : notProved(answer.kind, answer.witness, phases.length - 1);
}

function notProved(kind: "hazard" | "unknown", witness: Witness, phase: number): Reproof {
  const problem = describeWitness(witness, phase);
  return { kind: kind === "hazard" ? "refuted" : "unknown", problem, phase, witness };
}

function judgeEnds(
  { after }: { readonly after: Snapshot },
  rated: ReturnType<typeof rateFlows>,
): Reproof | null {
  const [broken] = findBrokenFlows(rated, after);
  if (broken !== undefined) {
    return refuted(
      `The flow from \`${broken.from}\` to \`${broken.to}\`${sized(broken)} works before the plan and is ${broken.after.join(" or ")} after it.`,
    );
  }
  const [unknown] = findUnknownFlows(rated);
  if (unknown === undefined) return null;
  const problem = `The flow from \`${unknown.from}\` to \`${unknown.to}\` depends on what is not modelled.`;
  return { kind: "unknown", problem, phase: null, witness: null };
}

function describeWitness(witness: Witness, phase: number): string {
  const stages = witness.stages.map(
    ({ host, stage }) => `\`${host}\` after ${stage} of its operations of the phase`,
  );
  const state = stages.length === 0 ? "in every state" : `with ${stages.join(", ")}`;
  return `Phase ${phase + 1}: ${state}, the flow from \`${witness.flow.from}\` to \`${formatIPv4(witness.flow.to)}\`${sized(witness.flow)} is ${witness.verdict}.`;
}

function sized({ size }: { readonly size?: "full" }): string {
  return size === undefined ? "" : " with full-size packets";
}

function compareEffort(phase: PlanFilePhase | undefined, { states, flows }: Effort): string | null {
  const said = phase?.proof;
  if (said?.states === states && said.flows === flows) return null;
  return `the plan was proved for ${said?.states ?? 0} states and ${said?.flows ?? 0} flows, and its text has ${states} states and ${flows} flows`;
}

function compareExpected(phase: PlanFilePhase | undefined, found: readonly ExpectedFlow[]): string | null {
  const key = ({ from, to }: { readonly from: string; readonly to: string }): string => `${from} ${to}`;
  const claimed = new Map((phase?.expected ?? []).map((flow) => [key(flow), flow]));
  for (const flow of found) {
    const claim = claimed.get(key(flow));
    const isSame =
      claim !== undefined &&
      String(claim.during) === String(flow.during) &&
      String(claim.after) === String(flow.after);
    if (!isSame) {
      const said =
        claim === undefined ? "nothing" : `${claim.during.join("/")}, then ${claim.after.join("/")}`;
      return `the plan expects ${said} of the flow from \`${flow.from}\` to \`${flow.to}\`, and it is ${flow.during.join("/")}, then ${flow.after.join("/")}`;
    }
  }
  return claimed.size === found.length ? null : "the plan expects flows that do not exist";
}

/** Commands are for people and machines to run: they must say what the operations say. */
function findUntrueClaim(
  { plan }: ReadPlan,
  changes: readonly HostChange[],
  phases: readonly Phase[],
): Reproof | null {
  const mark = findUntrueMark(plan);
  if (mark !== null) return refuted(mark);
  const stages = new Map<string, HostChange>(changes.map((change) => [change.host, change]));
  for (const [index, phase] of plan.phases.entries()) {
    for (const [position, step] of phase.steps.entries()) {
      const wrong = step.operations.find(
        ({ command, operation }) => command !== renderStep(step.host, operation),
      );
      if (wrong !== undefined) {
        return refuted(
          `Host \`${step.host}\`: the command \`${wrong.command}\` is not what its operation says (\`${renderStep(step.host, wrong.operation)}\`).`,
          index,
        );
      }
      const at = phases[index]?.steps[position];
      const own = stages.get(step.host)?.stages;
      const back = revertCommands(step.host, own?.slice(at?.fromStage ?? 0, (at?.toStage ?? 0) + 1) ?? []);
      if (String(back) !== String(step.revert))
        return refuted(
          `Host \`${step.host}\`: the way back of its step in phase ${index + 1} does not lead back.`,
          index,
        );
    }
  }
  return null;
}

/** For a file whose digest does not fit: where its steps differ from those of a fresh plan for the same networks. */
function findMovedStep({ plan, before, after }: ReadPlan): string | null {
  const fresh = findPlan({
    before,
    after,
    clusters: clustersOf(plan),
    operator: operatorOf(plan),
    invariants: invariantsOf(plan),
    strategies: [plan.strategy ?? "live"],
  });
  if (fresh.kind !== "proved") return null;
  const changes = new Map(fresh.change.changes.map((change) => [change.host as string, change]));
  const expected = fresh.phases.flatMap((phase, index) =>
    phase.steps.flatMap(({ host, fromStage, toStage }) =>
      (changes.get(host)?.operations ?? [])
        .slice(fromStage, toStage)
        .map((operation) => ({ host: host as string, phase: index, command: renderStep(host, operation) })),
    ),
  );
  const found = plan.phases.flatMap((phase, index) =>
    phase.steps.flatMap(({ host, operations }) =>
      operations.map(({ command }) => ({ host, phase: index, command })),
    ),
  );
  for (let position = 0; position < Math.max(expected.length, found.length); position += 1) {
    const [want, have] = [expected[position], found[position]];
    if (want?.host === have?.host && want?.phase === have?.phase && want?.command === have?.command) continue;
    return `The file was edited: operation ${position + 1} is ${describeStep(have)}, and a fresh plan has ${describeStep(want)} there. Its altered steps hold, but they are not the plan that was made.`;
  }
  return null;
}

function describeStep(
  step: { readonly host: string; readonly phase: number; readonly command: string } | undefined,
): string {
  return step === undefined
    ? "nothing"
    : `\`${step.command}\` on \`${step.host}\` in phase ${step.phase + 1}`;
}
