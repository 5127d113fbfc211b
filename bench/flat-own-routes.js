import { flatFleet } from "./fleets/flat-fleet.js";
import { bench } from "./parts/measure.js";
import { timePlan } from "./parts/plan.js";

/** B1 without symmetry: no two hosts are alike, so that every flow is proved by itself. */
bench({
  id: "B1",
  name: "flat-own-routes",
  workload:
    "As `flat`, and every host has a route to a network of its own, which no other host has: nothing folds, and each pair of host and address is a kind of its own.",
  file: import.meta.filename,
  unit: "nodes",
  sizes: [10, 30, 100],
  runs: 3,
  time: "proof",
  measure: (size) => {
    const own = () => 0x0a000001;
    return {
      setUp: () => ({
        before: flatFleet(Number(size), 15, { own }),
        after: flatFleet(Number(size), 12, { own }),
      }),
      run: timePlan,
    };
  },
  bars: [],
});
