import { cpus } from "node:os";
import type { Trial } from "./faults.js";

/** One line of a campaign's measurements. */
export interface CampaignLine {
  readonly name: string;
  readonly workload: string;
  readonly trials: number;
  readonly asPromised: number;
  readonly endedOld: number;
  readonly endedNew: number;
  /** From the fault until nobody had anything to do any more. */
  readonly medianSeconds: number;
  readonly maxSeconds: number;
}

/** Sums trials up. */
export function sumUp(name: string, workload: string, trials: readonly Trial[]): CampaignLine {
  const seconds = trials.map((trial) => trial.seconds).sort((a, b) => a - b);
  const ended = (whole: Trial["whole"]): number => trials.filter((trial) => trial.whole === whole).length;
  return {
    name,
    workload,
    trials: trials.length,
    asPromised: trials.filter(({ problems }) => problems.length === 0).length,
    endedOld: ended("old"),
    endedNew: ended("new"),
    medianSeconds: rounded(seconds[Math.floor(seconds.length / 2)] ?? 0),
    maxSeconds: rounded(seconds.at(-1) ?? 0),
  };
}

function rounded(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}

/** The document that docs/measurements has. */
export function renderCampaign(lines: readonly CampaignLine[], labsAtOnce: number): string {
  const [cpu] = cpus();
  const machine = {
    cpu: (cpu?.model ?? "").replace(/ \d+-Core Processor$/, ""),
    cores: cpus().length,
    node: process.version,
  };
  const workload =
    "Fleets of three hosts in network namespaces of their own, with networkd files; each trial has a new lab.";
  return `${JSON.stringify({ id: "B8", bench: "rollout-campaign", workload, machine, labsAtOnce, results: lines }, null, 2)}\n`;
}
