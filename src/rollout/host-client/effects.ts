import type { HostRecord, HostStatus } from "../host-record.js";
import { messages } from "../messages.js";

/**
 * What a status says of a request whose answer was lost. `to-do`: it did not happen, or not to its end, and asking again does no harm;
 * `under-way`: the host is at it; the rest as in `HostReply`.
 */
export type Effect =
  | { readonly kind: "done" }
  | { readonly kind: "to-do" }
  | { readonly kind: "under-way" }
  | { readonly kind: "refused" | "failed"; readonly why: string };

const DONE: Effect = { kind: "done" };
const TO_DO: Effect = { kind: "to-do" };
const UNDER_WAY: Effect = { kind: "under-way" };

/** See `Effect`. */
export function effectOfClaim(status: HostStatus, run: string): Effect {
  if (status.claim === run) return DONE;
  return status.claim === null ? TO_DO : { kind: "refused", why: `claimed by ${status.claim}` };
}

/** See `Effect`. */
export function effectOfUnclaim(status: HostStatus, run: string): Effect {
  return status.claim === run ? TO_DO : DONE;
}

/** See `Effect`. */
export function effectOfArm(record: HostRecord | null): Effect {
  if (record === null) return TO_DO;
  if (record.state === "armed") return DONE;
  return { kind: "refused", why: messages.stands(record) };
}

/** See `Effect`. */
export function effectOfSwitch(record: HostRecord | null): Effect {
  switch (record?.state) {
    case undefined:
      return { kind: "refused", why: messages.noRecord() };
    case "armed":
      return TO_DO;
    case "switching":
    case "reverting":
      return UNDER_WAY;
    case "switched":
    case "confirmed":
      return DONE;
    case "reverted":
    case "failed":
      return { kind: "failed", why: messages.stands(record) };
  }
}

/** An extension is counted from when it arrives: a second one does no harm. */
export function effectOfExtend(record: HostRecord | null): Effect {
  if (record === null) return { kind: "refused", why: messages.noRecord() };
  const isLive = ["armed", "switching", "switched"].includes(record.state) && !record.hasRebooted;
  return isLive ? TO_DO : { kind: "refused", why: messages.stands(record) };
}

/** @param writes whether something is to be written when the host is confirmed. */
export function effectOfConfirm(record: HostRecord | null, writes: boolean): Effect {
  switch (record?.state) {
    case undefined:
      return { kind: "refused", why: messages.noRecord() };
    case "confirmed":
      if (record.persisted === "failed") return { kind: "failed", why: messages.stands(record) };
      // What is not written and not failed is being written.
      return record.persisted === "yes" || !writes ? DONE : UNDER_WAY;
    case "switched":
      return TO_DO;
    case "switching":
      return UNDER_WAY;
    case "armed":
    case "reverting":
    case "reverted":
      return { kind: "refused", why: messages.stands(record) };
    case "failed":
      return { kind: "failed", why: messages.stands(record) };
  }
}

/** @param mustBeThere whether the host said once that it has the record: then its absence is not "nothing to take back". */
export function effectOfRevert(record: HostRecord | null, mustBeThere: boolean): Effect {
  switch (record?.state) {
    case undefined:
      return mustBeThere ? { kind: "failed", why: messages.recordGone() } : DONE;
    case "reverted":
      return DONE;
    case "reverting":
      return UNDER_WAY;
    case "failed":
      return { kind: "failed", why: messages.stands(record) };
    case "armed":
    case "switching":
    case "switched":
    case "confirmed":
      return TO_DO;
  }
}

/** See `Effect`. */
export function effectOfRecall(record: HostRecord | null): Effect {
  return record === null ? TO_DO : DONE;
}

/** See `Effect`. */
export function effectOfRelease(record: HostRecord | null): Effect {
  return record === null ? DONE : TO_DO;
}
