import { describe, expect, it } from "vitest";
import { hostId } from "#model/index.js";
import { TEST_POLICY } from "../../../test/run-policy.js";
import type { RunProgram } from "../run-program.js";
import { renderEntry, sealEntry } from "./chain.js";
import type { JournalEntry, NewJournalEntry } from "./entry.js";
import { type JournalProblem, verifyJournal } from "./verify.js";

const H1 = hostId("h1");

const PROGRAM: RunProgram = {
  runId: "run",
  fleet: "test",
  planDigest: "sha256:00",
  strategy: "live",
  hosts: [H1],
  baseline: [],
  phases: [
    {
      number: 1,
      steps: [
        {
          host: H1,
          forward: [["ip", "link", "set", "e0", "up"]],
          revert: [["ip", "link", "set", "e0", "down"]],
          persist: [{ kind: "file", path: "/etc/x", before: null, text: "sha256:11" }],
        },
      ],
      gate: { consecutive: 3, settleSeconds: 5, timeoutSeconds: 30 },
      expected: [{ from: H1, to: "10.0.0.1", expected: "any" }],
    },
  ],
  services: [],
  movingAddresses: ["10.0.0.100"],
  policy: TEST_POLICY,
};

const ENTRIES: readonly NewJournalEntry[] = [
  { kind: "begin", program: PROGRAM, by: "ops" },
  { kind: "intent", verb: "claim", record: "run", hosts: [H1] },
  { kind: "result", verb: "claim", record: "run", hosts: [{ host: H1, result: "done", note: "" }] },
  { kind: "gate", phase: 0, passed: true, what: [] },
  { kind: "note", what: "x", detail: "naïve ☂" },
  { kind: "decision", phase: 1, decision: "confirm", why: "" },
  { kind: "resume", by: "ops" },
  { kind: "end", outcome: { kind: "left", armed: [{ host: H1, secondsLeft: 3 }] } },
];

function seal(
  entries: readonly NewJournalEntry[],
  time = "2026-01-01T00:00:00.000Z",
): readonly JournalEntry[] {
  const sealed: JournalEntry[] = [];
  for (const entry of entries) sealed.push(sealEntry(sealed.at(-1) ?? null, entry, time));
  return sealed;
}

const LINES = seal(ENTRIES).map(renderEntry);

function problemOf(lines: readonly string[]): JournalProblem {
  const verified = verifyJournal(lines.join(""));
  if (verified.ok) throw new Error("expected a refusal");
  return verified.error;
}

describe("A journal as it was written", () => {
  it("is read back, every kind of entry", () => {
    const verified = verifyJournal(LINES.join(""));
    expect(verified).toEqual({ ok: true, value: seal(ENTRIES) });
  });
});

describe("A journal with a torn last line", () => {
  it("is told from an altered one, wherever it was torn, with the bytes that are whole", () => {
    const whole = LINES.slice(0, 5).join("");
    const last = LINES[5] ?? "";
    for (let length = 1; length < last.length; length++) {
      const problem = problemOf([whole, last.slice(0, length)]);
      expect(problem).toMatchObject({ kind: "torn", entry: 6, wholeBytes: Buffer.byteLength(whole) });
      expect(verifyJournal((whole + last).slice(0, whole.length)).ok).toBe(true);
    }
  });

  it("is refused in words that say what to do", () => {
    expect(problemOf([LINES[0] ?? "", "{"])).toEqual({
      kind: "torn",
      entry: 2,
      problem:
        "Entry 2: expected a whole line, found 1 byte without a line feed: the controller ended while it wrote.",
      hint: "Nothing that entry 2 announces was done. `pointsman resume --repair-journal` cuts it off and goes on from the entry before.",
      wholeBytes: Buffer.byteLength(LINES[0] ?? ""),
    });
  });
});

describe("A journal that is not as it was written is refused with the entry's number:", () => {
  const foreign = seal(ENTRIES, "2026-02-02T00:00:00.000Z").map(renderEntry);
  const without = (index: number): readonly string[] => LINES.filter((_, at) => at !== index);
  const swapped = [...LINES.slice(0, 2), LINES[3] ?? "", LINES[2] ?? "", ...LINES.slice(4)];
  const rewritten = (LINES[4] ?? "").replace('{"detail"', '{ "detail"');
  it.each<readonly [string, readonly string[], number, RegExp]>([
    ["empty", [], 1, /empty journal/],
    ["a value edited", [...LINES.slice(0, 5), (LINES[5] ?? "").replace("confirm", "take-back")], 6, /edited/],
    ["a note edited", [...LINES.slice(0, 4), (LINES[4] ?? "").replace("naïve", "naive")], 5, /edited/],
    [
      "a key added",
      [...LINES.slice(0, 4), (LINES[4] ?? "").replace('{"detail"', '{"aa":1,"detail"')],
      5,
      /bytes/,
    ],
    ["the same in other bytes", [...LINES.slice(0, 4), rewritten], 5, /rewritten/],
    ["a line missing", without(3), 4, /missing/],
    ["the first missing", without(0), 1, /missing/],
    ["two lines exchanged", swapped, 3, /another order/],
    ["a line twice", [...LINES.slice(0, 3), LINES[2] ?? "", ...LINES.slice(3)], 4, /second time/],
    [
      "a line of another run",
      [...LINES.slice(0, 3), foreign[3] ?? "", ...LINES.slice(4)],
      4,
      /another journal/,
    ],
    ["begun in the middle", seal(ENTRIES.slice(1)).map(renderEntry), 1, /beginning/],
    ["begun twice", seal([...ENTRIES.slice(0, 2), ...ENTRIES.slice(0, 1)]).map(renderEntry), 3, /middle/],
    ["no JSON", [...LINES.slice(0, 2), "hello\n"], 3, /JSON/],
    ["an empty line", [...LINES.slice(0, 2), "\n"], 3, /JSON/],
    ["an unknown entry", [...LINES.slice(0, 2), '{"kind":"party"}\n'], 3, /an entry/],
  ])("%s", (_, lines, entry, words) => {
    const problem = problemOf(lines);
    expect(problem.problem).toMatch(words);
    expect(problem).toMatchObject({ kind: "altered", entry });
    expect(problem.problem.startsWith(`Entry ${entry}: `)).toBe(true);
  });

  it("any one character of it changed", () => {
    const text = LINES.join("");
    for (let at = 0; at < text.length; at += 7) {
      const changed = text.slice(0, at) + (text[at] === "0" ? "1" : "0") + text.slice(at + 1);
      expect(verifyJournal(changed).ok, `character ${at}`).toBe(false);
    }
  });
});
