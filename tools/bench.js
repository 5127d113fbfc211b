import { readdirSync } from "node:fs";
import { join } from "node:path";
import { ROOT, run } from "./spawn.js";

/**
 * Runs the measurements of bench/, each in a process of its own, one after the other: all of them, or those whose name
 * begins with one of the arguments. Each is plain JavaScript against dist/ and prints one JSON document.
 */
const chosen = process.argv.slice(2);
const benches = readdirSync(join(ROOT, "bench")).filter((file) => file.endsWith(".js"));
const wanted = benches
  .filter((file) => chosen.length === 0 || chosen.some((name) => file.startsWith(name)))
  .sort();

if (wanted.length === 0) {
  process.stderr.write(`Expected one of the benches ${benches.join(", ")}, found \`${chosen.join(" ")}\`.\n`);
  process.exitCode = 1;
}
for (const file of wanted) {
  const code = run(process.execPath, [join("bench", file)]);
  if (code !== 0) process.exitCode = code;
}
