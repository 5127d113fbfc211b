import { fatTree } from "./fleets/fat-tree.js";
import { bench } from "./parts/measure.js";
import { timePlan } from "./parts/plan.js";

/** B2: a fat tree in which every pod's traffic moves to another core, by one route of each aggregation switch for each other pod. */
bench({
  id: "B2",
  name: "fat-tree",
  workload:
    "A fat tree of k pods of Linux routers with /31 cables and static routes; every aggregation switch sends every other pod's traffic over another core than before, in any order.",
  file: import.meta.filename,
  unit: "k",
  sizes: [4, 6, 8, 16],
  runs: 1,
  time: "proof",
  measure: (size) => {
    const k = Number(size);
    return {
      setUp: () => ({ before: fatTree(k), after: fatTree(k, { coreOf: (_, pod) => (pod + 1) % (k / 2) }) }),
      run: timePlan,
    };
  },
  bars: [{ size: 16, maxMs: 5_000 }],
});
