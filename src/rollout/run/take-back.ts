import type { HostId } from "#model/index.js";
import { revert } from "../host-client/verbs.js";
import { messages } from "../messages.js";
import { confirmedHosts, holders, type RecordStanding } from "../where-it-stood.js";
import { append, type RunContext, standingOf } from "./context.js";
import { waitForDeadMen } from "./dead-men.js";
import { failuresOf, goRound } from "./round.js";
import { holdServices, startServices, stoppedIn } from "./services.js";

/** Hosts that are not as they were: `failed` by their own words, `silent` by having none. */
export interface Trouble {
  readonly failed: Map<HostId, string>;
  readonly silent: Set<HostId>;
}

/** Takes every record of one phase back, newest first, with the files that were written. Services stand still meanwhile as on the way there. */
export async function takeBackPhase(run: RunContext, number: number, trouble: Trouble): Promise<void> {
  const phase = run.program.phases.find((one) => one.number === number);
  if (phase === undefined) return;
  if (confirmedHosts(standingOf(run), number).size > 0) {
    const running = await holdServices(run, stoppedIn(run, phase));
    if (running !== null) await append(run, { kind: "note", what: "services-run", detail: running });
  }
  const records = standingOf(run).records.filter((record) => record.phase === number);
  for (const record of records.toReversed()) await takeBackRecord(run, record, trouble);
  if (run.program.strategy === "rolling-stop") await startServices(run);
  await run.ports.hooks.after(phase, "reverted");
}

async function takeBackRecord(run: RunContext, record: RecordStanding, trouble: Trouble): Promise<void> {
  const silent = await askBack(run, record, holders(record), trouble);
  if (silent.length === 0) return;
  const armed = silent.filter((host) => record.hosts.get(host)?.get("confirm") !== "done");
  if (armed.length > 0) await waitForDeadMen(run, record.id, armed);
  const lost = await askBack(run, record, silent, trouble);
  for (const host of lost) trouble.silent.add(host);
}

/** Returns those that did not answer. */
async function askBack(
  run: RunContext,
  record: RecordStanding,
  hosts: readonly HostId[],
  trouble: Trouble,
): Promise<readonly HostId[]> {
  const replies = await goRound(run, {
    verb: "revert",
    record: record.id,
    hosts,
    act: (to, host) => revert(to, record.id, wasConfirmed(record, host)),
  });
  const failures = failuresOf(replies);
  for (const { host, reply } of failures) {
    if (reply.kind === "failed" || reply.kind === "refused") {
      trouble.failed.set(host, messages.notTakenBack(host, reply));
    }
  }
  return failures
    .filter(({ reply }) => reply.kind === "unknown" || reply.kind === "unreachable")
    .map(({ host }) => host);
}

/** Only a record that lives by nobody's mercy must still be there: any other one may have been too late to be made. */
function wasConfirmed(record: RecordStanding, host: HostId): boolean {
  return record.hosts.get(host)?.get("confirm") === "done";
}
