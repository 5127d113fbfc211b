import type { HostId } from "#model/index.js";
import { confirm, recordOf, revert } from "../host-client/verbs.js";
import type { HostReply } from "../host-reply.js";
import { messages } from "../messages.js";
import { phaseRecord } from "../record-id.js";
import type { HostStep, RunPhase } from "../run-program.js";
import { confirmedHosts, holders, type RecordStanding } from "../where-it-stood.js";
import { armAll, attemptsOf, switchTogether } from "./arming.js";
import { append, type RunContext, speakTo, standingOf } from "./context.js";
import { waitForDeadMen } from "./dead-men.js";
import { passTrial } from "./gate.js";
import { type Halt, halt } from "./halt.js";
import { failuresOf, goRound, type RoundReplies } from "./round.js";
import { holdServices, stoppedIn } from "./services.js";

/** So often hosts whose dead-man was quicker are armed anew before the phase is given up. */
const MOST_TRIALS = 2;

/**
 * Third round, and whatever a decision to confirm still needs: hosts that are switched are confirmed; those whose dead-man was quicker are
 * armed, switched and measured again. Goes by the journal and by what hosts say, so whoever resumes calls it too.
 *
 * @returns null when every host of the phase is confirmed and what was to be written is written.
 */
export async function carryConfirm(run: RunContext, phase: RunPhase): Promise<Halt | null> {
  for (let trial = 0; ; trial++) {
    const failed = await confirmCovered(run, phase);
    if (failed !== null) return failed;
    const open = openSteps(run, phase);
    if (open.length === 0) return null;
    if (trial === MOST_TRIALS) return halt(messages.notCarried(open.map(({ host }) => host)));
    const halted = await tryAgain(run, phase, open);
    if (halted !== null) return halted;
  }
}

function openSteps(run: RunContext, phase: RunPhase): readonly HostStep[] {
  const confirmed = confirmedHosts(standingOf(run), phase.number);
  return phase.steps.filter(({ host }) => !confirmed.has(host));
}

async function confirmCovered(run: RunContext, phase: RunPhase): Promise<Halt | null> {
  const open = new Set(openSteps(run, phase).map(({ host }) => host));
  const covered = standingOf(run).records.filter(
    (record) => record.phase === phase.number && record.isCovered,
  );
  for (const record of covered) {
    const hosts = holders(record).filter((host) => open.has(host));
    const halted = await confirmThese(run, phase, { record: record.id, hosts });
    if (halted !== null) return halted;
  }
  return null;
}

interface Those {
  readonly record: string;
  readonly hosts: readonly HostId[];
}

/** Who did not write everything writes the rest; who did not answer is asked again when its dead-man is over. */
async function confirmThese(run: RunContext, phase: RunPhase, those: Those): Promise<Halt | null> {
  const first = await confirmOnce(run, phase, those);
  const unwritten = hostsWith(first, ["failed"]);
  const silent = hostsWith(first, ["unknown", "unreachable"]);
  if (silent.length > 0) await waitForDeadMen(run, those.record, silent);
  const second = await confirmOnce(run, phase, { ...those, hosts: [...unwritten, ...silent] });
  const [failure] = failuresOf(second).filter(({ reply }) => reply.kind !== "refused");
  if (failure !== undefined) return halt(messages.notConfirmed(failure.host, failure.reply));
  return null;
}

function hostsWith(
  replies: RoundReplies<unknown>,
  kinds: readonly HostReply<unknown>["kind"][],
): readonly HostId[] {
  return [...replies].filter(([, { kind }]) => kinds.includes(kind)).map(([host]) => host);
}

function confirmOnce(
  run: RunContext,
  phase: RunPhase,
  { record, hosts }: Those,
): Promise<RoundReplies<unknown>> {
  const writers = new Set(
    phase.steps
      .filter(({ persist }) => persist.length > 0 && run.program.policy.persist === "on-confirm")
      .map(({ host }) => host),
  );
  return goRound(run, {
    verb: "confirm",
    record,
    hosts,
    act: (to, host) => confirm(to, record, writers.has(host)),
  });
}

/** Hosts that a decision to confirm left behind go through all three rounds once more. */
async function tryAgain(run: RunContext, phase: RunPhase, steps: readonly HostStep[]): Promise<Halt | null> {
  for (const { host } of steps) {
    const halted = await clearTheWay(run, phase, host);
    if (halted !== null) return halted;
  }
  const running = await holdServices(run, stoppedIn(run, phase));
  if (running !== null) return halt(running);
  const record = phaseRecord(run.program.runId, phase.number, attemptsOf(run, phase.number));
  const trial = { phase, record, steps };
  const halted =
    (await armAll(run, trial)) ?? (await switchTogether(run, trial)) ?? (await passTrial(run, trial));
  if (halted !== null) return halted;
  const why = messages.gateAgain(steps.map(({ host }) => host));
  await append(run, { kind: "decision", phase: phase.number, decision: "confirm", why });
  return null;
}

/** A host may be armed anew when what it holds of this phase is taken back; one that is switched and refuses to be confirmed says why not. */
async function clearTheWay(run: RunContext, phase: RunPhase, host: HostId): Promise<Halt | null> {
  const records = standingOf(run).records.filter(
    (record) => record.phase === phase.number && holders(record).includes(host),
  );
  if (records.length === 0) return null;
  const status = await speakTo(run, host).client.observe();
  if (status.kind !== "done") return halt(messages.notObserved(host, status));
  for (const record of records) {
    const now = recordOf(status.value, record.id);
    if (record.isCovered && now?.state === "switched")
      return halt(messages.refusesConfirm(host, lastNote(run, record, host)));
    if (now?.state === "failed") return halt(messages.notAsSwitched(host, now));
    const replies = await goRound(run, {
      verb: "revert",
      record: record.id,
      hosts: [host],
      act: (to) => revert(to, record.id, false),
    });
    const [failure] = failuresOf(replies);
    if (failure !== undefined) return halt(messages.notTakenBack(host, failure.reply));
  }
  return null;
}

function lastNote(run: RunContext, record: RecordStanding, host: HostId): string {
  for (const entry of run.ports.journal.entries().toReversed()) {
    if (entry.kind !== "result" || entry.verb !== "confirm" || entry.record !== record.id) continue;
    return entry.hosts.find((result) => result.host === host)?.note ?? "";
  }
  return "";
}
