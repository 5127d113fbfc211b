import { cpus } from "node:os";
import { planSnapshots } from "#app/index.js";
import { flatFleet } from "./flat-fleet.js";

/** B1: a prefix change of a whole flat fleet, planned and proved; the time of the difference, the proof and the matrix of each phase. */
const sizes = (process.env["SIZES"] ?? "10,100,1000").split(",").map(Number);
const runs = Number(process.env["RUNS"] ?? 3);

for (const size of sizes) {
  const before = flatFleet(size, 16);
  const after = flatFleet(size, 12);
  const times = [];
  let outcome = null;
  for (let run = 0; run < runs; run += 1) {
    const start = performance.now();
    outcome = planSnapshots({ before, after, clusters: [], invariants: [], strategies: ["live"] });
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const proof = outcome?.kind === "proved" ? outcome.phases[0]?.effort : null;
  const result = {
    bench: "plan-flat",
    hosts: size,
    result: outcome?.kind,
    phases: outcome?.kind === "proved" ? outcome.phases.length : 0,
    stateDigits: proof?.states.length ?? 0,
    flows: proof?.flows ?? 0,
    walks: proof?.walks ?? 0,
    medianMs: Math.round(times[Math.floor(times.length / 2)] ?? 0),
    rssMiB: Math.round(process.memoryUsage().rss / 2 ** 20),
    node: process.version,
    cpu: cpus()[0]?.model,
    cores: cpus().length,
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
