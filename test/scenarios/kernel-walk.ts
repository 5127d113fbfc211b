import type { PlanOutcome } from "#app/index.js";
import {
  buildSnapshotWorld,
  hasMixedMtus,
  judgeFlow,
  judgeMatrix,
  ownedAddresses,
} from "#dataplane/index.js";
import { formatIPv4, type IPv4, parseIPv4 } from "#ip/index.js";
import { type Host, hostId } from "#model/index.js";
import { compareFlow, type SimulatedFlow, simulatedMatrix } from "../lab/compare.js";
import type { FlowQuestion } from "../lab/fleet-specification.js";
import type { Laboratory } from "../lab/laboratory.js";
import { type RandomSource, randomSource } from "../lab/random-source.js";
import { isWiring, type KernelChange, renamed } from "./kernel-twin.js";
import { outsideOf } from "./outside.js";
import { smallestWitness } from "./planned.js";
import type { Scenario } from "./scenario.js";
import { type StageNumbers, seedOf } from "./states.js";
import { hostsIn, openTwin, type Twin } from "./twin.js";
import { changeOf, chooseStops, randomOrder } from "./way.js";

/** How much is looked at. */
export interface WalkOptions {
  /** States between before and after. */
  readonly between: number;
  /** Flows asked at both ends, and at each state between; all where there are fewer. */
  readonly flowsAtEnds: number;
  readonly flowsBetween: number;
  /** Ways gone through each scenario at least. */
  readonly ways: number;
}

/** Few operations make short ways: some more are gone, until enough different states have been looked at or there are no more. */
const MOST_WAYS = 6;

/** What came of one scenario. */
export interface WalkReport {
  readonly stops: number;
  readonly flows: number;
  readonly verdicts: Readonly<Record<string, number>>;
  /** Flows that the simulator calls unknown. */
  readonly unknown: number;
  /** What differed and then, twice looked at anew, did not. */
  readonly unsteady: readonly string[];
  readonly differences: readonly string[];
}

/** Goes through a scenario in namespaces, stop by stop, and compares each flow with the simulator. */
export async function walkScenario(
  laboratory: Laboratory,
  { scenario, outcome }: { readonly scenario: Scenario; readonly outcome: PlanOutcome },
  options: WalkOptions,
): Promise<WalkReport> {
  const found = changeOf(scenario, outcome);
  const { before, changes } = found ?? { before: scenario.before, changes: [] };
  const change = renamed(before, changes);
  const walk = startWalk(laboratory, change, { options, report: emptyReport() });
  const seen = new Set<string>();
  for (let way = 0; way < options.ways || (seen.size < options.between + 2 && way < MOST_WAYS); way += 1) {
    const random = randomSource(seedOf(scenario.name) + way);
    const order = randomOrder(changes, outcome, random);
    const stops = chooseStops(order, options.between, random).filter((stop) => !seen.has(stop.join()));
    if (stops.length > 0) await walkStops(walk, stops, random);
    for (const stop of stops) seen.add(stop.join());
  }
  const witness = witnessOf({ ...change, changes }, outcome);
  if (witness !== null) {
    const targets = [...walk.targets, witness.to];
    await walkStops({ ...walk, targets, first: [witness.question] }, [witness.numbers], randomSource(1));
  }
  if (found === null) await walkTarget(walk, scenario);
  return walk.report;
}

interface Walk {
  readonly laboratory: Laboratory;
  readonly change: KernelChange;
  readonly targets: readonly IPv4[];
  readonly questions: readonly FlowQuestion[];
  /** Asked at each stop before those that are drawn. */
  readonly first: readonly FlowQuestion[];
  readonly options: WalkOptions;
  readonly report: Mutable;
}

function startWalk(
  laboratory: Laboratory,
  change: KernelChange,
  rest: Pick<Walk, "options" | "report">,
): Walk {
  const targets = targetsOf(change);
  return { laboratory, change, targets, questions: questionsOf(change, targets), first: [], ...rest };
}

interface Mutable {
  stops: number;
  flows: number;
  readonly verdicts: Record<string, number>;
  unknown: number;
  readonly unsteady: string[];
  readonly differences: string[];
}

function emptyReport(): Mutable {
  return { stops: 0, flows: 0, verdicts: {}, unknown: 0, unsteady: [], differences: [] };
}

/** A target to which no operations lead is built by itself. */
async function walkTarget(walk: Walk, { after }: Scenario): Promise<void> {
  const change = renamed(after, []);
  await walkStops(
    startWalk(walk.laboratory, change, { options: walk.options, report: walk.report }),
    [[]],
    randomSource(1),
  );
}

async function walkStops(walk: Walk, stops: readonly StageNumbers[], random: RandomSource): Promise<void> {
  const { laboratory, change, options, report } = walk;
  const twin = await openTwin(laboratory, change);
  const doubtful: {
    readonly numbers: StageNumbers;
    readonly question: FlowQuestion;
    readonly why: string;
  }[] = [];
  for (const [index, numbers] of stops.entries()) {
    const isEnd = index === 0 || index === stops.length - 1;
    const asked = isEnd ? options.flowsAtEnds : options.flowsBetween;
    const questions = [...walk.first, ...random.shuffled(walk.questions)].slice(0, asked);
    const wrong = await twin.moveTo(numbers);
    report.differences.push(...wrong.map((line) => `stages ${numbers.join(" ")}: ${line}`));
    report.stops += 1;
    for (const { question, why } of await compareHere(walk, { twin, numbers, questions, pace: "hasty" }))
      doubtful.push({ numbers, question, why });
  }
  for (const doubt of doubtful) await lookAgain(walk, doubt);
}

interface Look {
  readonly twin: Twin;
  readonly numbers: StageNumbers;
  readonly questions: readonly FlowQuestion[];
  readonly pace: "hasty" | "patient";
}

async function compareHere(
  walk: Walk,
  { twin, numbers, questions, pace }: Look,
): Promise<readonly { readonly question: FlowQuestion; readonly why: string }[]> {
  const { report } = walk;
  const simulated = simulate(walk, hostsIn(walk.change, numbers), questions);
  const flows = await twin.ask(questions, pace);
  if (pace === "hasty") report.flows += flows.length;
  return flows.flatMap((flow) => {
    const { from, to, size, verdict } = flow;
    if (pace === "hasty") report.verdicts[verdict] = (report.verdicts[verdict] ?? 0) + 1;
    const compared = compareFlow(flow, simulated.get(`${from} ${to} ${size}`));
    if (compared.kind === "unknown" && pace === "hasty") report.unknown += 1;
    if (compared.kind !== "disagreed") return [];
    const question = { from, to, ...(size === undefined ? {} : { size }) };
    return [{ question, why: compared.differences.join("; ") }];
  });
}

const FRESH_LOOKS = 2;

/** The kernel remembers more than a flush takes away: each look is at a fleet built anew. */
async function lookAgain(
  walk: Walk,
  doubt: { readonly numbers: StageNumbers; readonly question: FlowQuestion; readonly why: string },
): Promise<void> {
  const { numbers, question } = doubt;
  const { from, to, size } = question;
  const line = `stages ${numbers.join(" ")}: ${from} to ${to}${size === undefined ? "" : ` (${size})`}: ${doubt.why}`;
  for (let look = 0; look < FRESH_LOOKS; look += 1) {
    const twin = await openTwin(walk.laboratory, walk.change);
    await twin.moveTo(numbers);
    const still = await compareHere(walk, { twin, numbers, questions: [question], pace: "patient" });
    if (still.length > 0) {
      walk.report.differences.push(line);
      return;
    }
  }
  walk.report.unsteady.push(line);
}

/** What the simulator says, by sender, address and size. */
function simulate(
  { change, targets }: Walk,
  hosts: readonly Host[],
  questions: readonly FlowQuestion[],
): ReadonlyMap<string, SimulatedFlow> {
  const snapshot = { hosts: new Map(hosts.map((host) => [host.id, host])), segments: change.segments };
  const matrix = judgeMatrix(snapshot, { extra: targets, isTraced: false });
  const world = buildSnapshotWorld(snapshot);
  const sized = questions.flatMap(({ from, to, size }) => {
    const host = world.indexOf.get(hostId(from));
    const address = parseIPv4(to);
    if (size === undefined || host === undefined || address === null) return [];
    return [judgeFlow(world, { host, to: address, size }, false)];
  });
  const flows = [...matrix, ...sized];
  const sizes = flows.map(({ size }) => size);
  const parsed = simulatedMatrix.shape.flows.parse(flows);
  return new Map(parsed.map((flow, index) => [`${flow.from} ${flow.to} ${sizes[index]}`, flow]));
}

/** Each host of the fleet to each address of any stage, and to one of each network outside; with full-size packets too where MTUs differ. */
function questionsOf(
  { hosts, segments, changes }: KernelChange,
  targets: readonly IPv4[],
): readonly FlowQuestion[] {
  const small = hosts
    .filter((host) => !isWiring(host))
    .flatMap((host) => targets.map((to): FlowQuestion => ({ from: host.id, to: formatIPv4(to) })));
  const staged = [
    ...hosts.map((host) => ({ id: host.id, stages: [host] })),
    ...changes.map(({ host, stages }) => ({ id: host, stages })),
  ];
  if (!hasMixedMtus(staged, segments)) return small;
  return [...small, ...small.map((question): FlowQuestion => ({ ...question, size: "full" }))];
}

function targetsOf({ hosts, changes }: KernelChange): readonly IPv4[] {
  const stages = [...hosts, ...changes.flatMap((change) => change.stages)];
  return [...ownedAddresses(stages), ...outsideOf(stages)];
}

/** Where the smallest witness of a change without a plan stands, and its flow. */
function witnessOf({ changes }: KernelChange, outcome: PlanOutcome): Witnessed | null {
  const witness = outcome.kind === "proved" ? null : smallestWitness(outcome);
  if (witness === null) return null;
  const { histories } = witness.state();
  const done = [...histories.values()].map((stages) => stages.length - 1);
  const places = new Map([...histories.keys()].map((host, index) => [host, done[index] ?? 0]));
  return {
    numbers: changes.map(({ host }) => places.get(host) ?? 0),
    question: {
      from: witness.flow.from,
      to: formatIPv4(witness.flow.to),
      ...(witness.flow.size === undefined ? {} : { size: witness.flow.size }),
    },
    to: witness.flow.to,
  };
}

interface Witnessed {
  readonly numbers: StageNumbers;
  readonly question: FlowQuestion;
  readonly to: IPv4;
}
