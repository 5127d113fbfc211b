import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RunEvent } from "#app/index.js";
import { hostId } from "#model/index.js";
import { TestTerminal } from "../../../test/cli/test-terminal.js";
import { begun, did, journal, LOST_CELL, RUN } from "../../../test/run-examples.js";
import { openProgress, type Progress } from "./progress.js";

const ENTRIES = journal(begun(), ...did("arm", `${RUN}-p1`, "n1", "n2"));
const JOURNAL: readonly RunEvent[] = ENTRIES.map((entry) => ({ kind: "journal", entry }));
const ARMED: RunEvent = { kind: "host", host: hostId("n1"), state: "armed", secondsLeft: 100 };

let terminal: TestTerminal;
let now: number;
let progress: Progress;

function open(canRedraw: boolean): void {
  terminal.canRedraw = canRedraw;
  progress = openProgress(terminal, () => now);
}

beforeEach(() => {
  terminal = new TestTerminal();
  now = 0;
});
afterEach(() => progress.close());

describe("Progress on plain lines", () => {
  beforeEach(() => open(false));

  it("has a line for each result, and none for its announcement", () => {
    for (const event of JOURNAL) progress.show(event);
    expect(terminal.text().split("\n")).toEqual([
      `03:15:00 Run ${RUN} of home begins: plan sha256:0123456789abcdef, strategy live, 2 phases`,
      "03:15:02 Phase 1: armed n1, n2",
      "",
    ]);
  });

  it("has a line for each new state of a host, and none for each second", () => {
    for (const secondsLeft of [100, 99, 98]) progress.show({ ...ARMED, kind: "host", secondsLeft });
    progress.show({ kind: "host", host: hostId("n1"), state: "confirmed", secondsLeft: null });
    expect(terminal.text().split("\n")).toEqual([
      "n1: armed, takes it back by itself in 100 s",
      "n1: confirmed",
      "",
    ]);
  });

  it("has a line for each new answer of a gate, and one for each wait", () => {
    const gate = { kind: "gate", phase: 1, agreements: 0, wanted: 3, disagreements: [LOST_CELL] } as const;
    progress.show({ ...gate, secondsLeft: 9 });
    progress.show({ ...gate, secondsLeft: 8 });
    progress.show({ ...gate, agreements: 1, disagreements: [], secondsLeft: 7 });
    progress.show({ kind: "waiting", for: "the cluster", secondsLeft: 9 });
    progress.show({ kind: "waiting", for: "the cluster", secondsLeft: 8 });
    expect(terminal.text().split("\n")).toEqual([
      "Phase 1: gate agreed 0 of 3 times, 9 s left; n1 to 10.0.0.3 lost, expected delivered",
      "Phase 1: gate agreed 1 of 3 times, 7 s left",
      "Waiting for the cluster, 9 s at most",
      "",
    ]);
  });

  it("never moves the cursor", () => {
    for (const event of [...JOURNAL, ARMED]) progress.show(event);
    progress.hold();
    progress.goOn();
    expect(terminal.text()).not.toContain("\u001b");
  });

  it("counts the seconds of a host down", () => {
    progress.show(JOURNAL[0] ?? ARMED);
    progress.show(ARMED);
    now = 30_000;
    expect(progress.hosts()).toEqual([
      { host: "n1", state: "armed", secondsLeft: 70 },
      { host: "n2", state: "idle", secondsLeft: null },
      { host: "r1", state: "idle", secondsLeft: null },
    ]);
  });
});

describe("Progress on a terminal", () => {
  beforeEach(() => open(true));

  /** What the screen shows, by what `CPL` and `ED` of ECMA-48 mean. */
  function screen(): readonly string[] {
    const lines: string[] = [""];
    for (const piece of terminal.written) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: the sequence that moves up and erases
      const up = /^\u001b\[(\d+)F\u001b\[J$/.exec(piece)?.[1];
      if (up !== undefined) {
        lines.splice(lines.length - 1 - Number(up));
        lines.push("");
        continue;
      }
      const [first = "", ...rest] = piece.split("\n");
      lines.push(`${lines.pop() ?? ""}${first}`, ...rest);
    }
    return lines;
  }

  it("draws one line for each host below what has happened", () => {
    for (const event of [...JOURNAL, ARMED]) progress.show(event);
    expect(screen()).toEqual([
      `03:15:00 Run ${RUN} of home begins: plan sha256:0123456789abcdef, strategy live, 2 phases`,
      "03:15:02 Phase 1: armed n1, n2",
      "  n1  armed, takes it back by itself in 100 s",
      "  n2  idle ",
      "  r1  idle ",
      "",
    ]);
  });

  it("counts down in its place, and shows what is waited for in the last line", () => {
    progress.expect(["n1"]);
    progress.show(ARMED);
    now = 1000;
    progress.show({ kind: "waiting", for: "the cluster", secondsLeft: 9 });
    expect(screen()).toEqual([
      "  n1  armed, takes it back by itself in 99 s",
      "  Waiting for the cluster, 9 s at most",
      "",
    ]);
    progress.say("Interrupted.");
    expect(screen()[0]).toBe("Interrupted.");
  });

  it("cuts lines to the width and hosts to the height of the terminal", () => {
    terminal.columns = 20;
    terminal.rows = 6;
    progress.expect(["a", "b", "c", "d"]);
    progress.show({ kind: "host", host: hostId("a"), state: "armed", secondsLeft: 9 });
    expect(screen()).toEqual(["  a  armed, takes i", "  b  idle ", "  and 2 more hosts", ""]);
  });

  it("draws nothing below a question, and all of it behind the answer", () => {
    progress.expect(["n1"]);
    progress.show(ARMED);
    progress.hold();
    expect(screen()).toEqual([""]);
    now = 5000;
    progress.show({ kind: "waiting", for: "you", secondsLeft: 9 });
    expect(screen()).toEqual([""]);
    progress.goOn();
    expect(screen()).toEqual([
      "  n1  armed, takes it back by itself in 95 s",
      "  Waiting for you, 9 s at most",
      "",
    ]);
  });

  it("leaves the last lines where they are when it is closed", () => {
    progress.expect(["n1"]);
    progress.show(ARMED);
    const before = screen();
    progress.close();
    progress.show({ kind: "waiting", for: "you", secondsLeft: 9 });
    expect(screen()).toEqual(before);
  });
});
