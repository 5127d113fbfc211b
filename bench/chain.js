import { chain } from "./fleets/chain.js";
import { bench } from "./parts/measure.js";
import { timePlan } from "./parts/plan.js";

/** B3: the chain gadget of Snowcap (SIGCOMM 2021), for which it takes 187 ms and 2,567 states at 100 routers. */
bench({
  id: "B3",
  name: "chain",
  workload:
    "Routers in a row turn their only route from the left to the right end; of all orders one is safe, and all flows between all addresses are kept.",
  file: import.meta.filename,
  unit: "routers",
  sizes: [2, 4, 8, 16, 100],
  runs: 1,
  time: "proof",
  measure: (size) => ({
    setUp: () => ({ before: chain(Number(size), "left"), after: chain(Number(size), "right") }),
    run: timePlan,
  }),
  bars: [{ size: 100, maxMs: 100 }],
});
