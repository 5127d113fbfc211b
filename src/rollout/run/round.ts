import type { HostId } from "#model/index.js";
import type { Speaking } from "../host-client/verbs.js";
import type { RecordState } from "../host-record.js";
import type { HostReply } from "../host-reply.js";
import type { HostVerb } from "../journal/entry.js";
import { append, deadlineKey, leaveIfWished, type RunContext, speakTo } from "./context.js";

/** One verb for some hosts at the same time. */
export interface RoundOrder<T> {
  readonly verb: HostVerb;
  /** The id of a record, or the run's own id for what concerns whole hosts. */
  readonly record: string;
  readonly hosts: readonly HostId[];
  readonly act: (to: Speaking, host: HostId) => Promise<HostReply<T>>;
}

/** What became of a round, by host. */
export type RoundReplies<T> = ReadonlyMap<HostId, HostReply<T>>;

/** A note is for people: one line, not longer than that. */
const LONGEST_NOTE = 400;

/** Intent, the same verb to all hosts at once, result. Without hosts nothing happens and nothing is written. */
export async function goRound<T>(run: RunContext, order: RoundOrder<T>): Promise<RoundReplies<T>> {
  const { verb, record, hosts } = order;
  if (hosts.length === 0) return new Map();
  leaveIfWished(run);
  await append(run, { kind: "intent", verb, record, hosts });
  const replies = await Promise.all(
    hosts.map(async (host) => [host, await order.act(speakTo(run, host), host)] as const),
  );
  for (const [host, reply] of replies) tellHost(run, order, { host, reply });
  await append(run, {
    kind: "result",
    verb,
    record,
    hosts: replies.map(([host, reply]) => ({ host, result: reply.kind, note: noteOf(reply) })),
  });
  return new Map(replies);
}

/** Hosts of a round that did not do it, each with why. */
export function failuresOf<T>(
  replies: RoundReplies<T>,
): readonly { readonly host: HostId; readonly reply: Exclude<HostReply<T>, { kind: "done" }> }[] {
  return [...replies].flatMap(([host, reply]) => (reply.kind === "done" ? [] : [{ host, reply }]));
}

function noteOf(reply: HostReply<unknown>): string {
  return reply.kind === "done" ? "" : reply.why.replace(/\s+/g, " ").slice(0, LONGEST_NOTE);
}

const STATE_AFTER: ReadonlyMap<HostVerb, RecordState | "idle"> = new Map([
  ["claim", "idle"],
  ["arm", "armed"],
  ["switch", "switched"],
  ["extend", "switched"],
  ["confirm", "confirmed"],
  ["revert", "reverted"],
  ["release", "idle"],
  ["unclaim", "idle"],
]);

function tellHost<T>(
  run: RunContext,
  { verb, record }: RoundOrder<T>,
  { host, reply }: { readonly host: HostId; readonly reply: HostReply<T> },
): void {
  const isSilent = reply.kind === "unknown" || reply.kind === "unreachable";
  if (!isSilent && (verb === "confirm" || verb === "revert") && reply.kind === "done") {
    run.deadlines.delete(deadlineKey(record, host));
  }
  const deadline = run.deadlines.get(deadlineKey(record, host));
  const secondsLeft =
    deadline === undefined
      ? null
      : Math.max(0, Math.round((deadline.earliestMs - run.ports.clock.monotonicMs()) / 1000));
  const state = isSilent ? "unreachable" : reply.kind === "done" ? STATE_AFTER.get(verb) : undefined;
  if (state !== undefined) run.ports.emit({ kind: "host", host, state, secondsLeft });
}
