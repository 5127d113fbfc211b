import type { FleetStanding, WrittenEntry } from "./bench.js";
import type { ControllerEnd } from "./kill-controller.js";

/** What the hosts are together. */
export type Whole = "old" | "new" | "mixed";

/** Old or new are all of them or none. */
export function wholeOf(standing: FleetStanding): Whole {
  const states = new Set([...standing.values()].map(({ state }) => state));
  if (states.size !== 1 || states.has("other")) return "mixed";
  return states.has("old") ? "old" : "new";
}

const LIVE = ["armed", "switching", "switched", "reverting", "failed"];

/** What can fire still, or be confirmed: nothing may, once a run is whole. */
function liveRecords(standing: FleetStanding): readonly string[] {
  return [...standing].flatMap(([host, { records }]) =>
    records.filter(({ state }) => LIVE.includes(state)).map(({ id, state }) => `${host} has ${id} ${state}`),
  );
}

/** Hosts that a run has still. */
function claims(standing: FleetStanding): readonly string[] {
  return [...standing].flatMap(([host, { claim }]) => (claim === null ? [] : `${host} is held by ${claim}`));
}

/** One line for each host, and all of one that is neither old nor new. */
export function describe(standing: FleetStanding): string {
  return [...standing]
    .map(([host, { state, records, facts }]) => {
      const own = records.map((record) => record.state).join(" ");
      return `${host} ${state} [${own}]${state === "other" ? `\n${facts}` : ""}`;
    })
    .join("; ");
}

/** Where the journal says that the run ended; null: it does not say. */
function endOf(entries: readonly WrittenEntry[]): string | null {
  const last = entries.at(-1);
  return last?.kind === "end" ? (last.outcome?.kind ?? null) : null;
}

/** What is wrong with a fleet that a controller brought to an end, or that no run began on; empty: nothing. */
export function afterEnd(
  end: ControllerEnd | null,
  { standing, entries }: { readonly standing: FleetStanding; readonly entries: readonly WrittenEntry[] },
): readonly string[] {
  const outcome = entries.length === 0 ? "none" : endOf(entries);
  const wanted = outcome === null ? null : WHOLE[outcome];
  const found = wholeOf(standing);
  const problems = [
    ...(wanted === undefined || wanted === null ? [`the journal ends with ${outcome}`] : []),
    ...(wanted !== found ? [`expected all ${wanted}, found ${describe(standing)}`] : []),
    ...liveRecords(standing),
    ...claims(standing),
  ];
  return problems.length === 0 ? [] : [...problems, JSON.stringify(end)];
}

const WHOLE: Readonly<Record<string, Whole>> = {
  none: "old",
  done: "new",
  "rolled-back": "old",
  refused: "old",
};

/**
 * What is wrong with a fleet that nobody works on any more, its deadlines over: without a decision every host is old; with one each host is
 * new if it was confirmed, and old else.
 */
export function afterDeadline(standing: FleetStanding, entries: readonly WrittenEntry[]): readonly string[] {
  const decided = new Set(
    entries.flatMap(({ kind, decision, phase }) =>
      kind === "decision" && decision === "confirm" ? [String(phase)] : [],
    ),
  );
  const perHost = [...standing].flatMap(([host, { state, records }]) => {
    const confirmed = records.filter((record) => record.state === "confirmed");
    const wanted = confirmed.length > 0 ? "new" : "old";
    const undecided = confirmed.filter(({ id }) => !decided.has(/-p(\d+)/.exec(id)?.[1] ?? ""));
    return [
      ...(state === wanted ? [] : [`${host} is ${state}, expected ${wanted}`]),
      ...undecided.map(({ id }) => `${host} has ${id} confirmed without a decision`),
    ];
  });
  const problems = [...perHost, ...liveRecords(standing)];
  return problems.length === 0 ? [] : [...problems, describe(standing)];
}
