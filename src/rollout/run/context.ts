import type { HostId } from "#model/index.js";
import { HostClient } from "../host-client/host-client.js";
import type { Deadline, Speaking } from "../host-client/verbs.js";
import type { NewJournalEntry } from "../journal/entry.js";
import type { RunOutcome } from "../outcome.js";
import type { RunPorts } from "../ports/ports.js";
import type { RunProgram } from "../run-program.js";
import { type Standing, whereItStood } from "../where-it-stood.js";
import { JournalLost, RunLeft } from "./stopped.js";

/** A run while a controller works on it. What it did is in its journal; here is only what cannot be: connections and times. */
export interface RunContext {
  readonly program: RunProgram;
  readonly ports: RunPorts;
  readonly clients: ReadonlyMap<HostId, HostClient>;
  /** Of live records, by `deadlineKey`. */
  readonly deadlines: Map<string, Deadline>;
}

/** Makes ready to speak to the hosts of a run. Nothing is opened before it is needed; `closeRun` closes what was. */
export function openRun(program: RunProgram, ports: RunPorts): RunContext {
  const { reach, hostProgram } = ports;
  const { requestTimeoutMs } = program.policy;
  const clients = new Map(
    program.hosts.map((host) => [host, new HostClient({ host, reach, hostProgram, requestTimeoutMs })]),
  );
  return { program, ports, clients, deadlines: new Map() };
}

/** Closes all sessions. */
export async function closeRun(run: RunContext): Promise<void> {
  await Promise.all([...run.clients.values()].map((client) => client.renew()));
}

/** How one host of the run is spoken to. */
export function speakTo(run: RunContext, host: HostId): Speaking {
  const client = run.clients.get(host);
  if (client === undefined) throw new Error(`${host} is not among the hosts of run ${run.program.runId}`);
  return { client, clock: run.ports.clock };
}

/**
 * Writes an entry, and resolves when it is on disk.
 *
 * @throws JournalLost when it cannot be: nothing is begun after that.
 */
export async function append(run: RunContext, entry: NewJournalEntry): Promise<void> {
  const { journal, emit } = run.ports;
  try {
    await journal.append(entry);
  } catch (cause) {
    throw new JournalLost(cause);
  }
  const written = journal.entries().at(-1);
  if (written !== undefined) emit({ kind: "journal", entry: written });
}

/** How the run stands by what is written up to now. */
export function standingOf(run: RunContext): Standing {
  const standing = whereItStood(run.ports.journal.entries());
  if (standing === null) throw new Error("the journal of a run that goes on has no beginning");
  return standing;
}

/** @throws RunLeft where the operator wants to leave at once. */
export function leaveIfWished(run: RunContext): void {
  if (run.ports.control.wish() === "leave") throw new RunLeft();
}

/** Writes the last entry, and gives the outcome back. */
export async function endRun(run: RunContext, outcome: RunOutcome): Promise<RunOutcome> {
  await append(run, { kind: "end", outcome });
  return outcome;
}

/** Names one record of one host. */
export function deadlineKey(record: string, host: HostId): string {
  return `${record} ${host}`;
}

/** Seconds until the first dead-man of these hosts may fire, never below 0; null where none is known. */
export function secondsToFirst(run: RunContext, record: string, hosts: readonly HostId[]): number | null {
  const times = hosts.flatMap((host) => run.deadlines.get(deadlineKey(record, host))?.earliestMs ?? []);
  if (times.length === 0) return null;
  return Math.max(0, (Math.min(...times) - run.ports.clock.monotonicMs()) / 1000);
}

/** What is armed, by what the controller was told. */
export function armedHosts(
  run: RunContext,
): readonly { readonly host: HostId; readonly secondsLeft: number }[] {
  const nowMs = run.ports.clock.monotonicMs();
  return [...run.deadlines]
    .filter(([, { latestMs }]) => latestMs > nowMs)
    .map(([key, { earliestMs }]) => ({
      key,
      secondsLeft: Math.max(0, Math.round((earliestMs - nowMs) / 1000)),
    }))
    .flatMap(({ key, secondsLeft }) => {
      const host = run.program.hosts.find((name) => key.endsWith(` ${name}`));
      return host === undefined ? [] : [{ host, secondsLeft }];
    });
}
