import { describe, expect, it } from "vitest";
import { hostId } from "#model/index.js";
import type { RunEvent } from "#rollout/index.js";
import { did, journal, LOST_CELL, RUN } from "../../../test/run-examples.js";
import { COLOURED } from "../style-text.js";
import { renderEventText, renderHostLines } from "./render-progress.js";

const [, SERVICES] = journal(...did("switch", `${RUN}-services`, "n1", "n2"));

describe("A line of progress", () => {
  it.each<[RunEvent, string]>([
    [
      { kind: "host", host: hostId("n1"), state: "switched", secondsLeft: 92.1 },
      "n1: switched, takes it back by itself in 93 s",
    ],
    [{ kind: "host", host: hostId("n1"), state: "confirmed", secondsLeft: null }, "n1: confirmed"],
    [
      { kind: "gate", phase: 1, agreements: 2, wanted: 3, disagreements: [], secondsLeft: 41.5 },
      "Phase 1: gate agreed 2 of 3 times, 42 s left",
    ],
    [
      {
        kind: "gate",
        phase: 1,
        agreements: 0,
        wanted: 3,
        disagreements: [LOST_CELL, LOST_CELL],
        secondsLeft: 41,
      },
      "Phase 1: gate agreed 0 of 3 times, 41 s left; n1 to 10.0.0.3 lost, expected delivered and 1 more",
    ],
    [{ kind: "waiting", for: "the cluster", secondsLeft: 120 }, "Waiting for the cluster, 120 s at most"],
  ])("says of %j what matters", (event, text) => {
    expect(renderEventText(event)).toBe(text);
  });

  it("says the time and the place of a journal entry", () => {
    expect(SERVICES === undefined ? null : renderEventText({ kind: "journal", entry: SERVICES })).toBe(
      "03:15:01 Services: switched n1, n2",
    );
  });
});

describe("The lines of hosts", () => {
  it("stand in columns, each with its countdown", () => {
    expect(
      renderHostLines([
        { host: "n1", state: "switched", secondsLeft: 92.1 },
        { host: "router", state: "idle", secondsLeft: null },
      ]),
    ).toEqual(["  n1      switched, takes it back by itself in 93 s", "  router  idle    "]);
  });

  it("have colours where the terminal has them", () => {
    expect(renderHostLines([{ host: "n1", state: "failed", secondsLeft: null }], COLOURED)).toEqual([
      "  \u001b[1mn1\u001b[22m  \u001b[31mfailed\u001b[39m",
    ]);
  });
});
