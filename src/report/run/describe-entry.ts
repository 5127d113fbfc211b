import type { HostVerb, JournalEntry, NewJournalEntry } from "#rollout/index.js";
import { counted } from "../style-text.js";
import { outcomeWord } from "./outcome-word.js";
import { phaseOfRecord } from "./run-story.js";

/** One entry in a sentence without its end, for progress lines and audits; nothing of the plan's files is in it. */
export function describeEntry(entry: NewJournalEntry | JournalEntry): string {
  switch (entry.kind) {
    case "begin": {
      const { program } = entry;
      return `Run ${program.runId} of ${program.fleet} begins: plan ${program.planDigest}, strategy ${program.strategy}, ${counted(program.phases.length, "phase")}`;
    }
    case "resume":
      return "Run is continued";
    case "intent":
      return `${placeOf(entry.record)}: ${entry.verb} ${entry.hosts.join(", ")}`;
    case "result":
      return `${placeOf(entry.record)}: ${describeResults(entry.verb, entry.hosts)}`;
    case "decision":
      return `Phase ${entry.phase}: ${entry.decision === "confirm" ? "confirm all" : "take back"}, ${entry.why}`;
    case "gate":
      return `Phase ${entry.phase}: gate ${entry.passed ? "passed" : "failed"}${entry.what.length === 0 ? "" : `, ${entry.what.join("; ")}`}`;
    case "note":
      return `${entry.what}${entry.detail === "" ? "" : `: ${entry.detail}`}`;
    case "end":
      return `Run ends: ${outcomeWord(entry.outcome)}`;
  }
}

function placeOf(record: string): string {
  const phase = phaseOfRecord(record);
  if (phase !== null) return `Phase ${phase}`;
  return /-services(?:-\d+)?$/.test(record) ? "Services" : "Run";
}

type Results = Extract<NewJournalEntry, { readonly kind: "result" }>["hosts"];

/** What each verb is called when it is done. */
const DONE: Readonly<Record<HostVerb, string>> = {
  claim: "claimed",
  arm: "armed",
  switch: "switched",
  extend: "given more time",
  confirm: "confirmed",
  revert: "taken back",
  release: "released",
  unclaim: "given back",
  flush: "flushed",
};

function describeResults(verb: HostVerb, hosts: Results): string {
  const done = hosts.filter(({ result }) => result === "done").map(({ host }) => host);
  const rest = hosts
    .filter(({ result }) => result !== "done")
    .map(({ host, result, note }) => `${verb} ${result} on ${host}${note === "" ? "" : ` (${note})`}`);
  return [...(done.length === 0 ? [] : [`${DONE[verb]} ${done.join(", ")}`]), ...rest].join("; ");
}
