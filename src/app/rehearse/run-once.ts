import { type LabPlaces, type LabSpecification, labDown, labUp, labWords } from "#lab/index.js";
import type { HostId } from "#model/index.js";
import { type Controller, startController } from "./controller.js";
import type { Fault } from "./fault.js";
import { type WatchedFlow, type WatchedGaps, watchFlows } from "./flow-watch.js";
import { isAsPromised, type RehearsedRun, type TwinState } from "./rehearsal.js";
import { giveSmallDisk, lift, strike } from "./strike.js";
import { reachedMoment } from "./watch-journal.js";

/** What every run of one rehearsal shares. */
export interface Stage {
  readonly specification: LabSpecification;
  readonly places: LabPlaces;
  readonly flows: readonly WatchedFlow[];
  /** Words that run this program, before its verb. */
  readonly program: readonly [string, ...string[]];
  readonly planPath: string;
  /** A folder for the journals of a run; a new one for each. */
  readonly newStateFolder: () => string;
  /** Asks the hosts of the twin what they have. */
  readonly judge: () => Promise<TwinState>;
  /** Of the dead-men: as short as the plan's gates allow, for whoever rehearses waits for them. */
  readonly deadlineSeconds: number;
  /** Aborted: the operator has seen enough. */
  readonly signal: AbortSignal;
}

/** One run, and how many entries its journal had. */
export interface PlayedRun {
  readonly run: RehearsedRun;
  readonly entries: number;
}

/** Builds the twin, carries the plan out on it with this fault, judges it, and takes it down, whatever happens. */
export async function runOnce(stage: Stage, fault: Fault | null): Promise<PlayedRun> {
  const { specification, places } = stage;
  await labUp(specification, places);
  try {
    if (fault?.kind === "disk-full") await giveSmallDisk(specification.name, fault.host, places);
    return await play(stage, fault);
  } finally {
    await labDown(specification.name, places);
  }
}

async function play(stage: Stage, fault: Fault | null): Promise<PlayedRun> {
  const { specification, places, flows } = stage;
  const watch = watchFlows(flows, (host, words) => labWords(specification.name, host, words, places));
  const state = stage.newStateFolder();
  const begun = performance.now();
  try {
    const first = await carryOut(stage, { fault, state });
    if (fault !== null && fault.kind !== "controller-killed") await lift(fault, specification.name, places);
    const second = needsAnother(first.code) ? await carryOn(stage, state) : null;
    const { code, said } = second ?? first;
    const secondsToWhole = (performance.now() - (first.struckAt ?? begun)) / 1000;
    const twin = await stage.judge();
    const promised = isAsPromised(code, twin, fault) && (fault !== null || code === DONE);
    const run = {
      fault,
      exitCode: code,
      wasResumed: second !== null,
      state: twin,
      secondsToWhole,
      isAsPromised: promised,
      said: promised ? "" : said,
      ...sumUp(await watch.stop(), twin.absent),
    };
    return { run, entries: first.entries };
  } finally {
    await watch.stop();
  }
}

interface CarriedOut {
  readonly code: number | null;
  readonly said: string;
  readonly entries: number;
  readonly struckAt: number | null;
}

async function carryOut(
  stage: Stage,
  { fault, state }: { readonly fault: Fault | null; readonly state: string },
): Promise<CarriedOut> {
  const { program, planPath, specification, places } = stage;
  let entries = 0;
  let struckAt: number | null = null;
  let striking: Promise<void> = Promise.resolve();
  const words = [
    ...program,
    "apply",
    planPath,
    "--yes",
    ...optionsOf(stage, state),
    "--deadline",
    String(stage.deadlineSeconds),
    ...TWIN_OPTIONS,
  ] as const;
  const controller: Controller = startController(words, stage.signal, (event) => {
    const moment = reachedMoment(event);
    if (moment === null) return;
    entries = Math.max(entries, moment.entry);
    if (fault === null || struckAt !== null || !isTime(fault, moment)) return;
    struckAt = performance.now();
    striking = strike(fault, { lab: specification.name, places, controller });
    // It is waited for below; until then its failure is nobody's.
    striking.catch(() => undefined);
  });
  const code = await controller.ended;
  await striking;
  return { code, said: controller.said(), entries, struckAt };
}

/** A twin has no files to write to, no etcd, and no services whose logs could be watched. */
const TWIN_OPTIONS = ["--persist", "never", "--log-watch", "0", "--skip-check", "etcd-members"] as const;

function optionsOf({ specification }: Stage, state: string): readonly string[] {
  return ["--lab", specification.name, "--state", state, "--events", "-"];
}

/** Carried on by another controller, as an operator would: nobody is left to do it, or it could not tell. */
function needsAnother(code: number | null): boolean {
  return code === null || code === UNKNOWN || code === INTERRUPTED;
}

/** Without a fault, nothing else will do. */
const DONE = 0;
const UNKNOWN = 8;
const INTERRUPTED = 130;

async function carryOn(
  stage: Stage,
  state: string,
): Promise<{ readonly code: number | null; readonly said: string }> {
  const controller = startController(
    [...stage.program, "resume", ...optionsOf(stage, state)],
    stage.signal,
    () => undefined,
  );
  const code = await controller.ended;
  return { code, said: controller.said() };
}

function isTime(
  fault: Fault,
  moment: { readonly entry: number; readonly verb: string | null; readonly phase: number | null },
): boolean {
  if (fault.kind === "controller-killed") return moment.entry >= fault.entry;
  const verb = fault.moment === "armed" ? "arm" : "switch";
  return moment.verb === verb && moment.phase === fault.phase;
}

type Sums = Pick<RehearsedRun, "worst" | "lostEchoes" | "sentEchoes">;

/** What was sent by or to a host without power is no loss of the plan's making. */
function sumUp(watched: readonly WatchedGaps[], absent: readonly HostId[]): Sums {
  const gone = new Set(absent);
  const counted = watched.flatMap(({ from, to, owner, gaps }) =>
    gaps === null || gone.has(from) || gone.has(owner) ? [] : [{ from, to, owner, gaps }],
  );
  const longest = counted.reduce<(typeof counted)[number] | null>(
    (worst, each) => (each.gaps.longestGapMs > (worst?.gaps.longestGapMs ?? 0) ? each : worst),
    null,
  );
  return {
    worst: longest === null ? null : { flow: longest, longestGapMs: longest.gaps.longestGapMs },
    lostEchoes: counted.reduce((sum, { gaps }) => sum + gaps.lost, 0),
    sentEchoes: counted.reduce((sum, { gaps }) => sum + gaps.sent, 0),
  };
}
