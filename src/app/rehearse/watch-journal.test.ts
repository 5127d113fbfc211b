import { describe, expect, it } from "vitest";
import { reachedMoment } from "./watch-journal.js";

describe("the event stream of a controller", () => {
  it("tells which entry was reached, and what hosts answered in which phase", () => {
    const entry = { seq: 9, kind: "result", verb: "switch", record: "20261123T031500Z-3f2a-p2" };
    expect(reachedMoment({ kind: "journal", entry })).toEqual({ entry: 9, verb: "switch", phase: 2 });
  });

  it("takes the record of a phase that was begun again for one of that phase", () => {
    const entry = { seq: 9, kind: "result", verb: "arm", record: "20261123T031500Z-3f2a-p2-r1" };
    expect(reachedMoment({ kind: "journal", entry })?.phase).toBe(2);
  });

  it("does not take an intent for an answer", () => {
    const entry = { seq: 8, kind: "intent", verb: "switch", record: "r-p1" };
    expect(reachedMoment({ kind: "journal", entry })).toEqual({ entry: 8, verb: null, phase: 1 });
  });

  it.each([
    ["what is fleeting", { kind: "host", host: "n1" }],
    ["no object", 7],
    ["nothing", null],
    ["an entry without a number", { kind: "journal", entry: { seq: "9" } }],
  ])("passes over %s", (_name, event) => {
    expect(reachedMoment(event)).toBeNull();
  });
});
