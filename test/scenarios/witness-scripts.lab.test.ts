import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { findBadState, renderWitnessScript } from "#app/index.js";
import { planScenario } from "./planned.js";
import { readScenario, scenarioNames } from "./scenario.js";

const WITH_WITNESS = scenarioNames().flatMap((name) => {
  const scenario = readScenario(name);
  if (scenario.notInKernel !== undefined) return [];
  const bad = findBadState(planScenario(scenario), scenario.after);
  return bad === null ? [] : [{ name, bad }];
});

describe("the script of a scenario's witness, run on this kernel", () => {
  it.each(WITH_WITNESS)("shows why $name has no plan", ({ bad }) => {
    const script = renderWitnessScript(bad);
    if (!script.ok) throw new Error(script.error);
    const done = spawnSync("sh", ["-s"], { input: script.value, encoding: "utf8", timeout: 120_000 });
    expect({ code: done.status, output: done.stdout + done.stderr }).toMatchObject({
      code: 0,
      output: expect.stringContaining(`Expected: ${bad.verdict}. Observed: ${bad.verdict}.`),
    });
  });
});
