import type { Cell, CellReading } from "../cell.js";
import { messages } from "../messages.js";
import { leaveIfWished, type RunContext } from "./context.js";

/** What is to agree, how often, and until when. */
export interface GateAsk {
  /** 0: the baseline. */
  readonly phase: number;
  readonly cells: readonly Cell[];
  readonly consecutive: number;
  readonly settleSeconds: number;
  /** In the controller's monotonic milliseconds. */
  readonly untilMs: number;
  /** Whether etcd must have its quorum each time. */
  readonly withQuorum: boolean;
  /** Whether a wish to take everything back ends it; on the way back that wish is being granted, and the network needs its time. */
  readonly endsOnAbort: boolean;
}

/** Whether it agreed; `what` says what did not, or how often it did. */
export interface GateAnswer {
  readonly passed: boolean;
  readonly what: readonly string[];
  /** Of the last measurement. */
  readonly disagreements: readonly CellReading[];
}

const SHORTEST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5000;
/** So many cells are named; the rest is counted. */
const MOST_NAMED = 8;

/**
 * Measures until all cells agree `consecutive` times in a row over at least `settleSeconds`, or the time is over, or the operator takes
 * everything back, where that ends it. A cell that was not measured, and a quorum that was not measured, agree with nothing; one disagreement counts from anew.
 */
export async function passGate(run: RunContext, ask: GateAsk): Promise<GateAnswer> {
  const { clock, emit } = run.ports;
  let agreements = 0;
  let firstMs = 0;
  for (;;) {
    leaveIfWished(run);
    const startedMs = clock.monotonicMs();
    const { disagreements, what } = await lookOnce(run, ask);
    const nowMs = clock.monotonicMs();
    agreements = what.length === 0 ? agreements + 1 : 0;
    if (agreements === 1) firstMs = startedMs;
    const secondsLeft = Math.max(0, Math.round((ask.untilMs - nowMs) / 1000));
    const { phase, consecutive: wanted } = ask;
    emit({ kind: "gate", phase, agreements, wanted, disagreements, secondsLeft });
    const isEnough = agreements >= wanted && nowMs - firstMs >= ask.settleSeconds * 1000;
    if (isEnough && nowMs <= ask.untilMs) {
      return { passed: true, what: [messages.agreed(agreements)], disagreements };
    }
    const pauseMs = pauseOf(ask);
    if (nowMs + pauseMs > ask.untilMs || isAborted(run, ask)) {
      return { passed: false, what: what.length > 0 ? what : [messages.tooLate()], disagreements };
    }
    await clock.sleep(pauseMs);
  }
}

function isAborted(run: RunContext, { endsOnAbort }: GateAsk): boolean {
  return endsOnAbort && run.ports.control.wish() === "abort";
}

function pauseOf({ consecutive, settleSeconds }: GateAsk): number {
  const even = (settleSeconds * 1000) / Math.max(1, consecutive - 1);
  return Math.min(LONGEST_PAUSE_MS, Math.max(SHORTEST_PAUSE_MS, even));
}

async function lookOnce(
  run: RunContext,
  ask: GateAsk,
): Promise<{ readonly disagreements: readonly CellReading[]; readonly what: readonly string[] }> {
  const [readings, quorum] = await Promise.all([
    ask.cells.length === 0 ? [] : run.ports.measure(ask.cells),
    ask.withQuorum ? run.ports.health("quorum") : ({ kind: "healthy" } as const),
  ]);
  const disagreements = disagreementsOf(ask.cells, readings);
  const cells = disagreements.slice(0, MOST_NAMED).map(messages.cell);
  const rest = disagreements.length - cells.length;
  return {
    disagreements,
    what: [
      ...cells,
      ...(rest > 0 ? [messages.moreCells(rest)] : []),
      ...(quorum.kind === "healthy" ? [] : [messages.noQuorum(quorum)]),
    ],
  };
}

/** Readings that do not show what was expected; a cell without a reading was not measured. */
function disagreementsOf(cells: readonly Cell[], readings: readonly CellReading[]): readonly CellReading[] {
  const byPair = new Map(readings.map((reading) => [pairOf(reading.cell), reading]));
  return cells
    .map((cell): CellReading => {
      const reading = byPair.get(pairOf(cell));
      return reading === undefined
        ? { cell, observed: "not-measured", why: messages.noReading() }
        : { ...reading, cell };
    })
    .filter(({ cell, observed }) => cell.expected !== "any" && cell.expected !== observed);
}

function pairOf({ from, to }: Cell): string {
  return `${from} ${to}`;
}
