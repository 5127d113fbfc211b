import type { HostId } from "#model/index.js";
import { arm, switchOver } from "../host-client/verbs.js";
import { pathWithoutText } from "../journal/texts.js";
import { messages } from "../messages.js";
import type { HostStep } from "../run-program.js";
import { append, deadlineKey, type RunContext, standingOf } from "./context.js";
import { type Halt, halt } from "./halt.js";
import { waitForPerson } from "./people.js";
import { failuresOf, goRound } from "./round.js";
import type { Trial } from "./trial.js";

/** First round: all are armed, or nobody switches. */
export async function armAll(run: RunContext, trial: Trial): Promise<Halt | null> {
  const { record, steps } = trial;
  const { deadlineSeconds, persist } = run.program.policy;
  const byHost = new Map(steps.map((step) => [step.host, step]));
  const replies = await goRound(run, {
    verb: "arm",
    record,
    hosts: steps.map(({ host }) => host),
    act: async (to, host) => {
      const step = stepWith(byHost.get(host), persist);
      const path = pathWithoutText(step.persist);
      if (path !== null) return { kind: "refused", why: messages.textMissing(path) };
      const reply = await arm(to, {
        record,
        seconds: deadlineSeconds,
        step,
        keep: run.program.movingAddresses,
      });
      if (reply.kind === "done") run.deadlines.set(deadlineKey(record, host), reply.value);
      return reply;
    },
  });
  const [failure] = failuresOf(replies);
  return failure === undefined ? null : halt(messages.notArmed(failure.host, failure.reply));
}

function stepWith(step: HostStep | undefined, persist: "on-confirm" | "never"): Omit<HostStep, "host"> {
  const { forward = [], revert = [] } = step ?? {};
  return { forward, revert, persist: persist === "never" ? [] : (step?.persist ?? []) };
}

/** Second round: in lock-step, or one by one with the operator's leave. */
export async function switchAll(run: RunContext, trial: Trial): Promise<Halt | null> {
  if (run.program.policy.order === "lock-step") return switchTogether(run, trial);
  const hosts = trial.steps.map(({ host }) => host);
  for (const [index, host] of hosts.entries()) {
    const stopped = index === 0 ? null : await mayTake(run, trial, host);
    if (stopped !== null) return stopped;
    const failed = await switchThese(run, trial, [host]);
    if (failed !== null) return failed;
  }
  return null;
}

/** All hosts at the same time, whatever the policy: those that a decision to confirm left behind are to catch up. */
export function switchTogether(run: RunContext, trial: Trial): Promise<Halt | null> {
  return switchThese(
    run,
    trial,
    trial.steps.map(({ host }) => host),
  );
}

async function switchThese(
  run: RunContext,
  { record }: Trial,
  hosts: readonly HostId[],
): Promise<Halt | null> {
  const replies = await goRound(run, { verb: "switch", record, hosts, act: (to) => switchOver(to, record) });
  const [failure] = failuresOf(replies);
  return failure === undefined ? null : halt(messages.notSwitched(failure.host, failure.reply));
}

async function mayTake(run: RunContext, trial: Trial, next: HostId): Promise<Halt | null> {
  const { control, health } = run.ports;
  if (control.wish() === "abort") return { why: messages.aborted(), scope: "all" };
  const quorum =
    run.program.strategy === "full-stop" ? ({ kind: "healthy" } as const) : await health("quorum");
  if (quorum.kind !== "healthy") return halt(messages.noQuorum(quorum));
  if (!run.program.policy.pauses) return null;
  await append(run, { kind: "note", what: "asked", detail: messages.askedFor(next) });
  const answer = await waitForPerson(run, trial, {
    for: messages.askedFor(next),
    ask: () => control.mayGoOn(next),
  });
  return answer === "yes" ? null : answer === "no" ? halt(messages.stoppedBefore(next)) : answer;
}

/** Whether hosts of this phase have gone through an arming before. */
export function attemptsOf(run: RunContext, phase: number): number {
  return standingOf(run).records.filter((record) => record.phase === phase).length;
}
