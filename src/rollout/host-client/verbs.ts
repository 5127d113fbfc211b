import { parseArmed } from "../host-program/parse-answers.js";
import { renderCommands, stagePersist } from "../host-program/stage-text.js";
import type { HostRecord, HostStatus } from "../host-record.js";
import type { HostReply } from "../host-reply.js";
import type { Clock } from "../ports/ports.js";
import type { HostStep } from "../run-program.js";
import { type Carried, carryOut } from "./carry-out.js";
import {
  effectOfArm,
  effectOfClaim,
  effectOfConfirm,
  effectOfExtend,
  effectOfRecall,
  effectOfRelease,
  effectOfRevert,
  effectOfSwitch,
  effectOfUnclaim,
} from "./effects.js";
import type { HostClient } from "./host-client.js";

/** A host that can be spoken to, and the time that goes on meanwhile. */
export interface Speaking {
  readonly client: HostClient;
  readonly clock: Clock;
}

/** When a dead-man fires, in the controller's monotonic milliseconds: not before `earliestMs`, and, if all is well, not after `latestMs`. */
export interface Deadline {
  readonly earliestMs: number;
  readonly latestMs: number;
  /** Of the boot in which it was armed. */
  readonly bootId: string;
}

/** What is laid on a host to be armed. */
export interface Arming {
  readonly record: string;
  readonly seconds: number;
  readonly step: Pick<HostStep, "forward" | "revert" | "persist">;
  /** Addresses that may come and go meanwhile. */
  readonly keep: readonly string[];
}

/** Claims the host for a run. `done` says nothing more. */
export function claim(to: Speaking, run: string): Promise<HostReply<Carried>> {
  return ask(to, ["claim", run], (status) => effectOfClaim(status, run));
}

/** Gives the host back; done also where the run does not have it. */
export function unclaim(to: Speaking, run: string): Promise<HostReply<Carried>> {
  return ask(to, ["unclaim", run], (status) => effectOfUnclaim(status, run), {
    looksBehindRefusal: true,
  });
}

/** Empties the neighbour cache and the route cache; a second time does no harm. */
export function flush(to: Speaking): Promise<HostReply<Carried>> {
  return ask(to, ["flush"], () => ({ kind: "to-do" }));
}

/**
 * Stages what a record needs, arms it, and says when its dead-man fires. Words that the host program cannot carry are `refused` unsent. An
 * arming that was cut off in the middle is undone by the next one and has used up what was staged: it is staged anew.
 */
export async function arm(to: Speaking, arming: Arming): Promise<HostReply<Deadline>> {
  const staged = await stage(to, arming);
  if (staged.kind !== "done") return staged;
  const { record, seconds } = arming;
  let wasSent = false;
  const send = async (): Promise<HostReply<string>> => {
    const again = wasSent ? await stage(to, arming) : staged;
    wasSent = true;
    return again.kind === "done" ? to.client.tell(["arm", record, String(seconds)]) : again;
  };
  const reply = await carryOut(
    to.client,
    // The one before may have been slower than its answer was waited for: then this one is refused.
    { send, effect: (status) => effectOfArm(recordOf(status, record)), looksBehindRefusal: true },
    to.clock,
  );
  return reply.kind === "done" ? deadlineOf(reply.value, arming, to.clock.monotonicMs()) : reply;
}

/** Runs the forward commands; a record that is switched already is done. `patienceMs` where they may take longer than a request. */
export function switchOver(to: Speaking, record: string, patienceMs?: number): Promise<HostReply<Carried>> {
  return ask(to, ["switch", record], (status) => effectOfSwitch(recordOf(status, record)), { patienceMs });
}

/** Counts the dead-man's time anew, from now. */
export async function extend(
  to: Speaking,
  record: string,
  seconds: number,
  bootId: string,
): Promise<HostReply<Deadline>> {
  const sentMs = to.clock.monotonicMs();
  const reply = await ask(to, ["extend", record, String(seconds)], (status) =>
    effectOfExtend(recordOf(status, record)),
  );
  if (reply.kind !== "done") return reply;
  const untilMs = seconds * 1000;
  return {
    kind: "done",
    value: { earliestMs: sentMs + untilMs, latestMs: to.clock.monotonicMs() + untilMs, bootId },
  };
}

/** Takes the dead-man off and writes what is to be written; again: what is left of it. */
export function confirm(to: Speaking, record: string, writes: boolean): Promise<HostReply<Carried>> {
  return ask(to, ["confirm", record], (status) => effectOfConfirm(recordOf(status, record), writes));
}

/** Takes a record back, files too. Done also where the host has none, unless it must have it. */
export function revert(
  to: Speaking,
  record: string,
  mustBeThere: boolean,
  patienceMs?: number,
): Promise<HostReply<Carried>> {
  return ask(to, ["revert", record], (status) => effectOfRevert(recordOf(status, record), mustBeThere), {
    looksBehindRefusal: true,
    patienceMs,
  });
}

/** Fetches a record that was put away, so that it can be taken back. Done also where it is there; refused once something has changed since. */
export async function recall(to: Speaking, record: string): Promise<HostReply<unknown>> {
  const status = await to.client.observe();
  if (status.kind === "done" && recordOf(status.value, record) !== null) return status;
  return ask(to, ["recall", record], (seen) => effectOfRecall(recordOf(seen, record)));
}

/** Puts a finished record away. */
export function release(to: Speaking, record: string): Promise<HostReply<Carried>> {
  return ask(to, ["release", record], (status) => effectOfRelease(recordOf(status, record)), {
    looksBehindRefusal: true,
  });
}

/** The record of that id that a host speaks of, or null. */
export function recordOf(status: HostStatus, id: string): HostRecord | null {
  return status.records.find((record) => record.id === id) ?? null;
}

interface Asking {
  readonly looksBehindRefusal?: boolean;
  readonly patienceMs?: number | undefined;
}

function ask(
  to: Speaking,
  words: readonly string[],
  effect: Parameters<typeof carryOut>[1]["effect"],
  { looksBehindRefusal = false, patienceMs = to.client.requestTimeoutMs }: Asking = {},
): Promise<HostReply<Carried>> {
  const send = (): Promise<HostReply<string>> => to.client.tell(words, "", patienceMs);
  return carryOut(to.client, { send, effect, looksBehindRefusal, patienceMs }, to.clock);
}

async function stage(to: Speaking, arming: Arming): Promise<HostReply<null>> {
  const forward = renderCommands(arming.step.forward);
  if (!forward.ok) return { kind: "refused", why: forward.error };
  const revertText = renderCommands(arming.step.revert);
  if (!revertText.ok) return { kind: "refused", why: revertText.error };
  const { persist, files } = stagePersist(arming.step.persist);
  const texts: readonly (readonly [name: string, text: string])[] = [
    ...files,
    ["forward", forward.value],
    ["revert", revertText.value],
    ["persist", persist],
    ["keep", arming.keep.map((address) => `${address}\n`).join("")],
  ];
  for (const [name, text] of texts) {
    const reply = await stageOne(to, [arming.record, name], text);
    if (reply.kind !== "done") return reply;
  }
  return { kind: "done", value: null };
}

/** A staged text changes nothing and the same one is written again: after a lost answer it is sent once more, over a fresh session. */
async function stageOne(
  to: Speaking,
  place: readonly [record: string, name: string],
  text: string,
): Promise<HostReply<string>> {
  const first = await to.client.tell(["stage", ...place], text);
  if (first.kind !== "unknown" && first.kind !== "unreachable") return first;
  const second = await to.client.tell(["stage", ...place], text);
  return second.kind === "unknown" ? { kind: "unreachable", why: second.why } : second;
}

function deadlineOf(carried: Carried, arming: Arming, nowMs: number): HostReply<Deadline> {
  if (carried.kind === "answered") {
    const armed = parseArmed(carried.stdout);
    if (!armed.ok) return { kind: "unknown", why: armed.error };
    const untilMs = arming.seconds * 1000;
    const { bootId } = armed.value;
    return {
      kind: "done",
      value: { earliestMs: carried.sentMs + untilMs, latestMs: nowMs + untilMs, bootId },
    };
  }
  const left = (recordOf(carried.status, arming.record)?.secondsLeft ?? 0) * 1000;
  const { bootId } = carried.status;
  // A host counts whole seconds.
  return {
    kind: "done",
    value: { earliestMs: carried.sentMs + left - 1000, latestMs: nowMs + left + 1000, bootId },
  };
}
