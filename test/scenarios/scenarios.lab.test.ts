import { describe, expect, it } from "vitest";
import { canBuildNamespaces, openLaboratory } from "../lab/laboratory.js";
import { type WalkOptions, walkScenario } from "./kernel-walk.js";
import { planScenario } from "./planned.js";
import { readScenario, scenarioNames } from "./scenario.js";

/** What `npm test` has time for; POINTSMAN_SCENARIO_BETWEEN=40 and so on for more. */
const OPTIONS: WalkOptions = {
  between: setting("between", 8),
  flowsAtEnds: setting("flows", 60),
  flowsBetween: setting("flows", 24),
  ways: setting("ways", 1),
};

function setting(name: string, value: number): number {
  return Number(process.env[`POINTSMAN_SCENARIO_${name.toUpperCase()}`] ?? value);
}

const scenarios = scenarioNames().map(readScenario);
const elsewhere = scenarios.filter(({ notInKernel }) => notInKernel !== undefined);

describe("scenarios in network namespaces", () => {
  it("need root", () => {
    expect(canBuildNamespaces(), "network namespaces need root").toBe(true);
  });

  it("leave out by name, with the reason, only what the scenario itself says this kernel cannot hold", () => {
    for (const { name, notInKernel } of elsewhere)
      process.stdout.write(`not in this kernel: ${name}: ${notInKernel}\n`);
    expect(elsewhere.every(({ notInKernel = "" }) => notInKernel.length > 10)).toBe(true);
  });

  it.concurrent.for(scenarios.filter(({ notInKernel }) => notInKernel === undefined).map(({ name }) => name))(
    "%s: before, between and after the kernel does what the simulator says",
    async (name) => {
      const scenario = readScenario(name);
      const laboratory = openLaboratory();
      try {
        const report = await walkScenario(laboratory, { scenario, outcome: planScenario(scenario) }, OPTIONS);
        const { stops, flows, verdicts, unknown, unsteady, differences } = report;
        process.stdout.write(
          `${name}: ${stops} states, ${flows} flows ${JSON.stringify(verdicts)}, ${unknown} unknown${unsteady.map((line) => `\n  unsteady: ${line}`).join("")}\n`,
        );
        expect(differences).toEqual([]);
        expect(flows).toBeGreaterThan(0);
      } finally {
        await laboratory.close();
      }
    },
  );
});
