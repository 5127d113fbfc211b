import { describe, expect, it } from "vitest";
import { hostId } from "#model/index.js";
import type { NewJournalEntry, RunOutcome, RunPolicy } from "#rollout/index.js";
import { announced, begun, did, exampleProgram, journal, RUN } from "../../../test/run-examples.js";
import { renderRunText } from "./render-run-text.js";
import type { CheckView } from "./run-view.js";

const P1 = `${RUN}-p1`;
const P2 = `${RUN}-p2`;
const WHOLE: readonly NewJournalEntry[] = [
  ...did("arm", P1, "n1", "n2"),
  ...did("switch", P1, "n1", "n2"),
  { kind: "gate", phase: 1, passed: true, what: [] },
  ...did("confirm", P1, "n1", "n2"),
];

interface Example {
  readonly outcome: RunOutcome;
  readonly entries?: readonly NewJournalEntry[];
  readonly checks?: readonly CheckView[];
  readonly policy?: Partial<RunPolicy>;
  readonly notes?: readonly string[];
}

function text({ outcome, entries = [], checks = [], policy = {}, notes = [] }: Example): readonly string[] {
  const run = {
    runId: RUN,
    folder: "/state/home/runs/R",
    program: exampleProgram(policy),
    outcome,
    checks,
    notes,
    entries: journal(begun(policy), ...entries),
  };
  return renderRunText(run).split("\n");
}

const N1 = hostId("n1");

describe("The report of a run", () => {
  it("says what was done, in each phase, and how to take it back", () => {
    expect(
      text({
        outcome: { kind: "done" },
        entries: [...WHOLE, ...did("arm", P2, "r1"), ...did("confirm", P2, "r1")],
      }),
    ).toEqual([
      `Done: run ${RUN} of home`,
      "",
      "Every host is as the plan wants it, and comes up so after a reboot.",
      "",
      "Phase 1 of 2: confirmed n1, n2",
      "  gate passed",
      "Phase 2 of 2: confirmed r1",
      "",
      "Journal: /state/home/runs/R",
      `Next: \`pointsman rollback ${RUN}\` takes it back.`,
      "",
    ]);
  });

  it("says of a trial that a reboot ends it", () => {
    expect(text({ outcome: { kind: "done" }, policy: { persist: "never" } })[2]).toBe(
      "Every host is as the plan wants it, in its kernel alone: a reboot brings the old network back, as `--persist never` asks.",
    );
  });

  it("says why all was taken back, and what the gate saw", () => {
    expect(
      text({
        outcome: { kind: "rolled-back", why: "the gate of phase 1 failed" },
        entries: [
          ...did("arm", P1, "n1", "n2"),
          ...did("switch", P1, "n1", "n2"),
          { kind: "gate", phase: 1, passed: false, what: ["n1 to 10.0.0.3: lost, expected delivered"] },
          { kind: "decision", phase: 1, decision: "take-back", why: "the gate failed" },
          ...did("revert", P1, "n1", "n2"),
        ],
      }),
    ).toEqual([
      `Rolled back: run ${RUN} of home`,
      "",
      "The gate of phase 1 failed. Every changed host is as it was before the first phase; that was measured.",
      "",
      "Phase 1 of 2: taken back n1, n2",
      "  gate failed",
      "    n1 to 10.0.0.3: lost, expected delivered",
      "  taken back because the gate failed",
      "Phase 2 of 2: not touched r1",
      "",
      "Journal: /state/home/runs/R",
      "Next: Look at what is said above, make the plan again with `pointsman plan`, and apply that.",
      "",
    ]);
  });

  it("says what stays where confirmed phases are kept", () => {
    const lines = text({ outcome: { kind: "kept", phases: 1, why: "r1 was not armed" }, entries: WHOLE });
    expect(lines[0]).toBe(`Kept in part: run ${RUN} of home`);
    expect(lines[2]).toBe(
      "r1 was not armed. The phase that failed is taken back; 1 of 2 phases before it stay confirmed, as `--on-failure keep-confirmed` asks.",
    );
  });

  it("shows a person what is armed, until when, and how it is taken back without Pointsman", () => {
    expect(
      text({
        outcome: { kind: "left", armed: [{ host: N1, secondsLeft: 92.4 }] },
        entries: [...did("arm", P1, "n1", "n2"), announced("switch", P1, "n1", "n2")],
      }),
    ).toEqual([
      `Left: run ${RUN} of home`,
      "",
      "What is armed stays armed: its hosts take it back by themselves when their time is up.",
      "",
      "Phase 1 of 2: not known n1, n2",
      "  n1: `switch` was announced, and no answer is in the journal",
      "  n2: `switch` was announced, and no answer is in the journal",
      "Phase 2 of 2: not touched r1",
      "",
      "Open on 2 hosts:",
      `  n1  unclear, taken back by the host itself in 93 s (${P1})`,
      `  n2  unclear, taken back by the host itself when its time is up (${P1})`,
      "By hand, as root on the console of each of them, without Pointsman:",
      "  on n1, n2:",
      "    sh /var/lib/pointsman/pointsman-host status  # says how it stands and how many seconds are left",
      `    sh /var/lib/pointsman/pointsman-host revert ${P1}  # takes it back at once`,
      `    sh /var/lib/pointsman/pointsman-host confirm ${P1}  # keeps it: only where all hosts of its phase are switched`,
      "",
      "Journal: /state/home/runs/R",
      `Next: \`pointsman resume ${RUN}\` brings the run to a whole end, \`pointsman rollback ${RUN}\` takes it back.`,
      "",
    ]);
  });

  it.each<[RunOutcome, string, string]>([
    [
      { kind: "rollback-incomplete", why: "a file is read-only", hosts: [N1] },
      "A file is read-only. Not every host could be brought back: a person is needed on `n1`.",
      "Next: Go to the console of each host that is named, and take it back by hand as is said above.",
    ],
    [
      { kind: "unknown", why: "n1 is silent", hosts: [N1] },
      "n1 is silent. No answer from `n1`: what is armed there is taken back by the host itself when its time is up.",
      `Next: \`pointsman status ${RUN}\` asks the hosts again; \`pointsman resume ${RUN}\` brings the run to a whole end when they answer.`,
    ],
    [
      { kind: "refused", why: "the baseline differs", hint: "Look at n1." },
      "The baseline differs. Nothing was changed.",
      "Next: Look at n1.",
    ],
    [
      { kind: "locked", by: "R0" },
      "Run `R0` has the fleet or one of its hosts. Nothing was changed.",
      "Next: `pointsman status R0` says how it stands, `pointsman resume R0` brings it to an end.",
    ],
    [
      { kind: "left", armed: [] },
      "Nothing is armed: no host changes any more by itself.",
      `Next: \`pointsman resume ${RUN}\` brings the run to a whole end, \`pointsman rollback ${RUN}\` takes it back.`,
    ],
  ])("of outcome %j says the state that hosts are in and what to do next", (outcome, sentence, next) => {
    const lines = text({ outcome });
    expect(lines[2]).toBe(sentence);
    expect(lines).toContain(next);
  });

  it("names the checks that were not fine, and every note", () => {
    const lines = text({
      outcome: { kind: "done" },
      checks: [
        { name: "sessions", outcome: "ok", detail: "3 hosts", hint: "" },
        {
          name: "console",
          outcome: "warning",
          detail: "none is noted for n1",
          hint: "Note one in the fleet file.",
        },
        { name: "git", outcome: "skipped", detail: "as --skip-check asks", hint: "" },
      ],
      entries: [{ kind: "note", what: "hook-before", detail: "ended with 0" }],
      notes: ["The webhook was not told."],
    });
    expect(lines).toEqual(
      expect.arrayContaining([
        "warning: console: none is noted for n1",
        "  Next: Note one in the fleet file.",
        "skipped: git: as --skip-check asks",
        "2 notes:",
        "  hook-before: ended with 0",
        "  The webhook was not told.",
      ]),
    );
    expect(lines.join("\n")).not.toContain("sessions");
  });

  it("of a run that never began names neither phases nor a journal", () => {
    const run = {
      runId: RUN,
      folder: "",
      program: exampleProgram(),
      outcome: { kind: "refused", why: "Nobody said yes.", hint: "Run it again when it is wanted." },
      checks: [],
      notes: [],
      entries: [],
    } as const;
    expect(renderRunText(run)).toBe(
      `Refused: run ${RUN} of home\n\nNobody said yes. Nothing was changed.\n\nNext: Run it again when it is wanted.\n`,
    );
  });
});
