import { err, ok, type Result } from "#model/index.js";
import type { HostRecord, HostStatus, RecordState } from "../host-record.js";
import { expected } from "./messages.js";

/** What a host says when it is armed. */
export interface Armed {
  /** Seconds since the host's boot at which it takes the change back by itself. */
  readonly deadlineUptime: number;
  readonly bootId: string;
}

const BOOT_ID = "([0-9a-f-]{1,64})";
const SECONDS = "(\\d{1,12})";
const NAME = "[A-Za-z0-9][A-Za-z0-9-]{0,199}";
const BOOT = new RegExp(`^boot ${BOOT_ID}$`);
const UPTIME = new RegExp(`^uptime ${SECONDS}$`);
const CLAIM = new RegExp(`^claim (-|${NAME})$`);
const ARMED = new RegExp(`^armed ${NAME} deadline ${SECONDS} boot ${BOOT_ID}$`, "m");
const RECORD = new RegExp(
  `^record (${NAME}) (\\S+) rebooted (yes|no) left (-|-?\\d{1,12}) persisted (no|yes|failed) note(?: (.*))?$`,
);

const STATES: ReadonlyMap<string, RecordState> = new Map(
  (["armed", "switching", "switched", "confirmed", "reverting", "reverted", "failed"] as const).map(
    (state) => [state, state],
  ),
);

/**
 * Reads the answer to `status`. Never throws; a line that is missing, doubled or unknown is an error in words, since half an answer
 * must not be taken for a host that has less to say.
 *
 * @example parseStatus("host pointsman-host 1\nboot 1b-2c\nuptime 12\nclaim -\n") // no records
 */
export function parseStatus(stdout: string): Result<HostStatus, string> {
  const [host, boot, uptime, claim, ...rest] = stdout.split("\n");
  if (host !== "host pointsman-host 1") return err(expected("`host pointsman-host 1`", host));
  const bootId = BOOT.exec(boot ?? "")?.[1];
  if (bootId === undefined) return err(expected("`boot` and the boot id", boot));
  const uptimeSeconds = UPTIME.exec(uptime ?? "")?.[1];
  if (uptimeSeconds === undefined) return err(expected("`uptime` and whole seconds", uptime));
  const run = CLAIM.exec(claim ?? "")?.[1];
  if (run === undefined) return err(expected("`claim` and a run or `-`", claim));
  const records = parseRecords(rest);
  if (!records.ok) return records;
  return ok({
    bootId,
    uptimeSeconds: Number(uptimeSeconds),
    claim: run === "-" ? null : run,
    records: records.value,
  });
}

function parseRecords(lines: readonly string[]): Result<readonly HostRecord[], string> {
  if (lines.at(-1) !== "") return err(expected("a line feed at the end of the answer", lines.at(-1)));
  const records: HostRecord[] = [];
  for (const line of lines.slice(0, -1)) {
    const record = parseRecord(line);
    if (record === null) return err(expected("a record", line));
    if (records.some((other) => other.id === record.id)) return err(expected("each record once", line));
    records.push(record);
  }
  return ok(records);
}

function parseRecord(line: string): HostRecord | null {
  const [, id, word, rebooted, left, persisted, note] = RECORD.exec(line) ?? [];
  const state = STATES.get(word ?? "");
  if (id === undefined || state === undefined) return null;
  return {
    id,
    state,
    hasRebooted: rebooted === "yes",
    secondsLeft: left === undefined || left === "-" ? null : Number(left),
    persisted: persisted === "yes" || persisted === "failed" ? persisted : "no",
    note: note ?? "",
  };
}

/** Reads the answer to `arm`. Never throws; an answer without deadline and boot id is an error in words. */
export function parseArmed(stdout: string): Result<Armed, string> {
  const [, deadline, bootId] = ARMED.exec(stdout) ?? [];
  if (deadline === undefined || bootId === undefined) {
    return err(expected("`armed ID deadline SECONDS boot BOOTID`", stdout.split("\n")[0]));
  }
  return ok({ deadlineUptime: Number(deadline), bootId });
}

/** The reason that a refused or failed verb gave: the text of its last line `why`, empty where there is none. Never throws. */
export function whyOf(stdout: string): string {
  const why = stdout.split("\n").findLast((line) => line.startsWith("why "));
  return why === undefined ? "" : why.slice("why ".length).trim();
}
