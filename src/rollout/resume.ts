import { contradiction } from "./compare-with-hosts.js";
import type { JournalEntry } from "./journal/entry.js";
import { withTexts } from "./journal/texts.js";
import { messages } from "./messages.js";
import type { RunOutcome } from "./outcome.js";
import type { RunPorts } from "./ports/ports.js";
import { claimHosts, giveBack } from "./run/claims.js";
import { conduct } from "./run/conduct.js";
import { carryConfirm } from "./run/confirming.js";
import { append, endRun, type RunContext, speakTo, standingOf } from "./run/context.js";
import { beginForward, goForward } from "./run/forward.js";
import { expectedBefore } from "./run/gate.js";
import { halt } from "./run/halt.js";
import { passGate } from "./run/measure.js";
import { closePhase } from "./run/phase.js";
import { type Trouble, takeBackPhase } from "./run/take-back.js";
import { wayBack } from "./run/way-back.js";
import type { RunPhase } from "./run-program.js";
import { claimedHosts, type PhaseStanding, type Standing, whereItStood } from "./where-it-stood.js";

/**
 * Brings a run that was left to a whole end: by what its journal says was decided, and by what its hosts say now. A phase that was not
 * decided is taken back and begun again; one that was decided is carried to its end. A run that has ended is left alone.
 *
 * @param entries the verified journal, the same that `ports.journal` has.
 */
export async function resumeRun(entries: readonly JournalEntry[], ports: RunPorts): Promise<RunOutcome> {
  const standing = whereItStood(entries);
  if (standing === null) return noRun();
  if (isFinal(standing.ended) && claimedHosts(standing).length === 0) return standing.ended;
  const { program } = await withTexts(standing.program, ports.persistText ?? (async () => null));
  return conduct(program, ports, async (run) => {
    const strange = await compareHosts(run, standing);
    if (strange !== null) return { kind: "refused", why: strange, hint: messages.strangeHint() };
    await append(run, { kind: "resume", by: ports.by ?? "" });
    if (!isFinal(standing.ended)) {
      const notHad = await claimMissing(run);
      return notHad === null ? goOn(run, standing) : stayAsItWas(run, standing, notHad);
    }
    await giveBack(run);
    return endRun(run, standing.ended);
  });
}

/** Of entries without a beginning. */
export function noRun(): RunOutcome {
  return { kind: "refused", why: messages.noRun(), hint: messages.noRunHint() };
}

/** Whether a run that ended so has nothing left to do. */
export function isFinal(ended: RunOutcome | null): ended is RunOutcome {
  switch (ended?.kind) {
    case undefined:
    case "left":
    case "unknown":
    case "rollback-incomplete":
      return false;
    case "done":
    case "rolled-back":
    case "kept":
    case "refused":
    case "locked":
      return true;
  }
}

async function compareHosts(run: RunContext, standing: Standing): Promise<string | null> {
  const problems = await Promise.all(
    run.program.hosts.map(async (host) => {
      const status = await speakTo(run, host).client.observe();
      return status.kind === "done" ? contradiction(standing, host, status.value) : null;
    }),
  );
  return problems.find((problem) => problem !== null) ?? null;
}

/** Claims the hosts that the run does not have for certain; where one is not had, those are given back. */
export async function claimMissing(run: RunContext): Promise<RunOutcome | null> {
  const { claims, phases } = standingOf(run);
  const missing = run.program.hosts.filter((host) => {
    const words = claims.get(host);
    return words?.get("claim") !== "done" || words.get("unclaim") !== undefined;
  });
  const notHad = missing.length === 0 ? null : await claimHosts(run, missing);
  if (notHad !== null) await giveBack(run, phases.size === 0 ? run.program.hosts : missing);
  return notHad;
}

/** An attempt that does not get what it needs leaves a run that has changed something as it was: how that ended is its last word again. */
export async function stayAsItWas(
  run: RunContext,
  { phases, ended }: Standing,
  outcome: RunOutcome,
): Promise<RunOutcome> {
  if (phases.size === 0) return endRun(run, outcome);
  await append(run, { kind: "note", what: "attempt", detail: messages.attemptEnded(outcome) });
  if (ended !== null) await endRun(run, ended);
  return outcome;
}

async function goOn(run: RunContext, standing: Standing): Promise<RunOutcome> {
  const begun = [...standing.phases.values()].sort((a, b) => a.number - b.number);
  const back = begun.find(({ decision }) => decision === "take-back");
  if (back !== undefined) return wayBack(run, halt(back.why));
  const last = begun.at(-1);
  const phase = run.program.phases.find(({ number }) => number === last?.number);
  if (last === undefined || phase === undefined) return beginForward(run);
  return last.decision === "confirm" ? carryOn(run, phase) : beginAgain(run, phase, last);
}

async function carryOn(run: RunContext, phase: RunPhase): Promise<RunOutcome> {
  const halted = (await carryConfirm(run, phase)) ?? (await closePhase(run, phase));
  if (halted !== null) return wayBack(run, halted);
  const next = phase.number + 1;
  const differs = await differsFrom(run, next, phase);
  return differs === null ? goForward(run, next) : wayBack(run, halt(differs));
}

async function beginAgain(run: RunContext, phase: RunPhase, stood: PhaseStanding): Promise<RunOutcome> {
  if (stood.hasFailedGate) return wayBack(run, halt(messages.gateFailed(phase.number, [stood.why])));
  const why = messages.leftUndecided(phase.number);
  await append(run, { kind: "decision", phase: phase.number, decision: "take-back", why });
  const trouble: Trouble = { failed: new Map(), silent: new Set() };
  await takeBackPhase(run, phase.number, trouble);
  if (trouble.failed.size > 0 || trouble.silent.size > 0) return wayBack(run, halt(why));
  const differs = await differsFrom(run, phase.number, phase);
  return differs === null ? goForward(run, phase.number) : wayBack(run, halt(differs));
}

/** Whether the network is not as it is to be before a phase. */
async function differsFrom(run: RunContext, number: number, phase: RunPhase): Promise<string | null> {
  const answer = await passGate(run, {
    phase: number - 1,
    cells: expectedBefore(run, number),
    consecutive: 1,
    settleSeconds: 0,
    untilMs: run.ports.clock.monotonicMs() + phase.gate.timeoutSeconds * 1000,
    withQuorum: run.program.strategy !== "full-stop",
    endsOnAbort: true,
  });
  await append(run, { kind: "note", what: "matrix-at-resume", detail: answer.what.join("; ") });
  return answer.passed ? null : messages.resumeDiffers(number, answer.what);
}
