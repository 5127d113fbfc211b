import type { HostId } from "#model/index.js";
import { recall, revert } from "./host-client/verbs.js";
import type { JournalEntry } from "./journal/entry.js";
import { messages } from "./messages.js";
import type { RunOutcome } from "./outcome.js";
import type { RunPorts } from "./ports/ports.js";
import { placeOf } from "./record-id.js";
import { claimMissing, noRun, stayAsItWas } from "./resume.js";
import { giveBack } from "./run/claims.js";
import { conduct } from "./run/conduct.js";
import { append, type RunContext, speakTo, standingOf } from "./run/context.js";
import { goRound } from "./run/round.js";
import { wayBack } from "./run/way-back.js";
import { type HostWords, type Standing, whereItStood } from "./where-it-stood.js";

/**
 * Takes a run back entirely, whether it was left or has ended, confirmed phases and their files too. Needs the records on the hosts: they are
 * there until another run claims the host. Records of this run that the journal does not know are taken back as well.
 *
 * @param entries the verified journal, the same that `ports.journal` has.
 */
export async function rollbackRun(entries: readonly JournalEntry[], ports: RunPorts): Promise<RunOutcome> {
  const standing = whereItStood(entries);
  if (standing === null) return noRun();
  const { ended, phases } = standing;
  const isOld = ended?.kind === "rolled-back" || ended?.kind === "refused" || ended?.kind === "locked";
  if (isOld && phases.size === 0) return ended;
  if (ended?.kind === "rolled-back") return ended;
  return conduct(standing.program, ports, async (run) => {
    await append(run, { kind: "resume", by: ports.by ?? "" });
    const notHad = (await claimMissing(run)) ?? (await recallAll(run, standing));
    if (notHad !== null) return stayAsItWas(run, standing, notHad);
    await takeBackUnknown(run);
    return wayBack(run, { why: messages.rollbackAsked(), scope: "all" });
  });
}

/**
 * Has each host fetch the last record of a whole run where a run after it has put that away: where one cannot take its part back, as after a
 * later change, nobody begins. The records before it follow by themselves, each when the one behind it is taken back.
 */
async function recallAll(run: RunContext, { ended, records }: Standing): Promise<RunOutcome | null> {
  if (ended?.kind !== "done" && ended?.kind !== "kept") return null;
  for (const host of run.program.hosts) {
    const last = records.findLast(({ hosts }) => isKept(hosts.get(host)));
    if (last === undefined) continue;
    const reply = await recall(speakTo(run, host), last.id);
    if (reply.kind === "done") continue;
    await giveBack(run);
    return {
      kind: "refused",
      why: messages.notRecalled(host, last.id, reply),
      hint: messages.notRecalledHint(),
    };
  }
  return null;
}

function isKept(words: HostWords | undefined): boolean {
  return words?.get("confirm") === "done" && words.get("revert") !== "done";
}

/** What hosts hold of this run and the journal never announced: it was cut. Newest first on each host. */
async function takeBackUnknown(run: RunContext): Promise<void> {
  const known = new Set(standingOf(run).records.map(({ id }) => id));
  const found = new Map<string, HostId[]>();
  for (const host of run.program.hosts) {
    const status = await speakTo(run, host).client.observe();
    if (status.kind !== "done") continue;
    for (const { id } of status.value.records.toReversed()) {
      const isOurs = placeOf(run.program.runId, id) !== null && !known.has(id);
      if (isOurs) found.set(id, [...(found.get(id) ?? []), host]);
    }
  }
  for (const [record, hosts] of found) {
    await goRound(run, { verb: "revert", record, hosts, act: (to) => revert(to, record, true) });
  }
}
