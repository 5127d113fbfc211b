import type { RunOutcome } from "#rollout/index.js";
import { counted, PLAIN, type TextStyle } from "../style-text.js";
import { nextLines, outcomeSentence } from "./messages.js";
import { outcomeWord } from "./outcome-word.js";
import { type OpenRecord, openRecords, renderByHand } from "./render-by-hand.js";
import { type HostStory, type PhaseStory, tellPhases } from "./run-story.js";
import type { CheckView, RunView } from "./run-view.js";

/** How a run ended, what happened in each phase, and what to do next. */
export function renderRunText(run: RunView, style: TextStyle = PLAIN): string {
  const { runId, program, outcome, entries } = run;
  const blocks = [
    headline(outcome, `run ${runId} of ${program.fleet || "the fleet"}`, style),
    outcomeSentence(outcome, program),
    ...block(run.checks.flatMap((check) => describeCheck(check, style))),
    ...(entries.length === 0 ? [] : block(describePhases(tellPhases(program, entries), style))),
    ...block(describeNotes(run)),
    ...(isOpenEnded(outcome) ? block([renderByHand(openOf(run), style).trimEnd()]) : []),
    ...block([
      ...(run.folder === "" ? [] : [`Journal: ${run.folder}`]),
      ...nextLines(outcome, runId).map((line) => `Next: ${line}`),
    ]),
  ];
  return `${blocks.join("\n\n")}\n`;
}

/** The first line of a report, in the colour of its outcome. */
function headline(outcome: RunOutcome, what: string, style: TextStyle): string {
  const word = `${outcomeWord(outcome)}:`;
  const isGood = outcome.kind === "done";
  const isBad = outcome.kind === "rollback-incomplete" || outcome.kind === "unknown";
  return `${isGood ? style.green(word) : isBad ? style.red(word) : style.yellow(word)} ${what}`;
}

/** Each phase with its hosts, where they stand and why. */
export function describePhases(phases: readonly PhaseStory[], style: TextStyle): readonly string[] {
  return phases.flatMap(({ number, hosts, gate, decision }) => [
    `${style.bold(`Phase ${number} of ${phases.length}`)}: ${describeStates(hosts)}`,
    ...(gate === null
      ? []
      : [`  gate ${gate.passed ? "passed" : "failed"}`, ...gate.what.map((line) => `    ${line}`)]),
    ...(decision?.decision === "take-back" ? [`  taken back because ${decision.why}`] : []),
    ...hosts.filter(({ note }) => note !== "").map(({ host, note }) => `  ${host}: ${note}`),
  ]);
}

const STATES: Readonly<Record<HostStory["state"], string>> = {
  untouched: "not touched",
  armed: "armed",
  switched: "switched, not confirmed",
  confirmed: "confirmed",
  reverted: "taken back",
  unclear: "not known",
};

function describeStates(hosts: readonly HostStory[]): string {
  const states = [...new Set(hosts.map(({ state }) => state))];
  return states
    .map((state) => {
      const names = hosts.filter((host) => host.state === state).map(({ host }) => host);
      return `${STATES[state]} ${names.join(", ")}`;
    })
    .join("; ");
}

/** What was not fine of the checks, with what to do; the rest as numbers. */
export function describeCheck(
  { name, outcome, detail, hint }: CheckView,
  style: TextStyle,
): readonly string[] {
  if (outcome === "ok") return [];
  const word = outcome === "failed" ? style.red(outcome) : style.yellow(outcome);
  return [`${word}: ${name}: ${detail}`, ...(hint === "" ? [] : [`  Next: ${hint}`])];
}

function describeNotes({ entries, notes }: RunView): readonly string[] {
  const journaled = entries.flatMap((entry) =>
    entry.kind === "note" ? [`${entry.what}${entry.detail === "" ? "" : `: ${entry.detail}`}`] : [],
  );
  const all = [...journaled, ...notes];
  return all.length === 0 ? [] : [`${counted(all.length, "note")}:`, ...all.map((note) => `  ${note}`)];
}

function isOpenEnded({ kind }: RunOutcome): boolean {
  return kind === "left" || kind === "unknown" || kind === "rollback-incomplete";
}

function openOf({ entries, outcome }: RunView): readonly OpenRecord[] {
  const left = outcome.kind === "left" ? outcome.armed : [];
  return openRecords(entries, new Map(left.map(({ host, secondsLeft }) => [host, secondsLeft])));
}

function block(lines: readonly string[]): readonly string[] {
  const text = lines.join("\n");
  return text === "" ? [] : [text];
}
