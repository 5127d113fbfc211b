import { allQuestions, type FleetSpecification, type FlowQuestion } from "./fleet-specification.js";
import { type Disagreement, type Judgement, judgeFleet } from "./judge.js";
import { type Laboratory, openLaboratory } from "./laboratory.js";
import { randomFleet } from "./random-fleet.js";
import { randomSource } from "./random-source.js";
import { shrinkFleet } from "./shrink.js";
import type { Simulator } from "./simulator.js";

/** How long and how wide a run is. */
export interface CampaignOptions {
  readonly fleets: number;
  /** The seed of the first fleet; the others follow by one. */
  readonly seed: number;
  /** Fleets at a time; most of a flow's time is waiting. */
  readonly jobs: number;
  /** null records the kernel alone. */
  readonly simulate: Simulator | null;
  /** Only fleets of this profile. */
  readonly profile?: string;
  /** Stop taking new fleets after this time. */
  readonly limitMs?: number;
  /** At most so many disagreements are shrunk. */
  readonly shrinkAtMost: number;
  readonly onFleet: (fleet: FleetSpecification, judgement: Judgement) => void;
}

/** A disagreement and the smallest fleet that still shows it. */
export interface ShrunkDisagreement {
  readonly fleet: FleetSpecification;
  readonly found: Disagreement;
  readonly isShrunk: boolean;
}

/** What a whole run gave. */
export interface CampaignResult {
  readonly fleets: number;
  readonly flows: number;
  readonly verdicts: Readonly<Record<string, number>>;
  readonly agreed: number;
  readonly unknown: readonly string[];
  readonly unsteady: readonly string[];
  readonly unfinished: number;
  readonly disagreements: readonly ShrunkDisagreement[];
  readonly seconds: number;
}

const FLOWS_PER_FLEET = 80;

/** Judges many random fleets, several at a time. */
export async function runCampaign(options: CampaignOptions): Promise<CampaignResult> {
  const started = performance.now();
  const elapsed = (): number => performance.now() - started;
  const judged: { readonly fleet: FleetSpecification; readonly judgement: Judgement }[] = [];
  const shrunk: ShrunkDisagreement[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    const laboratory = openLaboratory();
    try {
      while (next < options.fleets && elapsed() < (options.limitMs ?? Number.POSITIVE_INFINITY)) {
        const fleet = randomFleet(options.seed + next++, options.profile);
        const judgement = await judgeFleet(laboratory, options.simulate, {
          fleet,
          questions: sampledQuestions(fleet),
        });
        judged.push({ fleet, judgement });
        options.onFleet(fleet, judgement);
        for (const [index, found] of judgement.disagreements.entries()) {
          // The other disagreements of a fleet have most often the same cause.
          const isShrunk =
            index === 0 && shrunk.filter((other) => other.isShrunk).length < options.shrinkAtMost;
          const place = shrunk.push({ fleet, found, isShrunk }) - 1;
          if (isShrunk)
            shrunk[place] = await shrinkDisagreement(laboratory, options.simulate, { fleet, found });
        }
      }
    } finally {
      await laboratory.close();
    }
  };
  await Promise.all(Array.from({ length: options.jobs }, work));
  return { ...summary(judged), disagreements: shrunk, seconds: elapsed() / 1000 };
}

/** Not more questions than a fleet is worth, chosen by the fleet's own name. */
function sampledQuestions(fleet: FleetSpecification): readonly FlowQuestion[] {
  const seed = [...fleet.origin].reduce((sum, letter) => Math.imul(sum, 31) + letter.charCodeAt(0), 7);
  return randomSource(seed).shuffled(allQuestions(fleet)).slice(0, FLOWS_PER_FLEET);
}

async function shrinkDisagreement(
  laboratory: Laboratory,
  simulate: Simulator | null,
  start: { readonly fleet: FleetSpecification; readonly found: Disagreement },
): Promise<ShrunkDisagreement> {
  const { from, to } = start.found.kernel;
  let found = start.found;
  const asked = { ...start.fleet, strangers: [to] };
  const fleet = await shrinkFleet(asked, [from], async (smaller) => {
    try {
      const judgement = await judgeFleet(laboratory, simulate, { fleet: smaller, questions: [{ from, to }] });
      const [again] = judgement.disagreements;
      if (again !== undefined) found = again;
      return again !== undefined;
    } catch {
      // A fleet that can no longer be built (a bridge without its port) shows nothing.
      return false;
    }
  });
  return { fleet, found, isShrunk: true };
}

function summary(
  judged: readonly { readonly fleet: FleetSpecification; readonly judgement: Judgement }[],
): Omit<CampaignResult, "disagreements" | "seconds"> {
  const flows = judged.flatMap(({ judgement }) => judgement.flows);
  const verdicts: Record<string, number> = {};
  for (const { verdict } of flows) verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
  const named = (fleet: FleetSpecification, { from, to }: FlowQuestion): string =>
    `${fleet.origin}: ${from} to ${to}`;
  return {
    fleets: judged.length,
    flows: flows.length,
    verdicts,
    agreed: judged.reduce((sum, { judgement }) => sum + judgement.agreed, 0),
    unknown: judged.flatMap(({ fleet, judgement }) => judgement.unknown.map((flow) => named(fleet, flow))),
    unsteady: judged.flatMap(({ fleet, judgement }) =>
      judgement.unsteady.map(({ kernel }) => named(fleet, kernel)),
    ),
    unfinished: flows.filter((flow) => flow.isUnfinished).length,
  };
}
