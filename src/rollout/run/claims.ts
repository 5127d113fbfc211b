import type { HostId } from "#model/index.js";
import { claim, flush, release, unclaim } from "../host-client/verbs.js";
import type { HostRecord } from "../host-record.js";
import { messages } from "../messages.js";
import type { RunOutcome } from "../outcome.js";
import { claimedHosts } from "../where-it-stood.js";
import { append, type RunContext, speakTo, standingOf } from "./context.js";
import { failuresOf, goRound } from "./round.js";

const CLAIMED_BY = /claimed by (\S+)/;

/**
 * Lays the host program on these hosts and claims them one after the other in sorted order, so that of two runs that meet one wins. Where one
 * is not had, all are given back.
 *
 * @returns null where all are claimed; else the outcome that this means.
 */
export async function claimHosts(run: RunContext, hosts: readonly HostId[]): Promise<RunOutcome | null> {
  const sorted = [...hosts].sort();
  const failed = await installOn(run, sorted);
  if (failed !== null) return failed;
  const { runId } = run.program;
  for (const host of sorted) {
    const replies = await goRound(run, {
      verb: "claim",
      record: runId,
      hosts: [host],
      act: (to) => claim(to, runId),
    });
    const [failure] = failuresOf(replies);
    if (failure === undefined) continue;
    const other = failure.reply.kind === "refused" ? CLAIMED_BY.exec(failure.reply.why)?.[1] : undefined;
    return other === undefined
      ? { kind: "refused", why: messages.notClaimed(host, failure.reply), hint: messages.notClaimedHint() }
      : { kind: "locked", by: other };
  }
  return null;
}

async function installOn(run: RunContext, hosts: readonly HostId[]): Promise<RunOutcome | null> {
  const replies = await Promise.all(
    hosts.map(async (host) => [host, await speakTo(run, host).client.install()] as const),
  );
  const [failure] = failuresOf(new Map(replies));
  if (failure === undefined) return null;
  return {
    kind: "refused",
    why: messages.notInstalled(failure.host, failure.reply),
    hint: messages.notClaimedHint(),
  };
}

/** Gives back those of these hosts that the run has or may have. One that does not answer stays claimed, and that is noted. */
export async function giveBack(run: RunContext, among: readonly HostId[] = run.program.hosts): Promise<void> {
  const { runId } = run.program;
  const replies = await goRound(run, {
    verb: "unclaim",
    record: runId,
    hosts: claimedHosts(standingOf(run)).filter((host) => among.includes(host)),
    act: (to) => unclaim(to, runId),
  });
  const kept = failuresOf(replies).map(({ host }) => host);
  if (kept.length > 0) {
    await append(run, { kind: "note", what: "still-claimed", detail: messages.stillClaimed(kept) });
  }
}

/**
 * Puts away what finished runs left on the hosts: their records can no longer be taken back after that. A record of another run that is not
 * finished stands in the way.
 *
 * @returns null, or which record stands in the way.
 */
export async function clearForeignRecords(run: RunContext): Promise<string | null> {
  const finished = new Map<string, HostId[]>();
  for (const host of run.program.hosts) {
    const status = await speakTo(run, host).client.observe();
    if (status.kind !== "done") return messages.notObserved(host, status);
    const foreign = status.value.records.filter(({ id }) => !id.startsWith(`${run.program.runId}-`));
    const open = foreign.find((record) => !isFinished(record));
    if (open !== undefined) return messages.foreignRecord(host, open);
    for (const { id } of foreign) finished.set(id, [...(finished.get(id) ?? []), host]);
  }
  for (const [record, hosts] of finished) await releaseRecord(run, record, hosts);
  return null;
}

function isFinished({ state, persisted }: HostRecord): boolean {
  return state === "reverted" || (state === "confirmed" && persisted !== "failed");
}

/** Puts a finished record away. One that stays does no harm: it is put away by the next run. */
export async function releaseRecord(
  run: RunContext,
  record: string,
  hosts: readonly HostId[],
): Promise<void> {
  await goRound(run, { verb: "release", record, hosts, act: (to) => release(to, record) });
}

/** Empties the caches of all hosts of the fleet. Returns null, or what did not do it. */
export async function flushAll(run: RunContext): Promise<string | null> {
  const { runId, hosts } = run.program;
  const replies = await goRound(run, { verb: "flush", record: runId, hosts, act: flush });
  const [failure] = failuresOf(replies);
  return failure === undefined ? null : messages.notFlushed(failure.host, failure.reply);
}
