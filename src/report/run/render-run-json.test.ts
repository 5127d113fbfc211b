import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { hostId } from "#model/index.js";
import type { NewJournalEntry, RunEvent, RunOutcome } from "#rollout/index.js";
import { begun, did, exampleProgram, journal, LOST_CELL, RUN } from "../../../test/run-examples.js";
import { renderEventLine, renderRunJson, renderStatusJson } from "./render-run-json.js";

function schema(name: string): z.ZodType {
  const file = new URL(`../../../schemas/${name}.schema.json`, import.meta.url);
  return z.fromJSONSchema(JSON.parse(readFileSync(file, "utf8")));
}

const N1 = hostId("n1");
const OUTCOMES: readonly RunOutcome[] = [
  { kind: "done" },
  { kind: "rolled-back", why: "w" },
  { kind: "kept", phases: 1, why: "w" },
  { kind: "rollback-incomplete", why: "w", hosts: [N1] },
  { kind: "unknown", why: "w", hosts: [N1] },
  { kind: "refused", why: "w", hint: "h" },
  { kind: "locked", by: "R0" },
  { kind: "left", armed: [{ host: N1, secondsLeft: 1.5 }] },
];
const ENTRIES: readonly NewJournalEntry[] = [
  begun(),
  { kind: "resume", by: "me" },
  ...did("arm", `${RUN}-p1`, "n1", "n2"),
  { kind: "gate", phase: 1, passed: false, what: ["lost"] },
  { kind: "decision", phase: 1, decision: "take-back", why: "w" },
  { kind: "note", what: "a", detail: "b" },
  ...OUTCOMES.map((outcome): NewJournalEntry => ({ kind: "end", outcome })),
];
const BASE = { runId: RUN, folder: "/f", program: exampleProgram(), entries: journal(...ENTRIES) };

describe("The JSON of a run", () => {
  it.each(OUTCOMES)("fits its schema with outcome %j", (outcome) => {
    const check = { name: "git", outcome: "ok", detail: "clean", hint: "" } as const;
    const json: unknown = JSON.parse(renderRunJson({ ...BASE, outcome, checks: [check], notes: ["n"] }));
    schema("run").parse(json);
    expect(json).toMatchObject({
      schemaVersion: 1,
      run: RUN,
      fleet: "home",
      plan: "sha256:0123456789abcdef",
      outcome,
      phases: [
        { number: 1, hosts: [{ host: "n1", state: "armed", record: `${RUN}-p1`, note: "" }, { host: "n2" }] },
        { number: 2, hosts: [{ host: "r1", state: "untouched" }] },
      ],
    });
  });

  it("has nothing of what is to be written to hosts", () => {
    expect(renderRunJson({ ...BASE, outcome: { kind: "done" }, checks: [], notes: [] })).not.toContain(
      "token",
    );
  });
});

describe("The JSON of a status", () => {
  it("fits its schema, with hosts that answer and hosts that do not", () => {
    const status = {
      bootId: "b",
      uptimeSeconds: 12,
      claim: RUN,
      records: [
        { id: `${RUN}-p1`, state: "armed", hasRebooted: false, secondsLeft: 12, persisted: "no", note: "" },
      ],
    } as const;
    const json: unknown = JSON.parse(
      renderStatusJson({
        ...BASE,
        outcome: null,
        controller: { pid: 7, machine: "desk" },
        hosts: [
          { host: "n1", status, why: "" },
          { host: "n2", status: null, why: "timed out" },
        ],
      }),
    );
    schema("status").parse(json);
    expect(json).toMatchObject({
      outcome: null,
      controller: { pid: 7, machine: "desk" },
      lastEntry: { seq: ENTRIES.length },
      hosts: [
        { host: "n1", status },
        { host: "n2", status: null, why: "timed out" },
      ],
    });
  });
});

describe("A line of the event stream", () => {
  const EVENTS: readonly RunEvent[] = [
    ...journal(...ENTRIES).map((entry): RunEvent => ({ kind: "journal", entry })),
    { kind: "host", host: N1, state: "unreachable", secondsLeft: null },
    { kind: "host", host: N1, state: "switched", secondsLeft: 12.5 },
    { kind: "gate", phase: 1, agreements: 1, wanted: 3, disagreements: [LOST_CELL], secondsLeft: 12 },
    { kind: "waiting", for: "the cluster", secondsLeft: 12 },
  ];

  it.each(EVENTS)("fits its schema, is one line and says which run: %j", (event) => {
    const line = renderEventLine(event, { run: RUN, time: "2026-11-23T03:15:00.000Z" });
    expect(line.indexOf("\n")).toBe(line.length - 1);
    const json: unknown = JSON.parse(line);
    schema("run-event").parse(json);
    expect(json).toMatchObject({ run: RUN, time: "2026-11-23T03:15:00.000Z", kind: event.kind });
  });

  it("has nothing of what is to be written to hosts: such files may hold secrets", () => {
    const lines = EVENTS.map((event) => renderEventLine(event, { run: RUN, time: "" })).join("");
    expect(lines).not.toContain("token");
  });
});
