import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { judgeFleet } from "./judge.js";
import { canBuildNamespaces, type Laboratory, openLaboratory } from "./laboratory.js";
import { LAYER2_ANSWERS } from "./layer2-answers.js";
import { questionsOf } from "./regression-case.js";
import { chosenSimulator } from "./simulator.js";

// Without root the campaign beside this file fails and says why: one failure is enough.
describe.skipIf(!canBuildNamespaces())("layer 2 in network namespaces", () => {
  let laboratory: Laboratory;
  beforeAll(() => {
    laboratory = openLaboratory();
  });
  afterAll(() => laboratory.close());

  it.each(LAYER2_ANSWERS)("$title", async ({ fleet, flow }) => {
    const trial = { fleet: { ...fleet, strangers: [flow.to] }, questions: questionsOf([flow]) };
    const judgement = await judgeFleet(laboratory, chosenSimulator(), trial);
    const [kernel] = judgement.flows;
    expect(flow.verdicts).toContain(kernel?.verdict);
    expect(flow.paths).toContainEqual(kernel?.path);
    expect(flow.backs).toContainEqual(kernel?.back);
    expect(judgement.disagreements).toEqual([]);
    expect(judgement.unknown).toEqual([]);
  });
});
