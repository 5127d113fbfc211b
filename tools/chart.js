import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./spawn.js";

/**
 * Draws docs/measurements/scale.svg from the documents that `npm run bench -- --keep` left there, and writes their numbers into the table of
 * docs/scale.md: time of the proof against hosts, both axes logarithmic.
 *
 * @typedef {object} Kept
 * @property {string} id
 * @property {string} bench
 * @property {{ cpu: string, cores: number, node: string }} machine
 * @property {readonly Record<string, any>[]} results
 * @property {number | null} growthExponent
 * @property {readonly Record<string, any>[]} bars
 */
const FOLDER = join(ROOT, "docs", "measurements");
/** @type {readonly Kept[]} */
const kept = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".json"))
  .sort()
  .map((file) => JSON.parse(readFileSync(join(FOLDER, file), "utf8")));

writeFileSync(
  join(FOLDER, "scale.svg"),
  draw(kept.filter(({ id }) => id === "B1" || id === "B2" || id === "B3")),
);
writeTable(kept);

/**
 * @param {readonly Kept[]} benches
 * @returns {string}
 */
function draw(benches) {
  const [width, height, left, bottom, top] = [720, 460, 70, 50, 30];
  const lines = benches.map(({ bench, results }) => ({
    name: bench,
    points: results.flatMap(({ hosts, times }) => {
      const ms = times?.proof?.medianMs;
      return hosts > 0 && ms > 0 ? [/** @type {const} */ ([hosts, ms])] : [];
    }),
  }));
  const x = (/** @type {number} */ hosts) => left + (Math.log10(hosts) / 5.2) * (width - left - 130);
  const y = (/** @type {number} */ ms) => height - bottom - (Math.log10(ms) / 5.2) * (height - bottom - top);
  const ticks = [1, 10, 100, 1_000, 10_000, 100_000];
  const grid = ticks.flatMap((tick) => [
    `<line x1="${x(tick)}" y1="${y(1)}" x2="${x(tick)}" y2="${top}" class="grid"/>`,
    `<text x="${x(tick)}" y="${y(1) + 18}" text-anchor="middle">${tick.toLocaleString("en")}</text>`,
    `<line x1="${left}" y1="${y(tick)}" x2="${width - 130}" y2="${y(tick)}" class="grid"/>`,
    `<text x="${left - 6}" y="${y(tick) + 4}" text-anchor="end">${tick < 1000 ? `${tick} ms` : `${tick / 1000} s`}</text>`,
  ]);
  const colours = ["#0b6e99", "#b5493a", "#4b8b3b", "#8a5fb0"];
  const drawn = lines.flatMap(({ name, points }, index) => {
    const colour = colours[index % colours.length];
    const path = points.map(([hosts, ms]) => `${x(hosts).toFixed(1)},${y(ms).toFixed(1)}`).join(" ");
    return [
      `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>`,
      ...points.map(
        ([hosts, ms]) =>
          `<circle cx="${x(hosts).toFixed(1)}" cy="${y(ms).toFixed(1)}" r="3" fill="${colour}"/>`,
      ),
      `<text x="${width - 122}" y="${top + 14 + index * 18}" fill="${colour}">${name}</text>`,
    ];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    "<title>Time of the proof against the number of hosts</title>",
    "<style>.grid { stroke: #ddd; }</style>",
    '<rect width="100%" height="100%" fill="white"/>',
    ...grid,
    ...drawn,
    `<text x="${(left + width - 130) / 2}" y="${height - 8}" text-anchor="middle">hosts</text>`,
    "</svg>",
    "",
  ].join("\n");
}

/** @param {readonly Kept[]} benches */
function writeTable(benches) {
  const rows = benches.flatMap(({ id, bench, results, bars, growthExponent }) =>
    results.map((result) => {
      const [unit = "", size = ""] = Object.entries(result)[0] ?? [];
      const bar = bars.find((each) => each[unit] === size);
      const verdict = bar === undefined ? "" : `${describe(bar)}: ${bar["isMet"] ? "met" : "missed"}`;
      const cells = [
        id,
        bench,
        `${unit} ${size}`,
        time(result),
        cpu(result),
        result["peakMiB"] ?? "",
        verdict,
        growthExponent ?? "",
      ];
      return `| ${cells.join(" | ")} |`;
    }),
  );
  const [first] = benches;
  const table = [
    "| bar | bench | size | median (min to max) | processor time | peak MiB | bar | growth exponent |",
    "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ...rows,
    "",
    `Machine: ${first?.machine.cpu}, ${first?.machine.cores} cores, Node ${first?.machine.node}.`,
  ].join("\n");
  const file = join(ROOT, "docs", "scale.md");
  const text = readFileSync(file, "utf8");
  writeFileSync(file, text.replace(/(<!-- table -->\n)[\s\S]*(\n<!-- end -->)/, `$1\n${table}\n$2`));
}

/** @param {Record<string, any>} bar */
function describe({ maxMs, maxMiB }) {
  return [
    ...(maxMs === undefined ? [] : [`${maxMs} ms`]),
    ...(maxMiB === undefined ? [] : [`${maxMiB} MiB`]),
  ].join(", ");
}

/** @param {Record<string, any>} result */
function time({ failed, times }) {
  if (failed !== undefined) return `did not end: ${failed}`;
  const own = times.proof ?? times.matrix ?? times.parse;
  return `${own.medianMs} ms (${own.minMs} to ${own.maxMs})`;
}

/** @param {Record<string, any>} result */
function cpu({ times }) {
  return times?.cpu === undefined ? "" : `${times.cpu.medianMs} ms`;
}
