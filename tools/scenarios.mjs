#!/usr/bin/env node
// The long run over test/scenarios/: more states judged by brute force, more ways through the kernel, all flows at every stop.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const LONG = {
  POINTSMAN_SCENARIO_STATES: "1000",
  POINTSMAN_SCENARIO_ORDERS: "3000",
  POINTSMAN_SCENARIO_BETWEEN: "40",
  POINTSMAN_SCENARIO_FLOWS: "1000",
  POINTSMAN_SCENARIO_WAYS: "3",
};
/** Longer than the largest scenario takes. */
const LONGEST_TEST_MS = 3_600_000;

if (process.getuid?.() !== 0) {
  console.error("Expected to run as root, to make network namespaces; found another user. Run it with sudo.");
  process.exit(1);
}
const vitest = fileURLToPath(new URL("../node_modules/vitest/vitest.mjs", import.meta.url));
const run = spawnSync(
  process.execPath,
  [vitest, "run", `--testTimeout=${LONGEST_TEST_MS}`, "test/scenarios/scenarios", ...process.argv.slice(2)],
  {
    cwd: fileURLToPath(new URL("..", import.meta.url)),
    stdio: "inherit",
    env: { ...LONG, ...process.env },
  },
);
process.exitCode = run.status ?? 1;
