import { describe, expect, it } from "vitest";
import { hostId } from "#model/index.js";
import type { ProbeReading } from "./cell.js";
import { compareCells } from "./compare-cells.js";

function reading(
  expected: ProbeReading["cell"]["expected"],
  observed: ProbeReading["observed"],
): ProbeReading {
  return { cell: { from: hostId("a"), to: "10.0.0.1", expected }, observed, why: "" };
}

describe("Expected against observed", () => {
  it.each([
    ["delivered", "delivered", "agrees"],
    ["lost", "lost", "agrees"],
    ["any", "lost", "agrees"],
    ["any", "delivered", "agrees"],
    ["delivered", "lost", "disagrees"],
    ["lost", "delivered", "disagrees"],
    ["delivered", "not-measured", "is neither"],
    ["lost", "not-measured", "is neither"],
    ["any", "not-measured", "is neither"],
  ] as const)("a cell that is to be %s and is %s %s", (expected, observed, verdict) => {
    const one = reading(expected, observed);
    expect(compareCells([one])).toEqual({
      agreed: verdict === "agrees" ? 1 : 0,
      disagreements: verdict === "disagrees" ? [one] : [],
      notMeasured: verdict === "is neither" ? [one] : [],
    });
  });
});
