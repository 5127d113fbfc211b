import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { formatIPv4, type IPv4, parseIPv4 } from "#ip/index.js";
import { defaultPlaces, type LabPlaces, labList, labReach } from "#lab/index.js";
import {
  err,
  type Host,
  type HostId,
  hostId,
  linkName,
  ok,
  type Result,
  type Snapshot,
} from "#model/index.js";
import { collectSnapshot } from "../collect/collect-snapshot.js";
import { readCollected } from "../collect/read-collected.js";
import { type Failure, InputError } from "../failure.js";
import { asResult } from "../lab/lab.js";
import { specifyNamespaces } from "../lab/specify.js";
import { deadlineBudget } from "../run/deadline.js";
import { expectCells } from "../run/expected-cells.js";
import { reachableAddresses } from "../run/open-hosts.js";
import { DEFAULT_POLICY } from "../run/policy.js";
import { type ReadyPlan, readReadyPlan } from "../run/ready-plan.js";
import { listFaults, pickFaults, type Victim } from "./fault.js";
import { canSendEchoes, type WatchedFlow } from "./flow-watch.js";
import { judgeTwin } from "./judge-twin.js";
import { say } from "./messages.js";
import type { Rehearsal, RehearsedRun, TwinState } from "./rehearsal.js";
import { runOnce, type Stage } from "./run-once.js";

/** What to rehearse. */
export interface RehearseRequest {
  readonly planPath: string;
  /** How many faults; none: only the clean run. */
  readonly faults: number | "all";
  /** Words that run this program, before its verb: the plan is carried out by another process, which can be killed. */
  readonly program: readonly [string, ...string[]];
  /** Told of each run as it ends. */
  readonly onRun: (run: RehearsedRun) => void;
  /** Aborted: the twin is taken down and the runs so far are the rehearsal. */
  readonly signal: AbortSignal;
  readonly places?: LabPlaces;
}

/** More flows than these tell nothing more and slow the machine down. */
const MAX_FLOWS = 60;

/**
 * Carries a plan out on a twin of its network on this machine: once as it is, then once for each fault. Each run has a new twin; nothing of it
 * is left behind.
 */
export async function rehearse(request: RehearseRequest): Promise<Result<Rehearsal, Failure>> {
  const ready = readReadyPlan(request.planPath);
  if (!ready.ok) return ready;
  if (ready.value.phases.length === 0) return err(say.nothingToRehearse(request.planPath));
  if (!canSendEchoes()) return err(say.noSender());
  const folder = mkdtempSync(join(tmpdir(), "pointsman-rehearsal-"));
  try {
    const stage = setStage(request, ready.value, folder);
    if (!stage.ok) return stage;
    return await asResult(() => runAll(request, ready.value, stage.value));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runAll(request: RehearseRequest, ready: ReadyPlan, stage: Stage): Promise<Rehearsal> {
  const clean = await runOnce(stage, null);
  const runs: RehearsedRun[] = [];
  const note = (run: RehearsedRun): void => {
    // A run that was broken off says nothing of the plan.
    if (stage.signal.aborted) return;
    request.onRun(run);
    runs.push(run);
  };
  note(clean.run);
  // A plan that does not even run without faults has nothing to learn from them.
  const faults = clean.run.isAsPromised ? listFaults(victimsOf(ready), clean.entries) : [];
  const chosen = request.faults === "all" ? faults : pickFaults(faults, request.faults);
  for (const fault of chosen) {
    if (stage.signal.aborted) break;
    note((await runOnce(stage, fault)).run);
  }
  return { planDigest: ready.plan.digest, hosts: ready.states[0].hosts.size, runs };
}

function setStage(
  { planPath, program, signal, places = defaultPlaces() }: RehearseRequest,
  ready: ReadyPlan,
  folder: string,
): Result<Stage, Failure> {
  const [before] = ready.states;
  const name = `rehearsal-${process.pid}`;
  const specification = specifyNamespaces(before, { name, operator: null });
  if (!specification.ok) return err(say.noTwin(specification.error));
  let runs = 0;
  return ok({
    specification: specification.value,
    places,
    program,
    flows: chooseFlows(ready),
    planPath: resolve(planPath),
    newStateFolder: () => {
      runs += 1;
      return join(folder, String(runs));
    },
    judge: () => judge({ name, places, ready }),
    deadlineSeconds: deadlineBudget(phasesOf(ready), DEFAULT_POLICY).least + SLACK_SECONDS,
    signal,
  });
}

/** For gates that agree a little later than at their first try. */
const SLACK_SECONDS = 30;

function phasesOf({ plan }: ReadyPlan): Parameters<typeof deadlineBudget>[0] {
  return plan.phases.map(({ steps, gate }) => ({
    gate,
    steps: steps.map(({ host }) => ({ host: hostId(host), forward: [], revert: [], persist: [] })),
  }));
}

/** Between every two hosts that change, by the first address that the other keeps; then to the rest, as many as are worth it. */
function chooseFlows({ states, changes }: ReadyPlan): readonly WatchedFlow[] {
  const [before] = states;
  const after = states.at(-1) ?? before;
  const kept = [...before.hosts.values()].flatMap((host) => {
    const [to] = keptAddresses(host, after);
    return to === undefined ? [] : [{ owner: host.id, to }];
  });
  const isMoving = (id: HostId): boolean => changes.has(id);
  const works = workingAt([before, after], kept);
  const flows = [...before.hosts.keys()].flatMap((from) =>
    kept
      .filter(({ owner, to }) => owner !== from && works(from, to))
      .map(({ owner, to }): WatchedFlow => ({ from, to: formatIPv4(to), owner })),
  );
  const weight = ({ from, owner }: WatchedFlow): number => Number(isMoving(from)) + Number(isMoving(owner));
  return flows.toSorted((one, other) => weight(other) - weight(one)).slice(0, MAX_FLOWS);
}

function keptAddresses(host: Host, after: Snapshot): readonly IPv4[] {
  const later = new Set(after.hosts.get(host.id)?.addresses.map(({ ip }) => ip));
  return reachableAddresses([host])
    .flatMap((text) => parseIPv4(text) ?? [])
    .filter((ip) => later.has(ip));
}

/** Whether the model says of a pair that it works at both ends: the others have nothing to lose. */
function workingAt(
  states: readonly Snapshot[],
  targets: readonly { readonly to: IPv4 }[],
): (from: HostId, to: IPv4) => boolean {
  const delivered = states.map((state) => {
    const pairs = [...state.hosts.keys()].flatMap((from) => targets.map(({ to }) => ({ from, to })));
    const cells = expectCells(state, pairs).filter(({ expected }) => expected === "delivered");
    return new Set(cells.map(({ from, to }) => `${from} ${to}`));
  });
  return (from, to) => delivered.every((pairs) => pairs.has(`${from} ${formatIPv4(to)}`));
}

function victimsOf({ phases, states }: ReadyPlan): readonly Victim[] {
  const [before] = states;
  return phases.flatMap(({ steps }, index) => {
    const host = steps[0]?.host;
    const link = before.hosts.get(host ?? ("" as HostId))?.links.find(({ type }) => type.kind === "ethernet");
    return host === undefined || link === undefined
      ? []
      : [{ phase: index + 1, host, link: linkName(link.name) }];
  });
}

interface Judged {
  readonly name: string;
  readonly places: LabPlaces;
  readonly ready: ReadyPlan;
}

async function judge({ name, places, ready }: Judged): Promise<TwinState> {
  const reach = labReach(name, places);
  const [before] = ready.states;
  try {
    const collected = await collectSnapshot({
      sessionOf: async (host) => {
        const session = await reach.open(host, "probe");
        return session.ok ? session : err({ why: session.error.why });
      },
      hosts: [...before.hosts.keys()],
      segments: before.segments.map((segment) => ({ ...segment, mtu: null, source: NOWHERE })),
    });
    const running = new Set(labList(places).find((lab) => lab.name === name)?.running);
    const absent = [...before.hosts.keys()].filter((host) => !running.has(host));
    const reading = readCollected(collected, "");
    if (!reading.ok) throw new InputError(reading.error);
    return judgeTwin(reading.value.snapshot, { before, after: ready.states.at(-1) ?? before }, absent);
  } finally {
    await reach.close();
  }
}

const NOWHERE = { file: "", line: 1, column: 1 };
