import type { JournalEntry } from "#rollout/index.js";
import { describeEntry } from "./describe-entry.js";
import { outcomeWord } from "./outcome-word.js";

/** The journal of a run as Markdown for those who have to know later: who did what, when, to which plan, and what came of each action. */
export function renderAudit(entries: readonly JournalEntry[]): string {
  const begin = entries.find((entry) => entry.kind === "begin");
  const end = entries.findLast((entry) => entry.kind === "end");
  const last = entries.at(-1);
  const people = new Set(
    entries.flatMap((entry) => (entry.kind === "begin" || entry.kind === "resume" ? [entry.by] : [])),
  );
  const head =
    begin === undefined
      ? ["# Audit of a run that never began"]
      : [
          `# Audit of run ${cell(begin.program.runId)}`,
          "",
          "| what | |",
          "| --- | --- |",
          `| fleet | ${cell(begin.program.fleet)} |`,
          `| plan | \`${begin.program.planDigest}\` |`,
          `| strategy | ${begin.program.strategy} |`,
          `| by | ${cell([...people].join(", "))} |`,
          `| began | ${begin.time} |`,
          `| ended | ${end === undefined ? "not yet" : end.time} |`,
          `| outcome | ${end === undefined ? "none yet" : outcomeWord(end.outcome)} |`,
          `| journal | ${entries.length} entries, the last \`${last?.hash ?? ""}\` |`,
        ];
  const rows = entries.map(
    (entry) => `| ${entry.seq} | ${entry.time} | ${entry.kind} | ${cell(describeWithPerson(entry))} |`,
  );
  return `${[...head, "", "| entry | time | kind | what |", "| --- | --- | --- | --- |", ...rows].join("\n")}\n`;
}

function describeWithPerson(entry: JournalEntry): string {
  const by = entry.kind === "begin" || entry.kind === "resume" ? `, by ${entry.by}` : "";
  return `${describeEntry(entry)}${by}`;
}

/** Text in a cell of a table: it neither ends the cell nor becomes markup. */
function cell(text: string): string {
  return text.replaceAll(/[\\|<>*_`[\]]/g, (mark) => `\\${mark}`).replaceAll(/\s*\n\s*/g, " / ");
}
