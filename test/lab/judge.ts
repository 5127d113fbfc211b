import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { compareFlow } from "./compare.js";
import { destinationsOf, type FleetSpecification, type FlowQuestion } from "./fleet-specification.js";
import type { KernelFlow, Laboratory } from "./laboratory.js";
import type { Simulator } from "./simulator.js";

/** A flow on which kernel and simulator differ, looked at three times. */
export interface Disagreement {
  readonly kernel: KernelFlow;
  readonly differences: readonly string[];
}

/** What came of one fleet. */
export interface Judgement {
  readonly flows: readonly KernelFlow[];
  readonly agreed: number;
  /** The simulator said `unknown` where the kernel answered. */
  readonly unknown: readonly FlowQuestion[];
  readonly disagreements: readonly Disagreement[];
  /** Flows that differed once and then agreed in two fleets built anew: the machine was too slow for the first look, or the kernel remembered more than a flush takes away. */
  readonly unsteady: readonly Disagreement[];
}

const FRESH_LOOKS = 2;

/** Builds a fleet, asks kernel and simulator the same questions, and looks again, patiently and with no history, where they differ. */
export async function judgeFleet(
  laboratory: Laboratory,
  simulate: Simulator | null,
  trial: { readonly fleet: FleetSpecification; readonly questions: readonly FlowQuestion[] },
): Promise<Judgement> {
  try {
    const { snapshot } = await laboratory.build(trial.fleet);
    const flows = await laboratory.run(trial.questions, "hasty");
    await writeFile(join(snapshot, "kernel.json"), `${JSON.stringify({ flows }, null, 1)}\n`);
    if (simulate === null) return { flows, agreed: 0, unknown: [], disagreements: [], unsteady: [] };
    const simulated = await simulate(snapshot, destinationsOf(trial.fleet));
    const byName = new Map(simulated.map((flow) => [`${flow.from} ${flow.to}`, flow]));
    const compared = (kernel: KernelFlow): Disagreement | "agreed" | "unknown" => {
      const comparison = compareFlow(kernel, byName.get(`${kernel.from} ${kernel.to}`));
      return comparison.kind === "disagreed"
        ? { kernel, differences: comparison.differences }
        : comparison.kind;
    };
    const first = flows.map(compared);
    const doubtful = first.filter((outcome) => typeof outcome === "object");
    const look = async (question: FlowQuestion): Promise<KernelFlow | undefined> => {
      await laboratory.build(trial.fleet);
      return (await laboratory.run([question], "patient"))[0];
    };
    const settled = await secondLooks(look, doubtful, compared);
    return {
      flows,
      agreed: first.filter((outcome) => outcome === "agreed").length,
      unknown: flows.filter((_, index) => first[index] === "unknown"),
      ...settled,
    };
  } finally {
    await laboratory.drop();
  }
}

/** Each look is at a fleet built anew: the kernel's memory of redirects sent and of default routes taken outlives every flush. */
async function secondLooks(
  look: (question: FlowQuestion) => Promise<KernelFlow | undefined>,
  doubtful: readonly Disagreement[],
  compared: (kernel: KernelFlow) => Disagreement | "agreed" | "unknown",
): Promise<Pick<Judgement, "disagreements" | "unsteady">> {
  const disagreements: Disagreement[] = [];
  const unsteady: Disagreement[] = [];
  for (const doubt of doubtful) {
    let again: Disagreement | null = null;
    for (let looks = 0; again === null && looks < FRESH_LOOKS; looks += 1) {
      const kernel = await look({ from: doubt.kernel.from, to: doubt.kernel.to });
      const outcome = kernel === undefined ? "agreed" : compared(kernel);
      if (typeof outcome === "object") again = outcome;
    }
    if (again === null) unsteady.push(doubt);
    else disagreements.push(again);
  }
  return { disagreements, unsteady };
}
