import { describe, expect, it } from "vitest";
import { hostId } from "#model/index.js";
import { TEST_POLICY } from "../../test/run-policy.js";
import { contradiction } from "./compare-with-hosts.js";
import type { HostRecord, HostStatus } from "./host-record.js";
import { sealEntry } from "./journal/chain.js";
import type { HostVerb, JournalEntry, NewJournalEntry } from "./journal/entry.js";
import type { RunProgram } from "./run-program.js";
import {
  claimedHosts,
  confirmedHosts,
  holders,
  type Said,
  type Standing,
  whereItStood,
} from "./where-it-stood.js";

const H1 = hostId("h1");
const H2 = hostId("h2");

const PROGRAM: RunProgram = {
  runId: "run",
  fleet: "test",
  planDigest: "",
  strategy: "live",
  hosts: [H1, H2],
  baseline: [],
  phases: [],
  services: [],
  movingAddresses: [],
  policy: TEST_POLICY,
};

const begin: NewJournalEntry = { kind: "begin", program: PROGRAM, by: "" };

/** Intent and result; `sent`: the intent alone. */
function said(
  verb: HostVerb,
  record: string,
  results: Readonly<Record<string, Said>>,
): readonly NewJournalEntry[] {
  const hosts = Object.keys(results).map(hostId);
  const ended = Object.entries(results).flatMap(([host, result]) =>
    result === "sent" ? [] : [{ host: hostId(host), result, note: "" }],
  );
  const intent: NewJournalEntry = { kind: "intent", verb, record, hosts };
  return ended.length === 0 ? [intent] : [intent, { kind: "result", verb, record, hosts: ended }];
}

function decision(phase: number, what: "confirm" | "take-back"): NewJournalEntry {
  return { kind: "decision", phase, decision: what, why: "because" };
}

function standing(...entries: readonly (NewJournalEntry | readonly NewJournalEntry[])[]): Standing {
  const sealed: JournalEntry[] = [];
  for (const entry of entries.flat()) sealed.push(sealEntry(sealed.at(-1) ?? null, entry, ""));
  const stood = whereItStood(sealed);
  if (stood === null) throw new Error("no beginning");
  return stood;
}

describe("Where a run stood", () => {
  it("is nowhere without a beginning", () => {
    expect(whereItStood([])).toBeNull();
  });

  it.each<readonly [string, Standing, "confirm" | "take-back" | null]>([
    ["armed: undecided", standing(begin, said("arm", "run-p1", { h1: "done" })), null],
    [
      "decided: so it is",
      standing(begin, said("arm", "run-p1", { h1: "done" }), decision(1, "confirm")),
      "confirm",
    ],
    [
      "decided twice: the last one counts",
      standing(
        begin,
        said("arm", "run-p1", { h1: "done" }),
        decision(1, "confirm"),
        decision(1, "take-back"),
      ),
      "take-back",
    ],
    [
      "armed anew after a take-back: undecided",
      standing(
        begin,
        said("arm", "run-p1", { h1: "done" }),
        decision(1, "take-back"),
        said("arm", "run-p1-r1", { h1: "sent" }),
      ),
      null,
    ],
    [
      "armed anew under a decision to confirm: still decided",
      standing(
        begin,
        said("arm", "run-p1", { h1: "done" }),
        decision(1, "confirm"),
        said("arm", "run-p1-r1", { h1: "sent" }),
      ),
      "confirm",
    ],
  ])("%s", (_, stood, expected) => {
    expect(stood.phases.get(1)?.decision).toBe(expected);
  });

  it("covers by a decision only what was armed before it", () => {
    const stood = standing(
      begin,
      said("arm", "run-p1", { h1: "done" }),
      decision(1, "confirm"),
      said("arm", "run-p1-r1", { h1: "done" }),
    );
    expect(stood.records.map(({ id, isCovered }) => [id, isCovered])).toEqual([
      ["run-p1", true],
      ["run-p1-r1", false],
    ]);
  });

  it.each<readonly [Said, boolean]>([
    ["sent", true],
    ["done", true],
    ["unknown", true],
    ["failed", true],
    ["refused", false],
    ["unreachable", false],
  ])("after an arming that was `%s` a host may hold the record: %s", (result, mayHold) => {
    const [record] = standing(begin, said("arm", "run-p1", { h1: result })).records;
    expect(record === undefined ? [] : holders(record)).toEqual(mayHold ? ["h1"] : []);
  });

  it("remembers who is confirmed, and not who was taken back after that", () => {
    const stood = standing(
      begin,
      said("arm", "run-p1", { h1: "done", h2: "done" }),
      said("confirm", "run-p1", { h1: "done", h2: "done" }),
      said("revert", "run-p1", { h2: "done" }),
    );
    expect([...confirmedHosts(stood, 1)]).toEqual(["h1"]);
  });

  it("remembers a failed gate until it is decided", () => {
    const gate: NewJournalEntry = { kind: "gate", phase: 1, passed: false, what: ["h1 to h2"] };
    const stood = standing(begin, said("arm", "run-p1", { h1: "done" }), gate);
    expect(stood.phases.get(1)).toMatchObject({ hasFailedGate: true, why: "h1 to h2" });
  });

  it("has the claims that were not given back", () => {
    const stood = standing(
      begin,
      said("claim", "run", { h1: "done" }),
      said("claim", "run", { h2: "unknown" }),
      said("unclaim", "run", { h1: "done" }),
    );
    expect(claimedHosts(stood)).toEqual(["h2"]);
  });

  it("has ended when nothing follows its end but somebody who looks", () => {
    const end: NewJournalEntry = { kind: "end", outcome: { kind: "done" } };
    const resume: NewJournalEntry = { kind: "resume", by: "" };
    expect(standing(begin, end, resume).ended).toEqual({ kind: "done" });
    expect(standing(begin, end, resume, decision(1, "take-back")).ended).toBeNull();
  });
});

function status(claim: string | null, ...records: readonly Partial<HostRecord>[]): HostStatus {
  return {
    bootId: "b",
    uptimeSeconds: 1,
    claim,
    records: records.map((record) => ({
      id: "run-p1",
      state: "armed",
      hasRebooted: false,
      secondsLeft: null,
      persisted: "no",
      note: "",
      ...record,
    })),
  };
}

describe("A host contradicts the journal", () => {
  const claimed = said("claim", "run", { h1: "done" });
  const armed = said("arm", "run-p1", { h1: "done" });

  it.each<readonly [string, Standing, HostStatus, RegExp | null]>([
    ["not when it says what the journal says", standing(begin, claimed, armed), status("run", {}), null],
    [
      "not when an intent did not arrive",
      standing(begin, claimed, said("arm", "run-p1", { h1: "sent" })),
      status("run"),
      null,
    ],
    ["not by a record of another run", standing(begin, claimed), status("run", { id: "old-p1" }), null],
    [
      "not when its dead-man has fired",
      standing(begin, claimed, armed),
      status("run", { state: "reverted" }),
      null,
    ],
    [
      "by a record that was never announced",
      standing(begin, claimed),
      status("run", {}),
      /never announced it/,
    ],
    [
      "by a confirm that was never announced",
      standing(begin, claimed, armed),
      status("run", { state: "confirmed" }),
      /never announced that/,
    ],
    ["by a record that is gone", standing(begin, claimed, armed), status("run"), /but it does not/],
    ["by a claim that is gone", standing(begin, claimed), status(null), /nobody has it/],
    ["by a claim of another run", standing(begin, claimed), status("other"), /`other`/],
    ["by a claim that was never announced", standing(begin), status("run"), /never said so/],
  ])("%s", (_, stood, now, expected) => {
    const problem = contradiction(stood, H1, now);
    if (expected === null) expect(problem).toBeNull();
    else expect(problem).toMatch(expected);
  });
});
