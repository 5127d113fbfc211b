#!/usr/bin/env node
// Compares the simulator with the kernel of this machine: node tools/kernel-lab.mjs [--fleets N] [--seed S] [--jobs J] ...
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

/** @type {NonNullable<import("node:util").ParseArgsConfig["options"]>} */
const OPTIONS = {
  fleets: { type: "string" },
  seed: { type: "string" },
  jobs: { type: "string" },
  simulator: { type: "string" },
  profile: { type: "string" },
  seconds: { type: "string" },
  shrink: { type: "string" },
  keep: { type: "string" },
};
/** Longer than the longest run asked for by --fleets. */
const LONGEST_RUN_MS = 7_200_000;
const USAGE = `Compares the simulator with the kernel of this machine, on random fleets in network namespaces (needs root and python3).

  --fleets N    fleets to build (default 300)
  --seed S      seed of the first fleet (default: from the clock)
  --simulator X none: the kernel alone; command: bin/pointsman (default: in this process)
  --jobs J      fleets at a time (default 6)
  --profile P   only fleets of this profile
  --seconds T   take no new fleet after this time
  --shrink N    disagreements to shrink (default 3)
  --keep DIR    where shrunk disagreements are written
`;

function main() {
  let values;
  try {
    ({ values } = parseArgs({ options: { ...OPTIONS, help: { type: "boolean" } } }));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
    return 2;
  }
  if (values.help === true) {
    console.log(USAGE);
    return 0;
  }
  if (process.getuid?.() !== 0) {
    console.error(
      "Expected to run as root, to make network namespaces; found another user. Run it with sudo, or in a container with CAP_NET_ADMIN and CAP_SYS_ADMIN.",
    );
    return 1;
  }
  const seed = String(Date.now() % 1_000_000_000);
  const given = Object.entries({ seed, ...values }).map(([name, value]) => [
    `POINTSMAN_LAB_${name.toUpperCase()}`,
    value,
  ]);
  const root = fileURLToPath(new URL("..", import.meta.url));
  const vitest = fileURLToPath(new URL("../node_modules/vitest/vitest.mjs", import.meta.url));
  const run = spawnSync(
    process.execPath,
    [vitest, "run", "--project=kernel", `--testTimeout=${LONGEST_RUN_MS}`, "test/lab/campaign"],
    {
      cwd: root,
      stdio: "inherit",
      env: { ...process.env, ...Object.fromEntries(given) },
    },
  );
  return run.status ?? 1;
}

process.exitCode = main();
