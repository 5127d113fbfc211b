import { describe, expect, it } from "vitest";
import { parseFlowSize } from "./sized-flow.js";

describe("parseFlowSize", () => {
  it.each([
    ["full", "full"],
    ["28", 28],
    ["1500", 1500],
    ["65535", 65535],
    ["27", null],
    ["65536", null],
    ["100000", null],
    ["-5", null],
    ["1e3", null],
    ["", null],
    ["FULL", null],
  ])("reads `%s` as %s", (text, expected) => {
    expect(parseFlowSize(text)).toBe(expected);
  });
});
