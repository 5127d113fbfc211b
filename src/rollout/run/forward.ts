import { messages } from "../messages.js";
import type { RunOutcome } from "../outcome.js";
import type { RunPhase } from "../run-program.js";
import { clearForeignRecords, giveBack } from "./claims.js";
import { append, endRun, leaveIfWished, type RunContext, standingOf } from "./context.js";
import { expectedBefore } from "./gate.js";
import { type Halt, halt } from "./halt.js";
import { awaitHealth, lookAtHealth, watchLogs } from "./health.js";
import { type GateAsk, passGate } from "./measure.js";
import { runPhase } from "./phase.js";
import { servicesHeld, startServices } from "./services.js";
import { wayBack } from "./way-back.js";

/** From the claimed hosts to the first phase: the network and the cluster are as the plan says, or nothing is touched. */
export async function beginForward(run: RunContext): Promise<RunOutcome> {
  const ill = await lookAtHealth(run);
  if (ill !== null) return refuse(run, ill, messages.illHint());
  const disagreement = await measureBaseline(run);
  if (disagreement !== null) return refuse(run, disagreement, messages.baselineHint());
  const open = await clearForeignRecords(run);
  if (open !== null) return refuse(run, open, messages.foreignHint());
  return goForward(run, 1);
}

/** Ends a run that has not changed anything. */
async function refuse(run: RunContext, why: string, hint: string): Promise<RunOutcome> {
  await giveBack(run);
  return endRun(run, { kind: "refused", why, hint });
}

async function measureBaseline(run: RunContext): Promise<string | null> {
  const { baseline } = run.program;
  const answer = await passGate(run, { phase: 0, cells: baseline, ...once(run) });
  await append(run, { kind: "gate", phase: 0, passed: answer.passed, what: answer.what });
  return answer.passed ? null : messages.baselineDiffers(answer.what);
}

/** For a measurement where no phase says how long. */
const WITHOUT_PHASE_SECONDS = 10;

function once(run: RunContext, phase = run.program.phases[0]): Omit<GateAsk, "phase" | "cells"> {
  const seconds = phase?.gate.timeoutSeconds ?? WITHOUT_PHASE_SECONDS;
  const untilMs = run.ports.clock.monotonicMs() + seconds * 1000;
  return { consecutive: 1, settleSeconds: 0, untilMs, withQuorum: true, endsOnAbort: true };
}

/** All phases from this one on, and the end of the run, whichever it is. */
export async function goForward(run: RunContext, from: number): Promise<RunOutcome> {
  for (const phase of run.program.phases.filter(({ number }) => number >= from)) {
    leaveIfWished(run);
    const wish = run.ports.control.wish();
    if (wish === "abort") return wayBack(run, { why: messages.aborted(), scope: "all" });
    if (wish === "after-gate") return stopBefore(run, phase);
    const halted = await runPhase(run, phase);
    if (halted !== null) return wayBack(run, halted);
  }
  const halted = await finish(run);
  if (halted !== null) return wayBack(run, halted);
  await giveBack(run);
  return endRun(run, { kind: "done" });
}

/** A state between phases is whole, unless services stand still for it: then the only whole state is the old one. */
async function stopBefore(run: RunContext, phase: RunPhase): Promise<RunOutcome> {
  const why = messages.stoppedBeforePhase(phase.number);
  if (servicesHeld(run).length > 0) return wayBack(run, { why, scope: "all" });
  if (standingOf(run).phases.size === 0) return refuse(run, why, messages.nothingChangedHint());
  return endRun(run, { kind: "left", armed: [] });
}

/** After the last phase: services run, the cluster is healthy, and the matrix is as the plan says. */
async function finish(run: RunContext): Promise<Halt | null> {
  const left = await startServices(run);
  if (left !== null) return halt(left);
  const ill = await awaitHealth(run, "forward");
  if (ill !== null) return halt(ill);
  await watchLogs(run);
  if (run.ports.control.wish() === "abort") return { why: messages.aborted(), scope: "all" };
  const last = run.program.phases.at(-1);
  const cells = last?.expected ?? expectedBefore(run, 1);
  const answer = await passGate(run, { phase: last?.number ?? 0, cells, ...once(run, last) });
  await append(run, { kind: "note", what: "final-matrix", detail: answer.what.join("; ") });
  return answer.passed ? null : halt(messages.finalDiffers(answer.what));
}
