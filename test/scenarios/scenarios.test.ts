import { describe, expect, it } from "vitest";
import type { PlanOutcome } from "#app/index.js";
import { findBadState, hasAnySafeOrder } from "./brute.js";
import { foundOf, planScenario } from "./planned.js";
import { readScenario, readStory, scenarioNames } from "./scenario.js";

/** States of each phase that are judged one by one; all of them where there are fewer. */
const STATES = Number(process.env["POINTSMAN_SCENARIO_STATES"] ?? 64);
/** Changes of no more states than these are asked for any safe order at all. */
const MOST_STATES = Number(process.env["POINTSMAN_SCENARIO_ORDERS"] ?? 300);

describe.each(scenarioNames())("scenario %s", (name) => {
  const scenario = readScenario(name);
  const { result, onlyWayOf } = scenario.expect;
  let known: PlanOutcome | null = null;
  /** Planned in the first test that asks, so that it is the test that fails where planning does. */
  const outcome = (): PlanOutcome => {
    known ??= planScenario(scenario);
    return known;
  };

  it("is told in its README", () => {
    const [title, , story = ""] = readStory(name).split("\n");
    expect(title).toMatch(/^# \w/);
    expect(story.length, "a paragraph behind the title").toBeGreaterThan(40);
  });

  it("is planned as its file expects", () => {
    expect(foundOf(scenario, outcome())).toEqual(scenario.expect);
  });

  if (onlyWayOf !== undefined) {
    it(`is not proved without the helper stage ${onlyWayOf}`, () => {
      expect(planScenario(scenario, onlyWayOf).kind).not.toBe("proved");
    });
  }

  if (result === "proved") {
    it("has no state in its phases that brute force calls bad", () => {
      const found = outcome();
      expect(found.kind === "proved" ? findBadState(scenario, found, STATES) : found.kind).toBeNull();
    });
  }

  if (result === "impossible") {
    it("has no order of its operations that brute force calls safe", () => {
      const found = outcome();
      if (found.kind !== "impossible") throw new Error(`expected \`impossible\`, found \`${found.kind}\``);
      const states = found.change.changes.reduce((product, { stages }) => product * stages.length, 1);
      if (states <= MOST_STATES) expect(hasAnySafeOrder(scenario, found.change)).toBe(false);
      else expect(found.tried.at(-1)?.witnesses).not.toEqual([]);
    });
  }
});
