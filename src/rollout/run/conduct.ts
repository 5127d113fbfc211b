import { messages } from "../messages.js";
import type { RunOutcome } from "../outcome.js";
import type { RunPorts } from "../ports/ports.js";
import type { RunProgram } from "../run-program.js";
import { claimedHosts, whereItStood } from "../where-it-stood.js";
import { armedHosts, closeRun, endRun, openRun, type RunContext } from "./context.js";
import { halt } from "./halt.js";
import { JournalLost, RunLeft } from "./stopped.js";
import { wayBack } from "./way-back.js";

/** Opens a run, has it go its way, and closes it, also where the operator leaves or the journal takes no more. */
export async function conduct(
  program: RunProgram,
  ports: RunPorts,
  story: (run: RunContext) => Promise<RunOutcome>,
): Promise<RunOutcome> {
  const run = openRun(program, ports);
  try {
    return await story(run).catch((cause: unknown) => stop(run, cause));
  } finally {
    await closeRun(run);
  }
}

async function stop(run: RunContext, cause: unknown): Promise<RunOutcome> {
  if (cause instanceof RunLeft) return leave(run);
  if (cause instanceof JournalLost) return takeBackIfItCanBeSaid(run, cause);
  throw cause;
}

async function leave(run: RunContext): Promise<RunOutcome> {
  const outcome: RunOutcome = { kind: "left", armed: armedHosts(run) };
  return endRun(run, outcome).catch(() => outcome);
}

/** Nothing is done whose intent is not on disk: where the journal takes no more at all, the dead-men take back what is armed. */
async function takeBackIfItCanBeSaid(run: RunContext, cause: JournalLost): Promise<RunOutcome> {
  const standing = whereItStood(run.ports.journal.entries());
  const why = cause.message;
  if (standing === null || standing.claims.size === 0) {
    return { kind: "refused", why: messages.capital(why), hint: messages.journalHint() };
  }
  try {
    return await wayBack(run, halt(messages.capital(why)));
  } catch (again) {
    if (again instanceof RunLeft) return leave(run);
    if (!(again instanceof JournalLost)) throw again;
    return {
      kind: "unknown",
      why: messages.journalLost(why, armedHosts(run)),
      hosts: claimedHosts(standing),
    };
  }
}
