import { cpus } from "node:os";
import { judgeMatrix } from "#dataplane/index.js";
import { flatFleet } from "./flat-fleet.js";

/** B4: the simulated matrix of one segment, every host to every address, without explanations. */
const size = Number(process.env["SIZE"] ?? 32);
const runs = Number(process.env["RUNS"] ?? 21);
const times = [];
let flows = 0;
for (let run = 0; run < runs; run += 1) {
  const snapshot = flatFleet(size - 1, 16);
  const start = performance.now();
  flows = judgeMatrix(snapshot, { isTraced: false }).length;
  times.push(performance.now() - start);
}
times.sort((a, b) => a - b);
const result = {
  bench: "matrix",
  hosts: size,
  flows,
  medianMs: Number((times[Math.floor(times.length / 2)] ?? 0).toFixed(1)),
  firstMs: Number((times.at(-1) ?? 0).toFixed(1)),
  node: process.version,
  cpu: cpus()[0]?.model,
  cores: cpus().length,
};
process.stdout.write(`${JSON.stringify(result)}\n`);
