import { flatFleet } from "./fleets/flat-fleet.js";
import { bench } from "./parts/measure.js";
import { timePlan } from "./parts/plan.js";

/** B1: all intermediate states of a prefix change of a whole flat fleet. */
bench({
  id: "B1",
  name: "flat",
  workload:
    "Every host of one segment goes from a /15 to a /12, its default route kept: three stages for each host, in any order; to all addresses from all hosts.",
  file: import.meta.filename,
  unit: "nodes",
  sizes: [10, 100, 1_000, 10_000, 100_000],
  runs: 3,
  time: "proof",
  measure: (size) => ({
    setUp: () => ({ before: flatFleet(Number(size), 15), after: flatFleet(Number(size), 12) }),
    run: timePlan,
  }),
  bars: [
    { size: 1_000, maxMs: 300 },
    { size: 10_000, maxMs: 1_000, maxMiB: 512 },
    { size: 100_000, maxMs: 10_000 },
  ],
});
