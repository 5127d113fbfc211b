import { withoutTexts } from "./journal/texts.js";
import { messages } from "./messages.js";
import type { RunOutcome } from "./outcome.js";
import type { RunPorts } from "./ports/ports.js";
import { claimHosts, giveBack } from "./run/claims.js";
import { conduct } from "./run/conduct.js";
import { append, endRun } from "./run/context.js";
import { beginForward } from "./run/forward.js";
import type { RunProgram } from "./run-program.js";

/**
 * Carries a program out, as docs/rollout.md has it: every changed host ends as the program wants it, or as it was. Resolves with how it ended, also when the operator
 * leaves; rejects for bugs alone. The journal must be empty: a run that was begun is resumed.
 *
 * One window no protocol can close without the hosts talking to each other (two generals): a controller that dies for good between the
 * decision to confirm and the last confirm leaves those confirmed new and the others, by their dead-men, old. Each such state is one that the
 * proof of the phase covers, and whoever resumes brings all to the decision.
 */
export async function runProgram(program: RunProgram, ports: RunPorts): Promise<RunOutcome> {
  if (ports.journal.entries().length > 0) {
    return { kind: "refused", why: messages.journalNotEmpty(), hint: messages.resumeHint() };
  }
  return conduct(program, ports, async (run) => {
    await append(run, { kind: "begin", program: withoutTexts(program), by: ports.by ?? "" });
    const notHad = await claimHosts(run, program.hosts);
    if (notHad === null) return beginForward(run);
    await giveBack(run);
    return endRun(run, notHad);
  });
}
