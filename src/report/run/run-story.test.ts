import { describe, expect, it } from "vitest";
import { announced, answered, begun, did, exampleProgram, journal, RUN } from "../../../test/run-examples.js";
import { phaseOfRecord, tellPhases, tellRecords } from "./run-story.js";

const P1 = `${RUN}-p1`;
const P2 = `${RUN}-p2`;

describe("The story of a run", () => {
  it("begins with hosts that nothing was said to", () => {
    expect(tellPhases(exampleProgram(), journal(begun()))).toEqual([
      {
        number: 1,
        hosts: ["n1", "n2"].map((host) => ({ host, state: "untouched", record: null, note: "" })),
        gate: null,
        decision: null,
      },
      {
        number: 2,
        hosts: [{ host: "r1", state: "untouched", record: null, note: "" }],
        gate: null,
        decision: null,
      },
    ]);
  });

  it("follows a phase from armed to confirmed, and a later one back", () => {
    const [first, second] = tellPhases(
      exampleProgram(),
      journal(
        begun(),
        ...did("arm", P1, "n1", "n2"),
        ...did("switch", P1, "n1", "n2"),
        { kind: "gate", phase: 1, passed: true, what: ["6 of 6 cells"] },
        { kind: "decision", phase: 1, decision: "confirm", why: "the gate passed" },
        ...did("confirm", P1, "n1", "n2"),
        ...did("arm", P2, "r1"),
        ...did("switch", P2, "r1"),
        { kind: "gate", phase: 2, passed: false, what: ["n1 to 10.0.0.3 lost"] },
        { kind: "decision", phase: 2, decision: "take-back", why: "the gate failed" },
        ...did("revert", P2, "r1"),
      ),
    );
    expect(first).toMatchObject({
      hosts: [{ state: "confirmed" }, { state: "confirmed" }],
      gate: { passed: true },
      decision: { decision: "confirm" },
    });
    expect(second).toMatchObject({
      hosts: [{ state: "reverted", record: P2 }],
      gate: { passed: false, what: ["n1 to 10.0.0.3 lost"] },
      decision: { decision: "take-back", why: "the gate failed" },
    });
  });

  it("knows nothing of a host between an announcement and its answer", () => {
    const [{ hosts } = { hosts: [] }] = tellPhases(
      exampleProgram(),
      journal(begun(), ...did("arm", P1, "n1", "n2"), announced("switch", P1, "n1")),
    );
    expect(hosts).toEqual([
      {
        host: "n1",
        state: "unclear",
        record: P1,
        note: "`switch` was announced, and no answer is in the journal",
      },
      { host: "n2", state: "armed", record: P1, note: "" },
    ]);
  });

  it.each([
    ["refused", "armed", "too full"],
    ["failed", "unclear", "`switch` failed: too full"],
    ["unknown", "unclear", "`switch` unknown: too full"],
    ["unreachable", "unclear", "`switch` unreachable: too full"],
  ] as const)("takes an answer `%s` for what it says, and no more", (result, state, note) => {
    const [{ hosts } = { hosts: [] }] = tellPhases(
      exampleProgram(),
      journal(
        begun(),
        ...did("arm", P1, "n1"),
        announced("switch", P1, "n1"),
        answered("switch", P1, ["n1", result, "too full"]),
      ),
    );
    expect(hosts[0]).toEqual({ host: "n1", state, record: P1, note });
  });

  it("tells each record of a host apart, those of stopped services too", () => {
    const services = `${RUN}-services`;
    const again = `${P1}-r1`;
    expect(
      tellRecords(
        journal(
          begun(),
          ...did("arm", services, "n1"),
          ...did("arm", P1, "n1"),
          ...did("revert", P1, "n1"),
          ...did("arm", again, "n1"),
        ),
      ),
    ).toEqual([
      { host: "n1", record: services, state: "armed", note: "" },
      { host: "n1", record: P1, state: "reverted", note: "" },
      { host: "n1", record: again, state: "armed", note: "" },
    ]);
  });

  it.each([
    [`${RUN}-p12`, 12],
    [`${RUN}-p2-r1`, 2],
    [`${RUN}-services`, null],
    [RUN, null],
  ])("finds the phase of record %s", (record, phase) => {
    expect(phaseOfRecord(record)).toBe(phase);
  });
});
