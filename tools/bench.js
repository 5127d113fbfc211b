import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./spawn.js";

/**
 * Runs the measurements of bench/, one after the other: all of them, or those whose name begins with one of the arguments. Each is plain
 * JavaScript against dist/, prints one JSON document, and measures each of its sizes in a process of its own. With `--keep` the documents
 * are written to docs/measurements/ as well, for `tools/chart.js`.
 */
const chosen = process.argv.slice(2).filter((argument) => argument !== "--keep");
const isKept = process.argv.includes("--keep");
const benches = readdirSync(join(ROOT, "bench")).filter((file) => file.endsWith(".js"));
const wanted = benches
  .filter((file) => chosen.length === 0 || chosen.some((name) => file.startsWith(name)))
  .sort();

if (wanted.length === 0) {
  process.stderr.write(`Expected one of the benches ${benches.join(", ")}, found \`${chosen.join(" ")}\`.\n`);
  process.exitCode = 1;
}
for (const file of wanted) {
  const done = spawnSync(process.execPath, [join(ROOT, "bench", file)], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "inherit"],
    encoding: "utf8",
  });
  process.stdout.write(done.stdout);
  if (done.status !== 0) process.exitCode = done.status ?? 1;
  else if (isKept) keep(file.replace(/\.js$/, ""), done.stdout);
}

/**
 * @param {string} name
 * @param {string} document
 */
function keep(name, document) {
  const folder = join(ROOT, "docs", "measurements");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.json`), document);
}
