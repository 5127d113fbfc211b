import type { RunEvent } from "#rollout/index.js";
import { PLAIN, type TextStyle } from "../style-text.js";
import { describeEntry } from "./describe-entry.js";

/** The state of one host as progress shows it. */
export interface HostProgress {
  readonly host: string;
  readonly state: string;
  /** Seconds until it takes its change back by itself, or null. */
  readonly secondsLeft: number | null;
}

/** An event as a plain line of its own, or null where it is only worth a line that is redrawn. */
export function renderEventText(event: RunEvent): string | null {
  switch (event.kind) {
    case "journal":
      return `${event.entry.time.slice(11, 19)} ${describeEntry(event.entry)}`;
    case "host":
      return `${event.host}: ${event.state}${left(event.secondsLeft)}`;
    case "gate":
      return describeGate(event);
    case "waiting":
      return `Waiting for ${event.for}, ${event.secondsLeft} s at most`;
  }
}

/** The gate in one line: how often it agreed, and what does not. */
export function describeGate(event: Extract<RunEvent, { readonly kind: "gate" }>): string {
  const { phase, agreements, wanted, disagreements, secondsLeft } = event;
  const [first] = disagreements;
  const more = disagreements.length > 1 ? ` and ${disagreements.length - 1} more` : "";
  const problem =
    first === undefined
      ? ""
      : `; ${first.cell.from} to ${first.cell.to} ${first.observed}, expected ${first.cell.expected}${more}`;
  return `Phase ${phase}: gate agreed ${agreements} of ${wanted} times, ${Math.ceil(secondsLeft)} s left${problem}`;
}

/** One line for each host, names padded, with the countdown to its own way back. */
export function renderHostLines(hosts: readonly HostProgress[], style: TextStyle = PLAIN): readonly string[] {
  const names = Math.max(0, ...hosts.map(({ host }) => host.length));
  const states = Math.max(0, ...hosts.map(({ state }) => state.length));
  return hosts.map(
    ({ host, state, secondsLeft }) =>
      `  ${style.bold(host.padEnd(names))}  ${colour(state, style)(state.padEnd(states))}${left(secondsLeft)}`,
  );
}

function left(secondsLeft: number | null): string {
  if (secondsLeft === null) return "";
  return `, takes it back by itself in ${Math.max(0, Math.ceil(secondsLeft))} s`;
}

function colour(state: string, style: TextStyle): (text: string) => string {
  if (state === "confirmed") return style.green;
  if (state === "failed" || state === "unreachable") return style.red;
  return state === "idle" ? style.faint : style.yellow;
}
