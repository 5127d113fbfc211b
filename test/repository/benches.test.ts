import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { buildPointsman } from "./built.js";
import { ROOT } from "./root.js";

const BENCHES = readdirSync(join(ROOT, "bench")).filter((file) => file.endsWith(".js"));

/** It counts orders and measures no time. */
const ORDERS = "orders.js";

/** It needs hosts that boot, and root: `npm run bench incident-lab`. */
const INCIDENT_LAB = "incident-lab.js";

beforeAll(buildPointsman);

describe("The benches", () => {
  it.each(BENCHES.filter((file) => file !== ORDERS && file !== INCIDENT_LAB))(
    "%s measures its smallest size and prints one JSON document",
    (file) => {
      const done = spawnSync(process.execPath, [join(ROOT, "bench", file)], {
        encoding: "utf8",
        env: { ...process.env, BENCH_SMOKE: "1" },
      });
      expect(done.stderr).toBe("");
      const { id, machine, results } = JSON.parse(done.stdout);
      expect(id).toMatch(/^B\d$/);
      expect(machine.cores).toBeGreaterThan(0);
      expect(results).toHaveLength(1);
      expect(results[0].failed).toBeUndefined();
      for (const time of Object.values<{ runs: number }>(results[0].times)) expect(time.runs).toBe(1);
    },
  );

  it("orders.js counts safe orders of one scenario and prints one JSON document", () => {
    const done = spawnSync(process.execPath, [join(ROOT, "bench", ORDERS)], {
      encoding: "utf8",
      env: { ...process.env, BENCH_SMOKE: "1" },
    });
    expect(done.stderr).toBe("");
    const { scenarios, totals } = JSON.parse(done.stdout);
    expect(scenarios).toBe(1);
    expect(totals.pointsman.alwaysSafe + totals.pointsman.neverSafe).toBe(1);
  });

  it("incident-lab.js names its machine where it is to measure no way", () => {
    const done = spawnSync(process.execPath, [join(ROOT, "bench", INCIDENT_LAB)], {
      encoding: "utf8",
      env: { ...process.env, BENCH_SMOKE: "1" },
    });
    expect(done.stderr).toBe("");
    expect(JSON.parse(done.stdout)).toMatchObject({ id: "B7", results: [] });
  });
});
