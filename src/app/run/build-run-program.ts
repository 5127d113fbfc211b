import { formatIPv4 } from "#ip/index.js";
import {
  type ConfigurationTree,
  err,
  type Fleet,
  type HostId,
  hostId,
  ok,
  type Result,
} from "#model/index.js";
import { describeDifference, isWiringHost, type Step } from "#plan/index.js";
import type { HostStep, PersistItem, RunPhase, RunPolicy, RunProgram } from "#rollout/index.js";
import type { Failure } from "../failure.js";
import { deadlineBudget } from "./deadline.js";
import { choosePairs, expectCells } from "./expected-cells.js";
import { say } from "./messages.js";
import { persistItems } from "./persist-items.js";
import { DEFAULT_POLICY } from "./policy.js";
import type { ReadyPlan } from "./ready-plan.js";
import { stepCommands } from "./run-commands.js";
import { servicesToStop } from "./run-services.js";

/** What a program is built from besides the plan. */
export interface BuildRequest {
  readonly runId: string;
  readonly fleet: Fleet | null;
  readonly policy: Partial<RunPolicy>;
  /** The tree of the new configuration files; not asked for anything where nothing is to be written. */
  readonly openTree: () => Result<ConfigurationTree, Failure>;
  readonly systems: ReadonlyMap<string, string>;
}

/** Makes a proved plan ready to run: commands there and back, what is written at the end, what is measured in between, and how long it may take. */
export function buildRunProgram(ready: ReadyPlan, request: BuildRequest): Result<RunProgram, Failure> {
  const { plan, states } = ready;
  const phases = buildPhases(ready, request);
  if (!phases.ok) return phases;
  const policy = settlePolicy(phases.value, request.policy);
  if (!policy.ok) return policy;
  const changed = new Set(phases.value.flatMap(({ steps }) => steps.map(({ host }) => host)));
  const services = servicesToStop(plan.strategy ?? "live", request.fleet, changed);
  if (!services.ok) return services;
  return ok({
    runId: request.runId,
    fleet: plan.fleet,
    planDigest: plan.digest,
    strategy: plan.strategy ?? "live",
    hosts: fleetHosts(ready),
    baseline: expectCells(states[0], choosePairs(plan, states)),
    phases: phases.value,
    services: services.value,
    movingAddresses: (request.fleet?.clusters ?? []).flatMap(({ vip }) =>
      vip === null ? [] : formatIPv4(vip),
    ),
    policy: policy.value,
  });
}

/** All hosts that the run has to do with, sorted: those of the fleet, or of the snapshots where the plan knows no fleet. */
export function fleetHosts({ plan, states }: ReadyPlan): readonly HostId[] {
  const listed = plan.hosts.map(({ name }) => hostId(name));
  const known = listed.length > 0 ? listed : [...states[0].hosts.keys()];
  return known.filter((host) => !isWiringHost(host)).sort((a, b) => (a < b ? -1 : 1));
}

function buildPhases(ready: ReadyPlan, request: BuildRequest): Result<readonly RunPhase[], Failure> {
  const { plan, states } = ready;
  const pairs = choosePairs(plan, states);
  const persist = findPersist(ready, request);
  if (!persist.ok) return persist;
  const phases: RunPhase[] = [];
  for (const [index, phase] of ready.phases.entries()) {
    const steps: HostStep[] = [];
    for (const step of phase.steps) {
      const built = buildStep(ready, step, { index, persist: persist.value });
      if (!built.ok) return built;
      steps.push(built.value);
    }
    const gate = plan.phases[index]?.gate ?? { consecutive: 3, settleSeconds: 5, timeoutSeconds: 120 };
    const expected = expectCells(states[index + 1] ?? states[0], pairs);
    phases.push({
      number: index + 1,
      steps: [...steps, ...fileSteps(ready, index, persist.value)],
      gate,
      expected,
    });
  }
  return ok(phases);
}

type Persist = ReadonlyMap<HostId, readonly PersistItem[]>;

function buildStep(
  ready: ReadyPlan,
  step: Step,
  { index, persist }: { readonly index: number; readonly persist: Persist },
): Result<HostStep, Failure> {
  const change = ready.changes.get(step.host);
  if (change === undefined) throw new RangeError(`a step of \`${step.host}\`, which does not change`);
  const commands = stepCommands(step, change);
  const [first, last] = [change.stages[step.fromStage], change.stages[step.toStage]];
  const hasNoWayBack = commands.revert.length === 0 && commands.forward.length > 0;
  if (hasNoWayBack && first !== undefined && last !== undefined && describeDifference(last, first).length > 0)
    return err(say.noWayBack(step.host, index + 1));
  const isLast = !ready.phases
    .slice(index + 1)
    .some(({ steps }) => steps.some(({ host }) => host === step.host));
  return ok({ ...commands, persist: isLast ? (persist.get(step.host) ?? []) : [] });
}

/** Hosts whose files change and whose network does not are written to with the last phase. */
function fileSteps(ready: ReadyPlan, index: number, persist: Persist): readonly HostStep[] {
  if (index + 1 < ready.phases.length) return [];
  return [...persist]
    .filter(([host, items]) => items.length > 0 && !ready.changes.has(host))
    .map(([host, items]) => ({ host, forward: [], revert: [], persist: items }));
}

/** What is written to each host; a host whose network changes for good and whose files do not say so is refused. */
function findPersist(ready: ReadyPlan, request: BuildRequest): Result<Persist, Failure> {
  if ((request.policy.persist ?? DEFAULT_POLICY.persist) === "never") return ok(new Map());
  const { files } = ready.plan;
  const unwritten = [...ready.changes].filter(
    ([host, { stages }]) => changesForGood(stages) && !files.some((file) => file.host === host),
  );
  if (unwritten.length > 0) return err(say.nothingToWrite(unwritten.map(([host]) => host)));
  const isIdle = ready.phases.length === 0 || files.length === 0;
  const tree = isIdle ? null : request.openTree();
  if (tree === null) return ok(new Map());
  if (!tree.ok) return tree;
  const persist = new Map<HostId, readonly PersistItem[]>();
  for (const host of new Set(files.map((file) => hostId(file.host)))) {
    const own = files.filter((file) => file.host === host);
    // A system is asked for only where the network changes: what else stands in the modules is not Pointsman's to roll out.
    const wanted = ready.changes.has(host) ? own : own.filter(({ dialect }) => dialect !== "nixos");
    const system = ready.changes.has(host) ? (request.systems.get(host) ?? null) : null;
    const items = persistItems({ host, files: wanted, tree: tree.value, system });
    if (!items.ok) return items;
    persist.set(host, items.value);
  }
  return ok(persist);
}

function changesForGood(stages: readonly Parameters<typeof describeDifference>[0][]): boolean {
  const [first, last] = [stages[0], stages.at(-1)];
  return first !== undefined && last !== undefined && describeDifference(first, last).length > 0;
}

/** The deadline is what the phases need with all their patience; a shorter one that was given must let a gate pass at all, and cuts its patience. */
function settlePolicy(phases: readonly RunPhase[], given: Partial<RunPolicy>): Result<RunPolicy, Failure> {
  const wanted = { ...DEFAULT_POLICY, ...given };
  const budget = deadlineBudget(phases, wanted);
  const { deadlineSeconds = budget.patient } = given;
  if (deadlineSeconds < budget.least) return err(say.deadlineTooShort(deadlineSeconds, budget.least));
  if (wanted.pauses && wanted.order !== "one-by-one") return err(say.pausesAlone());
  return ok({ ...wanted, deadlineSeconds });
}
