import { describe, expect, it } from "vitest";
import type { HostRecord, RecordState } from "../host-record.js";
import {
  effectOfArm,
  effectOfClaim,
  effectOfConfirm,
  effectOfExtend,
  effectOfRelease,
  effectOfRevert,
  effectOfSwitch,
  effectOfUnclaim,
} from "./effects.js";

const STATES: readonly (RecordState | null)[] = [
  null,
  "armed",
  "switching",
  "switched",
  "confirmed",
  "reverting",
  "reverted",
  "failed",
];

function record(state: RecordState | null, rest: Partial<HostRecord> = {}): HostRecord | null {
  if (state === null) return null;
  return { id: "run-p1", state, hasRebooted: false, secondsLeft: null, persisted: "no", note: "", ...rest };
}

describe("What a status says of a request whose answer was lost", () => {
  it.each<readonly [string, (one: HostRecord | null) => { readonly kind: string }, readonly string[]]>([
    ["arm", effectOfArm, ["to-do", "done", "refused", "refused", "refused", "refused", "refused", "refused"]],
    [
      "switch",
      effectOfSwitch,
      ["refused", "to-do", "under-way", "done", "done", "under-way", "failed", "failed"],
    ],
    [
      "extend",
      effectOfExtend,
      ["refused", "to-do", "to-do", "to-do", "refused", "refused", "refused", "refused"],
    ],
    [
      "confirm that writes",
      (one) => effectOfConfirm(one, true),
      ["refused", "refused", "under-way", "to-do", "under-way", "refused", "refused", "failed"],
    ],
    [
      "confirm that writes nothing",
      (one) => effectOfConfirm(one, false),
      ["refused", "refused", "under-way", "to-do", "done", "refused", "refused", "failed"],
    ],
    [
      "revert",
      (one) => effectOfRevert(one, false),
      ["done", "to-do", "to-do", "to-do", "to-do", "under-way", "done", "failed"],
    ],
    ["release", effectOfRelease, ["done", ...Array.from({ length: 7 }, () => "to-do")]],
  ])("%s", (_, effect, expected) => {
    expect(STATES.map((state) => effect(record(state)).kind)).toEqual(expected);
  });

  it("confirm: what is written is done, and what could not be written failed", () => {
    expect(effectOfConfirm(record("confirmed", { persisted: "yes" }), true)).toEqual({ kind: "done" });
    expect(effectOfConfirm(record("confirmed", { persisted: "failed", note: "disk full" }), true)).toEqual({
      kind: "failed",
      why: "its record is confirmed (disk full)",
    });
  });

  it("extend: no dead-man runs any more after a reboot", () => {
    expect(effectOfExtend(record("switched", { hasRebooted: true })).kind).toBe("refused");
  });

  it("revert: a record that was confirmed and is gone is not taken back", () => {
    expect(effectOfRevert(null, true).kind).toBe("failed");
  });

  it("claim and unclaim", () => {
    const status = (claim: string | null): Parameters<typeof effectOfClaim>[0] => ({
      bootId: "b",
      uptimeSeconds: 1,
      claim,
      records: [],
    });
    const claims = [null, "run", "other"].map(status);
    expect(claims.map((one) => effectOfClaim(one, "run").kind)).toEqual(["to-do", "done", "refused"]);
    expect(claims.map((one) => effectOfUnclaim(one, "run").kind)).toEqual(["done", "to-do", "done"]);
  });
});
