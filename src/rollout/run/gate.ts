import type { HostId } from "#model/index.js";
import type { Cell } from "../cell.js";
import { recordOf } from "../host-client/verbs.js";
import type { HostStatus } from "../host-record.js";
import type { HostReply } from "../host-reply.js";
import { messages } from "../messages.js";
import { append, deadlineKey, type RunContext, secondsToFirst, speakTo } from "./context.js";
import { type Halt, halt } from "./halt.js";
import { passGate } from "./measure.js";
import { extendInTime, waitForPerson } from "./people.js";
import type { Trial } from "./trial.js";

/** What must hold before anybody is confirmed: the matrix, the operator where the policy asks, and every host as it was armed. */
export async function passTrial(run: RunContext, trial: Trial): Promise<Halt | null> {
  const { consecutive, settleSeconds } = trial.phase.gate;
  return (
    (await gateOnce(run, trial, { consecutive, settleSeconds })) ??
    (await askPerson(run, trial)) ??
    (await lookAtHosts(run, trial))
  );
}

async function gateOnce(
  run: RunContext,
  trial: Trial,
  often: { readonly consecutive: number; readonly settleSeconds: number },
): Promise<Halt | null> {
  const { number, expected, gate } = trial.phase;
  const left = secondsToFirst(run, trial.record, hostsOf(trial)) ?? 0;
  const seconds = Math.min(gate.timeoutSeconds, left - run.program.policy.confirmMarginSeconds);
  const answer = await passGate(run, {
    phase: number,
    cells: expected,
    ...often,
    untilMs: run.ports.clock.monotonicMs() + seconds * 1000,
    withQuorum: run.program.strategy !== "full-stop",
    endsOnAbort: true,
  });
  await append(run, { kind: "gate", phase: number, passed: answer.passed, what: answer.what });
  if (run.ports.control.wish() === "abort") return { why: messages.aborted(), scope: "all" };
  return answer.passed ? null : halt(messages.gateFailed(number, answer.what));
}

/** Somebody may have thought for long: the matrix is measured again before it counts. */
async function askPerson(run: RunContext, trial: Trial): Promise<Halt | null> {
  if (!run.program.policy.awaitsConfirmation) return null;
  const question = messages.askedToConfirm(trial.phase.number);
  await append(run, { kind: "note", what: "asked", detail: question });
  const answer = await waitForPerson(run, trial, {
    for: question,
    ask: (withinMs) => run.ports.control.isConfirmed(trial.phase, withinMs),
  });
  if (answer === "no") return halt(messages.notConfirmedByPerson());
  if (answer !== "yes") return answer;
  return (
    (await extendInTime(run, trial)) ?? (await gateOnce(run, trial, { consecutive: 1, settleSeconds: 0 }))
  );
}

/** A host that rebooted or took its change back meanwhile may well have agreed in the matrix: it is asked itself, over a fresh session. */
async function lookAtHosts(run: RunContext, trial: Trial): Promise<Halt | null> {
  const problems = await Promise.all(
    hostsOf(trial).map(async (host) =>
      problemOf(run, { host, record: trial.record, status: await speakTo(run, host).client.observe() }),
    ),
  );
  const first = problems.find((problem) => problem !== null);
  if (first !== undefined && first !== null) return halt(first);
  const left = secondsToFirst(run, trial.record, hostsOf(trial)) ?? 0;
  const margin = run.program.policy.confirmMarginSeconds;
  return left < margin ? halt(messages.tooLateToConfirm(left, margin)) : null;
}

interface Observed {
  readonly host: HostId;
  readonly record: string;
  readonly status: HostReply<HostStatus>;
}

function problemOf(run: RunContext, { host, record: id, status }: Observed): string | null {
  if (status.kind !== "done") return messages.notObserved(host, status);
  const record = recordOf(status.value, id);
  if (record === null) return messages.recordMissing(host, id);
  if (record.state !== "switched" || record.hasRebooted) return messages.notAsSwitched(host, record);
  const armedIn = run.deadlines.get(deadlineKey(id, host))?.bootId;
  return armedIn === status.value.bootId ? null : messages.otherBoot(host);
}

function hostsOf(trial: Trial): readonly HostId[] {
  return trial.steps.map(({ host }) => host);
}

/** What is expected before a phase: the matrix after the one before it. */
export function expectedBefore(run: RunContext, phase: number): readonly Cell[] {
  const { phases, baseline } = run.program;
  return phases.findLast(({ number }) => number < phase)?.expected ?? baseline;
}
