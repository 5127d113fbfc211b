import { describe, expect, it } from "vitest";
import { compareFlow, type SimulatedFlow, untilRepetition } from "./compare.js";
import type { KernelFlow } from "./laboratory.js";

const seen = { acceptedAt: [], redirects: [], expiredAt: [], isUnfinished: false, refusal: null };
const kernel: KernelFlow = {
  from: "h1",
  to: "10.0.0.2",
  verdict: "delivered",
  path: ["h2"],
  back: ["h1"],
  ...seen,
};
const same: SimulatedFlow = {
  from: "h1",
  to: "10.0.0.2",
  verdict: "delivered",
  verdicts: ["delivered"],
  path: ["h2"],
  back: ["h1"],
};

describe("compareFlow", () => {
  it("agrees where verdict and both paths are equal", () => {
    expect(compareFlow(kernel, same)).toEqual({ kind: "agreed" });
  });

  it("names every difference", () => {
    expect(compareFlow(kernel, { ...same, verdicts: ["lost-reply"], path: ["h3", "h2"], back: [] })).toEqual({
      kind: "disagreed",
      differences: [
        "verdict: kernel delivered, simulator lost-reply",
        "path: kernel [h2], simulator [h3 h2]",
        "back: kernel [h1], simulator []",
      ],
    });
  });

  it("agrees where the kernel's answer is in the simulator's sets", () => {
    const sets = { verdicts: ["lost", "delivered"], paths: [[], ["h2"]], backs: [[], ["h1"]] };
    expect(compareFlow(kernel, { ...same, verdict: "lost", path: [], back: [], ...sets })).toEqual({
      kind: "agreed",
    });
  });

  it("disagrees where the sets do not hold the kernel's path", () => {
    expect(compareFlow(kernel, { ...same, paths: [["h3"], ["h4"]] })).toEqual({
      kind: "disagreed",
      differences: ["path: kernel [h2], simulator [h3] or [h4]"],
    });
  });

  it("keeps a verdict that is not modelled apart from a wrong one", () => {
    expect(
      compareFlow(kernel, { ...same, verdict: "unknown", verdicts: ["unknown"], path: [], back: [] }),
    ).toEqual({ kind: "unknown" });
  });

  it("disagrees where the simulator has no such flow", () => {
    expect(compareFlow(kernel, undefined)).toMatchObject({ kind: "disagreed" });
  });

  it("compares a loop up to the first host that comes a second time", () => {
    const loop: KernelFlow = { ...kernel, verdict: "loop", path: ["h2", "h3", "h2", "h3", "h2"], back: [] };
    const cut = { ...same, verdict: "loop", verdicts: ["loop"], path: ["h2", "h3", "h2"], back: [] };
    expect(compareFlow(loop, cut)).toEqual({ kind: "agreed" });
    expect(compareFlow(loop, { ...cut, path: ["h2", "h4", "h2"] })).toMatchObject({ kind: "disagreed" });
  });

  it("compares a path that is no loop to its end, also where a host comes twice", () => {
    const twice: KernelFlow = { ...kernel, path: ["h2", "h3", "h2", "h4"] };
    expect(compareFlow(twice, { ...same, path: ["h2", "h3", "h2"] })).toMatchObject({ kind: "disagreed" });
  });
});

describe("untilRepetition", () => {
  it.each([
    ["no repetition", ["a", "b"], ["a", "b"]],
    ["a repetition in the middle", ["a", "b", "a", "c"], ["a", "b", "a"]],
    ["a host that hands the packet to itself", ["a", "a", "b"], ["a", "a"]],
    ["nothing", [], []],
  ])("%s", (_, path, expected) => {
    expect(untilRepetition(path)).toEqual(expected);
  });
});
