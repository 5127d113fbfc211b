#!/usr/bin/env node
// The long runs over real hosts on this machine: every fault, every journal entry, every race. Arguments go to vitest, such as a path.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

if (process.getuid?.() !== 0) {
  console.error(
    "Expected to run as root, to make hosts on this machine; found another user. Run it with sudo.",
  );
  process.exit(1);
}
const vitest = fileURLToPath(new URL("../node_modules/vitest/vitest.mjs", import.meta.url));
const run = spawnSync(process.execPath, [vitest, "run", "--project=campaign", ...process.argv.slice(2)], {
  cwd: fileURLToPath(new URL("..", import.meta.url)),
  stdio: "inherit",
});
process.exitCode = run.status ?? 1;
