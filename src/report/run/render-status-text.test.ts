import { describe, expect, it } from "vitest";
import type { HostRecord } from "#rollout/index.js";
import { begun, did, exampleProgram, journal, RUN } from "../../../test/run-examples.js";
import { renderStatus } from "./render-status-text.js";
import type { RunStatusView } from "./run-view.js";

const P1 = `${RUN}-p1`;

function status(given: Partial<RunStatusView>): readonly string[] {
  const entries = journal(begun(), ...did("arm", P1, "n1", "n2"), ...did("switch", P1, "n1", "n2"));
  const base = { runId: RUN, folder: "/f", program: exampleProgram(), entries };
  return renderStatus({ ...base, outcome: null, controller: null, hosts: [], ...given }).split("\n");
}

function record(given: Partial<HostRecord>): HostRecord {
  return {
    id: P1,
    state: "switched",
    hasRebooted: false,
    secondsLeft: 40,
    persisted: "no",
    note: "",
    ...given,
  };
}

const answer = (
  ...records: readonly HostRecord[]
): NonNullable<RunStatusView["hosts"][number]["status"]> => ({
  bootId: "b",
  uptimeSeconds: 1,
  claim: RUN,
  records,
});

describe("The status of a run", () => {
  it("says what the journal and the hosts know, and how each is taken back by hand", () => {
    expect(
      status({
        hosts: [
          { host: "n1", status: answer(record({})), why: "" },
          { host: "n2", status: null, why: "connection timed out" },
          { host: "r1", status: { ...answer(), claim: null }, why: "" },
        ],
      }),
    ).toEqual([
      `Not finished: run ${RUN} of home, plan sha256:0123456789abcdef`,
      "",
      "Nobody works on it. Its last entry is 5, of 2026-11-23T03:15:04.000Z. A host that is not confirmed takes its change back by itself.",
      "",
      "Phase 1 of 2: switched, not confirmed n1, n2",
      "Phase 2 of 2: not touched r1",
      "",
      `n1: claimed by ${RUN}, 1 record`,
      `  ${P1}: switched, 40 s until the host takes it back`,
      "n2: no answer, connection timed out",
      "r1: not claimed, no records",
      "",
      "Open on 2 hosts:",
      `  n1  switched, taken back by the host itself in 40 s (${P1})`,
      `  n2  switched, taken back by the host itself when its time is up (${P1})`,
      "By hand, as root on the console of each of them, without Pointsman:",
      "  on n1, n2:",
      "    sh /var/lib/pointsman/pointsman-host status  # says how it stands and how many seconds are left",
      `    sh /var/lib/pointsman/pointsman-host revert ${P1}  # takes it back at once`,
      `    sh /var/lib/pointsman/pointsman-host confirm ${P1}  # keeps it: only where all hosts of its phase are switched`,
      "",
      "Journal: /f",
      `Next: \`pointsman resume ${RUN}\` brings it to a whole end, \`pointsman rollback ${RUN}\` takes it back.`,
      "",
    ]);
  });

  it("names the controller of a run that goes on", () => {
    const lines = status({ controller: { pid: 7, machine: "desk" } });
    expect(lines[0]).toBe(`Running: run ${RUN} of home, plan sha256:0123456789abcdef`);
    expect(lines[2]).toBe("Process 7 on desk works on it. Its last entry is 5, of 2026-11-23T03:15:04.000Z.");
    expect(lines).toContain(
      `Next: \`pointsman abort ${RUN}\` has it taken back; \`pointsman confirm ${RUN}\` gives the confirmation it may wait for.`,
    );
  });

  it("believes the hosts more than the journal: what they took back is not open", () => {
    const reverted = answer(record({ state: "reverted", hasRebooted: true, secondsLeft: null }));
    const lines = status({
      hosts: [
        { host: "n1", status: reverted, why: "" },
        { host: "n2", status: reverted, why: "" },
      ],
    });
    expect(lines).toContain(`  ${P1}: reverted, rebooted since`);
    expect(lines.join("\n")).not.toContain("Open on");
  });

  it("says what is written, and what a host says of a record that failed", () => {
    const lines = status({
      outcome: { kind: "rollback-incomplete", why: "w", hosts: [] },
      hosts: [
        {
          host: "n1",
          status: answer(record({ state: "confirmed", secondsLeft: null, persisted: "yes" })),
          why: "",
        },
        {
          host: "n2",
          status: answer(
            record({ state: "failed", secondsLeft: null, persisted: "failed", note: "disk full" }),
          ),
          why: "",
        },
      ],
    });
    expect(lines).toContain(`  ${P1}: confirmed, written to disk`);
    expect(lines).toContain(`  ${P1}: failed, not written to disk, disk full`);
    expect(lines).toContain("Open on 1 host:");
  });

  it("of a run that is done has nothing open, though its journal ends early", () => {
    const lines = status({ outcome: { kind: "done" } });
    expect(lines[0]).toBe(`Done: run ${RUN} of home, plan sha256:0123456789abcdef`);
    expect(lines.join("\n")).not.toContain("Open on");
  });
});
