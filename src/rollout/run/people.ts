import { extend } from "../host-client/verbs.js";
import { messages } from "../messages.js";
import { deadlineKey, leaveIfWished, type RunContext, secondsToFirst } from "./context.js";
import { type Halt, halt } from "./halt.js";
import { failuresOf, goRound } from "./round.js";
import { extendServices } from "./services.js";
import type { Trial } from "./trial.js";

/** What a person is asked, and how. */
export interface Question {
  readonly for: string;
  readonly ask: (withinMs: number) => Promise<boolean>;
}

/** So many deadlines may be spent on one question; after that nobody is waited for. */
const PATIENCE = 10;
const LOOK_MS = 500;

/**
 * Waits for a person while hosts are armed: their dead-men are told again before half of their time is over, so that they fire when the
 * controller dies and not while somebody thinks. Bounded.
 */
export async function waitForPerson(
  run: RunContext,
  trial: Trial,
  question: Question,
): Promise<"yes" | "no" | Halt> {
  const { clock, control, emit } = run.ports;
  const { deadlineSeconds } = run.program.policy;
  const untilMs = clock.monotonicMs() + deadlineSeconds * PATIENCE * 1000;
  const answers: boolean[] = [];
  const asked = question.ask(untilMs - clock.monotonicMs()).then((yes) => answers.push(yes));
  while (answers.length === 0) {
    leaveIfWished(run);
    if (control.wish() === "abort") return { why: messages.aborted(), scope: "all" };
    const secondsLeft = Math.round((untilMs - clock.monotonicMs()) / 1000);
    if (secondsLeft <= 0) return halt(messages.nobodyAnswered(deadlineSeconds * PATIENCE));
    emit({ kind: "waiting", for: question.for, secondsLeft });
    const lost = await extendInTime(run, trial);
    if (lost !== null) return lost;
    await Promise.race([asked, clock.sleep(LOOK_MS)]);
  }
  return answers[0] === true ? "yes" : "no";
}

/** Extends the dead-men of all hosts, and of the services that stand still beside them, where half of the time is over. */
export async function extendInTime(run: RunContext, trial: Trial): Promise<Halt | null> {
  const { record, steps } = trial;
  const { deadlineSeconds } = run.program.policy;
  const hosts = steps.map(({ host }) => host);
  const left = secondsToFirst(run, record, hosts);
  if (left !== null && left > deadlineSeconds / 2) return null;
  const replies = await goRound(run, {
    verb: "extend",
    record,
    hosts,
    act: async (to, host) => {
      const key = deadlineKey(record, host);
      const reply = await extend(to, record, deadlineSeconds, run.deadlines.get(key)?.bootId ?? "");
      if (reply.kind === "done") run.deadlines.set(key, reply.value);
      return reply;
    },
  });
  const [failure] = failuresOf(replies);
  if (failure !== undefined) return halt(messages.notExtended(failure.host, failure.reply));
  const started = await extendServices(run);
  return started.length === 0 ? null : halt(messages.servicesStarted(started));
}
