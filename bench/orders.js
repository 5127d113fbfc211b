import { cpus } from "node:os";
import "./typescript/register.js";

/**
 * How often other ways of carrying out the changes of test/scenarios/ are safe: random orders, an alphabetical one, adding everything
 * before deleting anything, and the procedure of INC-0004; beside them the plans of Pointsman. Every state on the way is judged by
 * brute force. SAMPLES: random orders of each kind (200); SCENARIO: only scenarios whose names have this in them; TABLE: the rows of
 * docs/orders.md in place of JSON.
 */
const isSmoke = process.env["BENCH_SMOKE"] !== undefined;
const samples = Number(process.env["SAMPLES"] ?? (isSmoke ? 2 : 200));
const only = process.env["SCENARIO"] ?? (isSmoke ? "ring-of-three" : "");
const { readScenario, scenarioNames } = await import("../test/scenarios/scenario.js");
const { measureOrders } = await import("../test/scenarios/order-statistics.js");

const started = performance.now();
const scenarios = scenarioNames()
  .filter((name) => name.includes(only))
  .flatMap((name) => measureOrders(readScenario(name), samples) ?? []);

/** @param {(each: typeof scenarios[number]) => { readonly tried: number, readonly safe: number }} share */
function total(share) {
  const shares = scenarios.map(share);
  const always = shares.filter(({ tried, safe }) => safe === tried).length;
  const never = shares.filter(({ safe }) => safe === 0).length;
  const mean = shares.reduce((sum, { tried, safe }) => sum + safe / tried, 0) / shares.length;
  return { alwaysSafe: always, neverSafe: never, meanShare: Number(mean.toFixed(3)) };
}

const NONE = { tried: 1, safe: 0 };
const result = {
  bench: "orders",
  scenarios: scenarios.length,
  samples,
  totals: {
    random: total(({ random }) => random),
    shuffled: total(({ shuffled }) => shuffled),
    alphabetical: total(({ alphabetical }) => alphabetical),
    addBeforeDelete: total(({ addBeforeDelete }) => addBeforeDelete),
    incidentOneByOne: total(({ incidentOneByOne }) => incidentOneByOne),
    incidentAtOnce: total(({ incidentAtOnce }) => incidentAtOnce),
    pointsman: total(({ pointsman }) => pointsman.orders ?? NONE),
  },
  each: scenarios,
  seconds: Math.round((performance.now() - started) / 1000),
  node: process.version,
  cpu: cpus()[0]?.model,
  cores: cpus().length,
};
process.stdout.write(process.env["TABLE"] === undefined ? `${JSON.stringify(result)}\n` : renderRows());

function renderRows() {
  /** @param {{ readonly tried: number, readonly safe: number }} share */
  const percent = ({ tried, safe }) => `${Math.round((100 * safe) / tried)} %`;
  /** @param {{ readonly tried: number, readonly safe: number }} share */
  const yes = ({ safe }) => (safe > 0 ? "safe" : "no");
  const rows = scenarios.map((each) => {
    const { result, strategy, phases, orders } = each.pointsman;
    const plan = orders === null ? result : `${strategy}, ${phases}: ${percent(orders)}`;
    return [
      each.scenario,
      String(each.operations),
      percent(each.random),
      percent(each.shuffled),
      yes(each.alphabetical),
      yes(each.addBeforeDelete),
      yes(each.incidentOneByOne),
      percent(each.incidentAtOnce),
      plan,
    ];
  });
  return rows.map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}
