import { describe, expect, it } from "vitest";
import { buildChooser } from "./chooser.js";

describe("buildChooser", () => {
  it("goes through every combination of answers once, the first run with 0 everywhere", () => {
    const chooser = buildChooser();
    const runs: string[] = [];
    do runs.push(`${chooser.choose(2)}${chooser.choose(3)}`);
    while (chooser.advance());
    expect(runs).toEqual(["00", "01", "02", "10", "11", "12"]);
  });

  it("lets later questions depend on earlier answers", () => {
    const chooser = buildChooser();
    const runs: string[] = [];
    do runs.push(chooser.choose(2) === 0 ? "left" : `right ${chooser.choose(2)}`);
    while (chooser.advance());
    expect(runs).toEqual(["left", "right 0", "right 1"]);
  });

  it("answers 0 without a choice where there is one option or none, and makes no further run of it", () => {
    const chooser = buildChooser();
    expect([chooser.choose(1), chooser.choose(0)]).toEqual([0, 0]);
    expect(chooser.advance()).toBe(false);
  });
});
