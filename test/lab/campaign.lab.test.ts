import { cpus, release } from "node:os";
import { expect, it } from "vitest";
import { type CampaignOptions, type CampaignResult, runCampaign } from "./campaign.js";
import { canBuildNamespaces } from "./laboratory.js";
import { writeDisagreement } from "./regression-case.js";
import { chosenSimulator } from "./simulator.js";

const DEFAULTS = { fleets: 300, seed: 1, jobs: 6, shrink: 3 };

it("the simulator gives the kernel's verdict and both its paths for every flow of every random fleet", async () => {
  expect(canBuildNamespaces(), "network namespaces need root").toBe(true);
  const options = optionsFromEnvironment();
  const result = await runCampaign(options);
  const folder = setting("keep");
  for (const { fleet, found, isShrunk } of result.disagreements) {
    const place = folder !== undefined && isShrunk ? await writeDisagreement(folder, fleet, found) : "";
    process.stdout.write(
      `\n${fleet.origin}: ${found.kernel.from} to ${found.kernel.to}: ${found.differences.join("; ")} ${place}\n`,
    );
    if (isShrunk) process.stdout.write(`${JSON.stringify(fleet)}\n`);
  }
  process.stdout.write(`\n${lastLine(options, result)}\n`);
  expect(result.unfinished, "flows that did not come to rest").toBe(0);
  expect(result.disagreements.length, "disagreements").toBe(0);
  expect(result.unknown, "flows the simulator calls unknown").toEqual([]);
});

function optionsFromEnvironment(): CampaignOptions {
  const profile = setting("profile");
  const seconds = setting("seconds");
  let done = 0;
  const fleets = Number(setting("fleets") ?? DEFAULTS.fleets);
  return {
    fleets,
    seed: Number(setting("seed") ?? DEFAULTS.seed),
    jobs: Number(setting("jobs") ?? DEFAULTS.jobs),
    simulate: chosenSimulator(),
    shrinkAtMost: Number(setting("shrink") ?? DEFAULTS.shrink),
    ...(profile === undefined ? {} : { profile }),
    ...(seconds === undefined ? {} : { limitMs: Number(seconds) * 1000 }),
    onFleet: (fleet, judgement) => {
      done += 1;
      const { flows, unknown, disagreements, unsteady } = judgement;
      const isClean = unknown.length + disagreements.length + unsteady.length === 0;
      if (isClean && done % 10 !== 0) return;
      process.stdout.write(
        `${done}/${fleets} ${fleet.origin}: ${flows.length} flows, ${disagreements.length} disagree, ${unknown.length} unknown, ${unsteady.length} unsteady\n`,
      );
    },
  };
}

function setting(name: string): string | undefined {
  return process.env[`POINTSMAN_LAB_${name.toUpperCase()}`];
}

function lastLine(options: CampaignOptions, result: CampaignResult): string {
  const verdicts = Object.entries(result.verdicts)
    .map(([verdict, count]) => `${verdict} ${count}`)
    .join(", ");
  const rate = (result.flows / result.seconds).toFixed(0);
  const lines = [
    ...result.unsteady.map((name) => `unsteady: ${name}`),
    ...result.unknown.slice(0, 20).map((name) => `unknown: ${name}`),
    `${result.fleets} fleets from seed ${options.seed}, ${result.flows} flows (${verdicts}), ${result.disagreements.length} disagreements, ` +
      `${result.unknown.length} unknown, ${result.unsteady.length} unsteady, ${result.unfinished} unfinished, ` +
      `${result.seconds.toFixed(0)} s (${rate} flows/s, ${options.jobs} at a time), Linux ${release()}, ${cpus().length} x ${cpus()[0]?.model ?? "unknown processor"}`,
  ];
  return lines.join("\n");
}
