import { describe, expect, it } from "vitest";
import { readEchoLog } from "./echo-log.js";

function log(replies: readonly (readonly [number, number])[], sent: number): string {
  const lines = replies.map(
    ([sequence, atMs]) =>
      `[${((1_700_000_000_000 + atMs) / 1000).toFixed(6)}] 64 bytes from 10.0.0.2: icmp_seq=${sequence} ttl=64 time=0.04 ms`,
  );
  return `PING 10.0.0.2\n${lines.join("\n")}\n\n--- 10.0.0.2 ping statistics ---\n${sent} packets transmitted, ${replies.length} received\n`;
}

const steady = (from: number, to: number): (readonly [number, number])[] =>
  Array.from({ length: to - from + 1 }, (_, index) => [from + index, (from + index) * 10] as const);

describe("the log of a flow of echoes", () => {
  it("has no gap where every echo was answered", () => {
    expect(readEchoLog(log(steady(1, 300), 300), 10)).toEqual({ sent: 300, lost: 0, longestGapMs: 0 });
  });

  it("has no gap where the machine was late and no answer is missing", () => {
    const late = [...steady(1, 10), [11, 900], [12, 910]] as const;
    expect(readEchoLog(log(late, 12), 10)).toEqual({ sent: 12, lost: 0, longestGapMs: 0 });
  });

  it("has the time without an answer as its gap", () => {
    const text = log([...steady(1, 100), ...steady(151, 200)], 200);
    expect(readEchoLog(text, 10)).toEqual({ sent: 200, lost: 50, longestGapMs: 500 });
  });

  it("counts echoes that were never answered up to the end", () => {
    expect(readEchoLog(log(steady(1, 100), 400), 10)).toEqual({ sent: 380, lost: 280, longestGapMs: 3000 });
  });

  it("counts echoes before the first answer", () => {
    expect(readEchoLog(log(steady(51, 100), 100), 10)).toEqual({ sent: 100, lost: 50, longestGapMs: 500 });
  });

  it("leaves out what was under way when it ended", () => {
    expect(readEchoLog(log(steady(1, 100), 103), 10)).toEqual({ sent: 100, lost: 0, longestGapMs: 0 });
  });

  it("counts on where the 16 bits of the sequence number are over", () => {
    const first = steady(1, 65_535);
    const second = steady(0, 100).map(([sequence, atMs]) => [sequence, atMs + 655_360] as const);
    expect(readEchoLog(log([...first, ...second], 65_636), 10)).toEqual({
      sent: 65_636,
      lost: 0,
      longestGapMs: 0,
    });
  });

  it("is nothing where ping did not come to its summary", () => {
    expect(readEchoLog("PING 10.0.0.2\n", 10)).toBeNull();
  });
});
