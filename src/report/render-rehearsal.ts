import type { RehearsalView, RehearsedRunView } from "./rehearsal-view.js";
import type { TextStyle } from "./style-text.js";

/** A rehearsal as a table: one line for each run, and under it what was not as promised. */
export function renderRehearsal(rehearsal: RehearsalView, style: TextStyle): string {
  const rows = rehearsal.runs.map((run) => cells(run));
  const widths = HEADER.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]): string =>
    row.map((cell, column) => cell.padEnd(column === row.length - 1 ? 0 : (widths[column] ?? 0))).join("  ");
  const lines = rehearsal.runs.flatMap((run, index) => {
    const text = line(rows[index] ?? []);
    return [run.isAsPromised ? text : style.red(text), ...strangeLines(run)];
  });
  return `${[style.bold(line(HEADER)), ...lines, "", closing(rehearsal, style)].join("\n")}\n`;
}

const HEADER = ["fault", "outcome", "fleet", "longest gap", "whole after"] as const;

function cells(run: RehearsedRunView): readonly string[] {
  const resumed = run.wasResumed ? ", resumed" : "";
  return [
    run.fault ?? "none",
    `${run.outcome}${resumed}`,
    fleetWords(run),
    gapWords(run),
    `${run.secondsToWhole.toFixed(1)} s`,
  ];
}

function fleetWords({ state }: RehearsedRunView): string {
  const absent = state.absent.length === 0 ? "" : `, ${state.absent.join(", ")} without power`;
  return `${FLEET[state.whole]}${absent}`;
}

const FLEET = { old: "all old", new: "all new", neither: "NOT WHOLE" } as const;

function gapWords({ worst, lostEchoes }: RehearsedRunView): string {
  if (worst === null) return "none";
  return `${worst.longestGapMs} ms ${worst.from} -> ${worst.to} (${lostEchoes} lost in all)`;
}

function strangeLines({ state, isAsPromised, said }: RehearsedRunView): readonly string[] {
  const hosts = state.strange.flatMap(({ host, lines }) => [
    `    ${host}:`,
    ...lines.map((each) => `      ${each}`),
  ]);
  const words =
    isAsPromised || said === ""
      ? []
      : said
          .trimEnd()
          .split("\n")
          .slice(-5)
          .map((each) => `    ${each}`);
  return [...hosts, ...words];
}

function closing({ runs, hosts }: RehearsalView, style: TextStyle): string {
  const broken = runs.filter((run) => !run.isAsPromised).length;
  const counted = `${runs.length} run${runs.length === 1 ? "" : "s"} of the plan on a twin of its ${hosts} hosts`;
  return broken === 0
    ? `${style.green("As promised")}: ${counted}; every fleet ended whole, as its exit code says.`
    : `${style.red("Not as promised")}: ${broken} of ${counted}. Do not apply this plan before you know why.`;
}

/** The same as one JSON document; see schemas/rehearsal.schema.json. */
export function renderRehearsalJson(rehearsal: RehearsalView): string {
  return `${JSON.stringify({ schemaVersion: 1, ...rehearsal }, null, 2)}\n`;
}
