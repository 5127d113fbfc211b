import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { untilRepetition } from "./compare.js";
import { judgeFleet } from "./judge.js";
import { KNOWN_ANSWERS } from "./known-answers.js";
import { canBuildNamespaces, type KernelFlow, type Laboratory, openLaboratory } from "./laboratory.js";
import { questionsOf, readCases } from "./regression-case.js";
import { chosenSimulator } from "./simulator.js";

// Without root the campaign beside this file fails and says why: one failure is enough.
describe.skipIf(!canBuildNamespaces())("in network namespaces", () => {
  let laboratory: Laboratory;
  beforeAll(() => {
    laboratory = openLaboratory();
  });
  afterAll(() => laboratory.close());

  it.each(KNOWN_ANSWERS)("$title ($fleet.origin)", async ({ fleet, flow, redirects }) => {
    const trial = { fleet: { ...fleet, strangers: [flow.to] }, questions: questionsOf([flow]) };
    const judgement = await judgeFleet(laboratory, chosenSimulator(), trial);
    const [kernel] = judgement.flows;
    expect(flow.verdicts).toContain(kernel?.verdict);
    expect(flow.paths).toContainEqual(compared(kernel, "path"));
    expect(flow.backs).toContainEqual(compared(kernel, "back"));
    if (redirects !== undefined) {
      expect(
        kernel?.redirects
          .filter(({ at }) => at === flow.from)
          .map(({ by, gateway }) => `${by} for ${gateway}`),
      ).toEqual(redirects);
    }
    expect(judgement.disagreements).toEqual([]);
    expect(judgement.unknown).toEqual([]);
  });
});

// As above: the campaign beside this file fails and says why.
describe.skipIf(!canBuildNamespaces())("regression cases", async () => {
  let laboratory: Laboratory;
  beforeAll(() => {
    laboratory = openLaboratory();
  });
  afterAll(() => laboratory.close());

  it.each(await readCases())("$name", async ({ fleet, flows }) => {
    const judgement = await judgeFleet(laboratory, chosenSimulator(), {
      fleet,
      questions: questionsOf(flows),
    });
    for (const [index, expected] of flows.entries()) {
      expect(expected.verdicts).toContain(judgement.flows[index]?.verdict);
      expect(expected.paths).toContainEqual(compared(judgement.flows[index], "path"));
      expect(expected.backs).toContainEqual(compared(judgement.flows[index], "back"));
    }
    expect(judgement.disagreements).toEqual([]);
    expect(judgement.unknown).toEqual([]);
  });
});

function compared(kernel: KernelFlow | undefined, side: "path" | "back"): readonly string[] {
  if (kernel === undefined) return [];
  return kernel.verdict === "loop" ? untilRepetition(kernel[side]) : kernel[side];
}
