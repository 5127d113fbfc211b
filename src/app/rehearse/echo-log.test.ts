import { describe, expect, it } from "vitest";
import { readEchoLog } from "./echo-log.js";

/** One line for each echo from `from` to `to`, 10 ms apart; those of `lost` were not answered. */
function log(from: number, to: number, lost: readonly number[] = [], destination = "10.0.0.2"): string {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index)
    .map((number) => {
      const isLost = lost.includes(number);
      const at = (1_700_000_000 + number / 100 + (isLost ? 0.2 : 0)).toFixed(5);
      const what = isLost ? "timed out (0.05 avg, 1% loss)" : "64 bytes, 0.05 ms (0.05 avg, 0% loss)";
      return `[${at}] ${destination} : [${number}], ${what}`;
    })
    .join("\n");
}

const range = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

const gapsOf = (text: string) => readEchoLog(text, 10).get("10.0.0.2");

describe("the log of a flow of echoes", () => {
  it("has no gap where every echo was answered", () => {
    expect(gapsOf(log(0, 299))).toEqual({ sent: 300, lost: 0, longestGapMs: 0 });
  });

  it("has no gap where the machine was late and no answer is missing", () => {
    const late = `${log(0, 10)}\n[1700000009.00000] 10.0.0.2 : [11], 64 bytes, 0.05 ms (0.05 avg, 0% loss)`;
    expect(gapsOf(late)).toEqual({ sent: 12, lost: 0, longestGapMs: 0 });
  });

  it("has the time from answer to answer over lost echoes as its gap", () => {
    expect(gapsOf(log(0, 199, range(100, 149)))).toEqual({ sent: 200, lost: 50, longestGapMs: 500 });
  });

  it("has the longest of several gaps", () => {
    expect(gapsOf(log(0, 199, [...range(10, 14), ...range(100, 119), 150]))).toEqual({
      sent: 200,
      lost: 26,
      longestGapMs: 200,
    });
  });

  it("counts echoes without an answer at the end and at the beginning", () => {
    expect(gapsOf(log(0, 99, range(60, 99)))).toEqual({ sent: 100, lost: 40, longestGapMs: 400 });
    expect(gapsOf(log(0, 99, range(0, 29)))).toEqual({ sent: 100, lost: 30, longestGapMs: 300 });
  });

  it("is kept apart by destination", () => {
    const both = readEchoLog(`${log(0, 9)}\n${log(0, 9, [5], "10.0.0.3")}`, 10);
    expect([both.get("10.0.0.2")?.lost, both.get("10.0.0.3")?.lost]).toEqual([0, 1]);
  });

  it("passes over other lines, and is empty where there is nothing else", () => {
    expect(
      readEchoLog("\n10.0.0.2 : xmt/rcv/%loss = 282/193/31%\nICMP Host Unreachable from 10.0.0.1", 10),
    ).toEqual(new Map());
  });
});
