import { describe, expect, it } from "vitest";
import { hostId } from "#model/index.js";
import { announced, answered, begun, did, journal, RUN } from "../../../test/run-examples.js";
import { renderAudit } from "./render-audit.js";

const P1 = `${RUN}-p1`;

describe("The audit of a run", () => {
  it("says who did what, when, to which plan, and what came of it", () => {
    const text = renderAudit(
      journal(
        begun(),
        ...did("claim", RUN, "n1", "n2"),
        announced("arm", P1, "n1", "n2"),
        answered("arm", P1, ["n1", "done"], ["n2", "refused", "disk full"]),
        { kind: "decision", phase: 1, decision: "take-back", why: "n2 is not armed" },
        { kind: "resume", by: "other@laptop" },
        ...did("revert", P1, "n1"),
        { kind: "gate", phase: 1, passed: true, what: ["12 of 12 cells"] },
        { kind: "note", what: "hook-after", detail: "line 1\nline | 2" },
        { kind: "end", outcome: { kind: "rolled-back", why: "n2 is not armed" } },
      ),
    );
    expect(text.split("\n")).toEqual([
      `# Audit of run ${RUN}`,
      "",
      "| what | |",
      "| --- | --- |",
      "| fleet | home |",
      "| plan | `sha256:0123456789abcdef` |",
      "| strategy | live |",
      "| by | ops@desk, other@laptop |",
      "| began | 2026-11-23T03:15:00.000Z |",
      "| ended | 2026-11-23T03:15:11.000Z |",
      "| outcome | Rolled back |",
      "| journal | 12 entries, the last `hash12` |",
      "",
      "| entry | time | kind | what |",
      "| --- | --- | --- | --- |",
      `| 1 | 2026-11-23T03:15:00.000Z | begin | Run ${RUN} of home begins: plan sha256:0123456789abcdef, strategy live, 2 phases, by ops@desk |`,
      "| 2 | 2026-11-23T03:15:01.000Z | intent | Run: claim n1, n2 |",
      "| 3 | 2026-11-23T03:15:02.000Z | result | Run: claimed n1, n2 |",
      "| 4 | 2026-11-23T03:15:03.000Z | intent | Phase 1: arm n1, n2 |",
      "| 5 | 2026-11-23T03:15:04.000Z | result | Phase 1: armed n1; arm refused on n2 (disk full) |",
      "| 6 | 2026-11-23T03:15:05.000Z | decision | Phase 1: take back, n2 is not armed |",
      "| 7 | 2026-11-23T03:15:06.000Z | resume | Run is continued, by other@laptop |",
      "| 8 | 2026-11-23T03:15:07.000Z | intent | Phase 1: revert n1 |",
      "| 9 | 2026-11-23T03:15:08.000Z | result | Phase 1: taken back n1 |",
      "| 10 | 2026-11-23T03:15:09.000Z | gate | Phase 1: gate passed, 12 of 12 cells |",
      "| 11 | 2026-11-23T03:15:10.000Z | note | hook-after: line 1 / line \\| 2 |",
      "| 12 | 2026-11-23T03:15:11.000Z | end | Run ends: Rolled back |",
      "",
    ]);
  });

  it("of a run that goes on says so", () => {
    expect(renderAudit(journal(begun()))).toContain("| ended | not yet |\n| outcome | none yet |");
  });

  it("shows names as they are, whatever marks they have", () => {
    const text = renderAudit(
      journal(begun(), { kind: "intent", verb: "flush", record: RUN, hosts: [hostId("<b>*x*")] }),
    );
    expect(text).toContain("Run: flush \\<b\\>\\*x\\*");
  });

  it("has nothing of what is to be written to hosts", () => {
    expect(renderAudit(journal(begun()))).not.toContain("token");
  });
});
