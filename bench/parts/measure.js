import { spawnSync } from "node:child_process";
import { cpus } from "node:os";

/**
 * One bench: a workload of several sizes, each measured in a process of its own.
 *
 * @typedef {object} Bench
 * @property {string} id As in the design: `B1`, ...
 * @property {string} name
 * @property {string} workload One sentence.
 * @property {string} file The file of the bench.
 * @property {readonly (string | number)[]} sizes The smallest first.
 * @property {number} runs
 * @property {string} unit What a size counts.
 * @property {(size: string) => { readonly setUp: () => unknown, readonly run: (given: any) => Record<string, unknown> }} measure
 * @property {string} time Which of the measured times the bar is about.
 * @property {readonly Bar[]} bars
 */

/**
 * @typedef {object} Bar
 * @property {string | number} size
 * @property {number} [maxMs]
 * @property {number} [maxMiB]
 */

/** In a process that was started for one size: measures it and prints the result. Else: starts one for each size, and prints all of them. */
export function bench(/** @type {Bench} */ given) {
  const own = process.env["BENCH_SIZE"];
  const document = own === undefined ? measureAll(given) : measureHere(given, own);
  process.stdout.write(`${JSON.stringify(document, null, own === undefined ? 2 : 0)}\n`);
}

/**
 * Times in milliseconds of what `run` gives under `times`, and everything else of its last result. `cpu` is what the process and its garbage
 * collector had of the processors during the whole run: on a busy machine it says more than the clock.
 *
 * @param {Bench} given
 * @param {string} size
 */
function measureHere({ measure, runs }, size) {
  const { setUp, run } = measure(size);
  const input = setUp();
  /** @type {Map<string, number[]>} */
  const times = new Map();
  let rest = {};
  let peak = 0;
  for (let count = 0; count < (process.env["BENCH_SMOKE"] === undefined ? runs : 1); count += 1) {
    const before = process.cpuUsage();
    const { times: measured, ...others } = run(input);
    const { user, system } = process.cpuUsage(before);
    const all = { .../** @type {Record<string, number>} */ (measured), cpu: (user + system) / 1000 };
    for (const [name, ms] of Object.entries(all)) {
      times.set(name, [...(times.get(name) ?? []), ms]);
    }
    rest = others;
    // Of the first run: what a later one adds is garbage of those before it that nobody had to collect.
    if (peak === 0) peak = process.resourceUsage().maxRSS;
  }
  return {
    ...rest,
    times: Object.fromEntries([...times].map(([name, all]) => [name, spread(all)])),
    peakMiB: Math.round(peak / 1024),
  };
}

/** @param {readonly number[]} all */
function spread(all) {
  const sorted = [...all].sort((a, b) => a - b);
  const rounded = (/** @type {number | undefined} */ value) => Number((value ?? 0).toFixed(1));
  return {
    runs: all.length,
    medianMs: rounded(sorted[Math.floor(sorted.length / 2)]),
    minMs: rounded(sorted[0]),
    maxMs: rounded(sorted.at(-1)),
  };
}

/** @param {Bench} given */
function measureAll({ id, name, workload, file, sizes, unit, time, bars }) {
  const chosen = process.env["BENCH_SMOKE"] === undefined ? chooseSizes(sizes) : sizes.slice(0, 1);
  const results = chosen.map((size) => ({ [unit]: size, ...measureApart(file, size) }));
  return {
    id,
    bench: name,
    workload,
    machine: { cpu: cpus()[0]?.model ?? "", cores: cpus().length, node: process.version },
    results,
    growthExponent: growthOf(results.map((result) => [Number(result[unit]), medianOf(result, time)])),
    bars: bars.flatMap((bar) => judge(bar, { unit, time, results })),
  };
}

/** @param {readonly (string | number)[]} sizes */
function chooseSizes(sizes) {
  const wanted = process.env["SIZES"]?.split(",");
  return wanted === undefined ? sizes : sizes.filter((size) => wanted.includes(String(size)));
}

/**
 * @param {string} file
 * @param {string | number} size
 * @returns {Record<string, any>}
 */
function measureApart(file, size) {
  const done = spawnSync(process.execPath, ["--max-old-space-size=12000", file], {
    env: { ...process.env, BENCH_SIZE: String(size) },
    encoding: "utf8",
    maxBuffer: 2 ** 26,
    timeout: Number(process.env["BENCH_SECONDS"] ?? 600) * 1000,
  });
  if (done.status === 0) return JSON.parse(done.stdout);
  return { failed: done.signal === null ? done.stderr.trim().split("\n").slice(-1)[0] : "took too long" };
}

/**
 * @param {Record<string, any>} result
 * @param {string} time
 * @returns {number}
 */
function medianOf(result, time) {
  return result["times"]?.[time]?.medianMs ?? Number.NaN;
}

/**
 * The slope of a line through the logarithms, by least squares; null where there are fewer than two sizes.
 *
 * @param {readonly (readonly [number, number])[]} points
 */
function growthOf(points) {
  const logs = points
    .filter(([size, ms]) => size > 0 && ms > 0)
    .map(([size, ms]) => /** @type {const} */ ([Math.log(size), Math.log(ms)]));
  if (logs.length < 2) return null;
  const mean = (/** @type {readonly number[]} */ values) =>
    values.reduce((sum, each) => sum + each, 0) / values.length;
  const [x, y] = [mean(logs.map(([a]) => a)), mean(logs.map(([, b]) => b))];
  const over = logs.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0);
  const under = logs.reduce((sum, [a]) => sum + (a - x) ** 2, 0);
  return Number((over / under).toFixed(2));
}

/**
 * @param {Bar} bar
 * @param {{ readonly unit: string, readonly time: string, readonly results: readonly Record<string, any>[] }} measured
 */
function judge({ size, maxMs, maxMiB }, { unit, time, results }) {
  const result = results.find((each) => each[unit] === size);
  if (result === undefined) return [];
  const ms = medianOf(result, time);
  const isMet = (maxMs === undefined || ms <= maxMs) && (maxMiB === undefined || result["peakMiB"] <= maxMiB);
  return [
    {
      [unit]: size,
      ...(maxMs === undefined ? {} : { maxMs }),
      ...(maxMiB === undefined ? {} : { maxMiB }),
      isMet,
    },
  ];
}
