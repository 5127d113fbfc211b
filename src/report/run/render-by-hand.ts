import type { JournalEntry } from "#rollout/index.js";
import { counted, PLAIN, type TextStyle } from "../style-text.js";
import { byHandCommands } from "./messages.js";
import { tellRecords } from "./run-story.js";

/** A record that a host still keeps open, and how long. */
export interface OpenRecord {
  readonly host: string;
  readonly record: string;
  /** As the journal or the host says it. */
  readonly state: string;
  /** Seconds until the host takes it back by itself; null where nobody knows. */
  readonly secondsLeft: number | null;
}

/** What the journal leaves open: told to a host, and neither confirmed nor taken back for certain. */
export function openRecords(
  entries: readonly JournalEntry[],
  secondsLeft: ReadonlyMap<string, number> = new Map(),
): readonly OpenRecord[] {
  return tellRecords(entries).flatMap(({ host, state, record }) => {
    const isOpen = state === "armed" || state === "switched" || state === "unclear";
    return isOpen ? [{ host, record, state, secondsLeft: secondsLeft.get(host) ?? null }] : [];
  });
}

/** What is armed and until when, and how each host is taken back or kept on its console without Pointsman; empty where nothing is open. */
export function renderByHand(open: readonly OpenRecord[], style: TextStyle = PLAIN): string {
  if (open.length === 0) return "";
  const records = new Map<string, string[]>();
  for (const { record, host } of open) records.set(record, [...(records.get(record) ?? []), host]);
  const lines = [
    style.bold(`Open on ${counted(new Set(open.map(({ host }) => host)).size, "host")}:`),
    ...open.map(
      ({ host, state, record, secondsLeft }) =>
        `  ${host}  ${state}, ${describeLeft(secondsLeft)} (${record})`,
    ),
    style.bold("By hand, as root on the console of each of them, without Pointsman:"),
    ...[...records].flatMap(([record, hosts]) => [
      `  on ${hosts.join(", ")}:`,
      ...byHandCommands(record).map(({ command, does }) => `    ${command}  ${style.faint(`# ${does}`)}`),
    ]),
  ];
  return `${lines.join("\n")}\n`;
}

function describeLeft(secondsLeft: number | null): string {
  if (secondsLeft === null) return "taken back by the host itself when its time is up";
  return secondsLeft <= 0
    ? "its time is up: the host takes it back by itself"
    : `taken back by the host itself in ${Math.ceil(secondsLeft)} s`;
}
