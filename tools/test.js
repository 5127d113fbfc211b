import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { build } from "./build.js";
import { installNodePackages, installSystemPackages } from "./install.js";
import { ROOT, run } from "./spawn.js";

/** Where the counts of the last run stand, for whoever adds them up. */
const RESULTS = join(ROOT, "node_modules", ".cache", "pointsman", "test-results.json");

/** The kernel tests of this run: about a minute. The long one is `npm run test:kernel`. */
const KERNEL_SHARE = { POINTSMAN_LAB_FLEETS: "200", POINTSMAN_LAB_SECONDS: "60" };

const canMakeNamespaces = process.getuid?.() === 0;

if (!canMakeNamespaces && process.env["CI"] === "true") {
  process.stderr.write(
    "The kernel tests make network namespaces and need root; with CI=true they may not be left out.\n",
  );
  process.exit(1);
}
installNodePackages();
installSystemPackages();
build();
process.exitCode = test(process.argv.slice(2));

/**
 * Runs the tests named by the arguments (paths, or options of vitest), or all of them.
 *
 * @param {readonly string[]} args
 * @returns {number} The exit code.
 */
function test(args) {
  rmSync(RESULTS, { force: true });
  mkdirSync(dirname(RESULTS), { recursive: true });
  const vitest = join(ROOT, "node_modules", "vitest", "vitest.mjs");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${RESULTS}`];
  const projects = ["--project=unit", ...(canMakeNamespaces ? ["--project=kernel", "--project=hosts"] : [])];
  const code = run(process.execPath, [vitest, "run", ...reporters, ...projects, ...args], {
    env: { ...KERNEL_SHARE, ...labSettings() },
  });
  if (!canMakeNamespaces) process.stdout.write("Left out: the kernel tests of test/lab/, which need root.\n");
  return printCounts(code);
}

/** What the caller has set of the kernel tests goes before our share. */
function labSettings() {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      name.startsWith("POINTSMAN_LAB_") && value !== undefined ? [[name, value]] : [],
    ),
  );
}

/**
 * Prints the closing line from what vitest recorded. A test file that could not be loaded, or whose hooks failed, counts as one failed test.
 *
 * @param {number} code The exit code of vitest.
 * @returns {number} The same, or 1 where nothing was recorded.
 */
function printCounts(code) {
  /** @type {VitestResults} */
  let results;
  try {
    results = JSON.parse(readFileSync(RESULTS, "utf8"));
  } catch {
    process.stderr.write("Vitest ended before it could record a result.\n");
    return code === 0 ? 1 : code;
  }
  const broken = results.testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.every(({ status }) => status !== "failed"),
  );
  const failed = results.numFailedTests + broken.length;
  const skipped = results.numPendingTests + results.numTodoTests;
  const tail = skipped > 0 ? `, ${skipped} skipped` : "";
  process.stdout.write(`${results.numPassedTests} passed, ${failed} failed${tail}\n`);
  return code === 0 && failed > 0 ? 1 : code;
}

/**
 * @typedef {object} VitestResults
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numPendingTests
 * @property {number} numTodoTests
 * @property {readonly { status: string, assertionResults: readonly { status: string }[] }[]} testResults
 */
