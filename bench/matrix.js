import { judgeMatrix } from "#dataplane/index.js";
import { flatFleet } from "./fleets/flat-fleet.js";
import { bench } from "./parts/measure.js";

/** B4: the simulated matrix of one segment, every host to every address, without explanations. */
bench({
  id: "B4",
  name: "matrix",
  workload:
    "One state of a flat fleet with its router; every host to the addresses of all hosts, without explanations.",
  file: import.meta.filename,
  unit: "hosts",
  sizes: [32, 100, 300],
  runs: 21,
  time: "matrix",
  measure: (size) => ({
    setUp: () => Number(size) - 1,
    run: (/** @type {number} */ nodes) => {
      const snapshot = flatFleet(nodes, 16);
      const start = performance.now();
      const flows = judgeMatrix(snapshot, { isTraced: false }).length;
      return { flows, times: { matrix: performance.now() - start } };
    },
  }),
  bars: [{ size: 32, maxMs: 50 }],
});
