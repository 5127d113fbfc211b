import type { HostId } from "#model/index.js";
import { messages } from "../messages.js";
import type { RunOutcome } from "../outcome.js";
import { confirmedHosts, type Standing, TAKE_ALL_BACK } from "../where-it-stood.js";
import { giveBack, releaseRecord } from "./claims.js";
import { append, endRun, type RunContext, standingOf } from "./context.js";
import { expectedBefore } from "./gate.js";
import type { Halt } from "./halt.js";
import { awaitHealth } from "./health.js";
import { type GateAnswer, passGate } from "./measure.js";
import { servicesHeld, startServices } from "./services.js";
import { type Trouble, takeBackPhase } from "./take-back.js";

/**
 * Takes back the phase that was not finished, and those before it as the policy or the operator says; measures, starts what was stopped, and
 * ends the run. Goes by the journal, so whoever resumes a take-back calls it too.
 */
export async function wayBack(run: RunContext, halted: Halt): Promise<RunOutcome> {
  if (halted.scope === "all") await append(run, { kind: "note", what: TAKE_ALL_BACK, detail: halted.why });
  const standing = standingOf(run);
  const numbers = phasesToTakeBack(standing);
  const hadServices = standing.records.some(({ phase }) => phase === null);
  if (numbers.length === 0 && !hadServices && standing.phases.size === 0) return nothingChanged(run, halted);
  for (const number of numbers) await decideTakeBack(run, number, halted.why);
  const trouble: Trouble = { failed: new Map(), silent: new Set() };
  for (const number of numbers) await takeBackPhase(run, number, trouble);
  const outcome = await judge(run, { why: halted.why, numbers, trouble });
  if (outcome.kind === "rolled-back" || outcome.kind === "kept") await putAway(run);
  return endRun(run, outcome);
}

async function nothingChanged(run: RunContext, { why }: Halt): Promise<RunOutcome> {
  await giveBack(run);
  return endRun(run, { kind: "refused", why, hint: messages.nothingChangedHint() });
}

/** From the last to the first. A phase stays only if it is whole, the policy keeps it, and so does nothing before it go. */
function phasesToTakeBack(standing: Standing): readonly number[] {
  const { program, phases } = standing;
  const takesAll = program.policy.onFailure === "revert-all" || standing.notes.has(TAKE_ALL_BACK);
  const begun = [...phases.keys()].sort((a, b) => b - a);
  const lowest = begun.findLast((number) => takesAll || !isWhole(standing, number));
  return lowest === undefined ? [] : begun.filter((number) => number >= lowest);
}

function isWhole(standing: Standing, number: number): boolean {
  const steps = standing.program.phases.find((phase) => phase.number === number)?.steps ?? [];
  const confirmed = confirmedHosts(standing, number);
  return (
    standing.phases.get(number)?.decision === "confirm" && steps.every(({ host }) => confirmed.has(host))
  );
}

async function decideTakeBack(run: RunContext, number: number, why: string): Promise<void> {
  if (standingOf(run).phases.get(number)?.decision === "take-back") return;
  await append(run, { kind: "decision", phase: number, decision: "take-back", why });
}

interface Back {
  readonly why: string;
  readonly numbers: readonly number[];
  readonly trouble: Trouble;
}

async function judge(run: RunContext, back: Back): Promise<RunOutcome> {
  const matrix = await measureOld(run, back);
  const stillStopped = await startServices(run);
  const wrong = byTrouble(back) ?? byServices(run, stillStopped) ?? byMatrix(back, matrix);
  if (wrong !== null) return wrong;
  const ill = await awaitHealth(run, "back");
  return ill === null ? asItShould(run, back) : incomplete(messages.backButIll(back.why, ill), []);
}

/** For a measurement where no phase says how long. */
const WITHOUT_PHASE_SECONDS = 10;

/** Where begun phases stay, and all of them, nothing went back that could be measured: why they are not done is said already. */
async function measureOld(run: RunContext, { numbers, trouble }: Back): Promise<GateAnswer> {
  if (numbers.length === 0 && standingOf(run).phases.size > 0) {
    return { passed: true, what: [], disagreements: [] };
  }
  const lowest = numbers.at(-1) ?? 1;
  const gate = run.program.phases.find(({ number }) => number === lowest)?.gate;
  // Where hosts are not as they were, waiting for the network to be as it was helps nobody: it is looked at once, for the record.
  const seconds =
    trouble.failed.size + trouble.silent.size > 0 ? 0 : (gate?.timeoutSeconds ?? WITHOUT_PHASE_SECONDS);
  const answer = await passGate(run, {
    phase: lowest - 1,
    cells: expectedBefore(run, lowest),
    consecutive: 1,
    settleSeconds: 0,
    untilMs: run.ports.clock.monotonicMs() + seconds * 1000,
    withQuorum: false,
    endsOnAbort: false,
  });
  await append(run, { kind: "note", what: "matrix-after-take-back", detail: answer.what.join("; ") });
  return answer;
}

function byTrouble({ why, trouble }: Back): RunOutcome | null {
  if (trouble.failed.size > 0) {
    const what = [...trouble.failed.values()].join("; ");
    return incomplete(messages.backIncomplete(why, what), [...trouble.failed.keys()]);
  }
  if (trouble.silent.size === 0) return null;
  const hosts = [...trouble.silent].sort();
  return { kind: "unknown", why: messages.backUnknown(why, hosts), hosts };
}

function byServices(run: RunContext, left: string | null): RunOutcome | null {
  if (left === null) return null;
  const hosts = [...new Set(servicesHeld(run).flatMap((held) => held.hosts))].sort();
  return { kind: "unknown", why: left, hosts };
}

function byMatrix({ why }: Back, { passed, what, disagreements }: GateAnswer): RunOutcome | null {
  if (passed) return null;
  const hosts = [...new Set(disagreements.map(({ cell }) => cell.from))].sort();
  const isUnmeasured = disagreements.every(({ observed }) => observed === "not-measured");
  return isUnmeasured
    ? { kind: "unknown", why: messages.backUnmeasured(why, what), hosts }
    : incomplete(messages.backDiffers(why, what), hosts);
}

function incomplete(why: string, hosts: readonly HostId[]): RunOutcome {
  return { kind: "rollback-incomplete", why, hosts };
}

function asItShould(run: RunContext, { why, numbers }: Back): RunOutcome {
  const phases = standingOf(run).phases.size - numbers.length;
  return phases === 0 ? { kind: "rolled-back", why } : { kind: "kept", phases, why };
}

/** What was taken back has no use any more, and the hosts are free. */
async function putAway(run: RunContext): Promise<void> {
  for (const { id, hosts } of standingOf(run).records) {
    const reverted = [...hosts].filter(
      ([, words]) => words.get("revert") === "done" && words.get("release") !== "done",
    );
    await releaseRecord(
      run,
      id,
      reverted.map(([host]) => host),
    );
  }
  await giveBack(run);
}
