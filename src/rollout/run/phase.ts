import { messages } from "../messages.js";
import { phaseRecord } from "../record-id.js";
import type { RunPhase } from "../run-program.js";
import { armAll, attemptsOf, switchAll } from "./arming.js";
import { flushAll } from "./claims.js";
import { carryConfirm } from "./confirming.js";
import { append, type RunContext } from "./context.js";
import { passTrial } from "./gate.js";
import { type Halt, halt } from "./halt.js";
import { awaitHealth } from "./health.js";
import { holdServices, startServices, stoppedIn } from "./services.js";

/** One phase: prepare, arm all, switch, measure, decide, confirm all. Returns null when every host of it is confirmed. */
export async function runPhase(run: RunContext, phase: RunPhase): Promise<Halt | null> {
  const record = phaseRecord(run.program.runId, phase.number, attemptsOf(run, phase.number));
  const trial = { phase, record, steps: phase.steps };
  return (
    (await prepare(run, phase)) ??
    (await armAll(run, trial)) ??
    (await switchAll(run, trial)) ??
    (await passTrial(run, trial)) ??
    (await decide(run, phase)) ??
    (await carryConfirm(run, phase)) ??
    (await closePhase(run, phase))
  );
}

async function prepare(run: RunContext, phase: RunPhase): Promise<Halt | null> {
  const hook = await run.ports.hooks.before(phase);
  if (!hook.ok) return halt(messages.hookRefused(phase.number, hook.why));
  const running = await holdServices(run, stoppedIn(run, phase));
  if (running !== null) return halt(running);
  const unflushed = run.program.strategy === "full-stop" ? await flushAll(run) : null;
  return unflushed === null ? null : halt(unflushed);
}

/** The last thing that can still go either way: after this entry the direction is fixed. */
async function decide(run: RunContext, phase: RunPhase): Promise<Halt | null> {
  if (run.ports.control.wish() === "abort") return { why: messages.aborted(), scope: "all" };
  const why = messages.gatePassed(phase.number);
  await append(run, { kind: "decision", phase: phase.number, decision: "confirm", why });
  return null;
}

/** After a phase is confirmed: the operator's hook, and services that stood still for this phase alone. */
export async function closePhase(run: RunContext, phase: RunPhase): Promise<Halt | null> {
  await run.ports.hooks.after(phase, "confirmed");
  if (run.program.strategy !== "rolling-stop") return null;
  const left = await startServices(run);
  if (left !== null) return halt(left);
  const ill = await awaitHealth(run, "forward");
  return ill === null ? null : halt(ill);
}
