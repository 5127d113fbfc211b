import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
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
  /** Flows that differed once and then agreed twice: the machine was too slow for the first look, or the kernel is free to choose. */
  readonly unsteady: readonly Disagreement[];
}

const PATIENT_LOOKS = 2;

/** Builds a fleet, asks kernel and simulator the same questions, and looks again, patiently, where they differ. */
export async function judgeFleet(
  laboratory: Laboratory,
  simulate: Simulator | null,
  trial: { readonly fleet: FleetSpecification; readonly questions: readonly FlowQuestion[] },
): Promise<Judgement> {
  const snapshot = await mkdtemp(join(tmpdir(), "pointsman-lab-"));
  try {
    await laboratory.build(trial.fleet, snapshot);
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
    const settled = await secondLooks(laboratory, doubtful, compared);
    return {
      flows,
      agreed: first.filter((outcome) => outcome === "agreed").length,
      unknown: flows.filter((_, index) => first[index] === "unknown"),
      ...settled,
    };
  } finally {
    await laboratory.drop();
    await rm(snapshot, { recursive: true, force: true });
  }
}

async function secondLooks(
  laboratory: Laboratory,
  doubtful: readonly Disagreement[],
  compared: (kernel: KernelFlow) => Disagreement | "agreed" | "unknown",
): Promise<Pick<Judgement, "disagreements" | "unsteady">> {
  const disagreements: Disagreement[] = [];
  const unsteady: Disagreement[] = [];
  for (const doubt of doubtful) {
    const { from, to } = doubt.kernel;
    const looks = await laboratory.run(
      Array.from({ length: PATIENT_LOOKS }, () => ({ from, to })),
      "patient",
    );
    const again = looks.map(compared).find((outcome) => typeof outcome === "object");
    if (again === undefined) unsteady.push(doubt);
    else disagreements.push(again);
  }
  return { disagreements, unsteady };
}
