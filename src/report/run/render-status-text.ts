import { counted, PLAIN, type TextStyle } from "../style-text.js";
import { nextLines, outcomeSentence } from "./messages.js";
import { outcomeWord } from "./outcome-word.js";
import { type OpenRecord, openRecords, renderByHand } from "./render-by-hand.js";
import { describePhases } from "./render-run-text.js";
import { tellPhases } from "./run-story.js";
import type { HostNowView, RunStatusView } from "./run-view.js";

/** How a run stands by its journal, what its hosts say now, and what to do next. */
export function renderStatus(status: RunStatusView, style: TextStyle = PLAIN): string {
  const { runId, program, entries, outcome } = status;
  const blocks = [
    `${style.bold(outcome === null ? stateWord(status) : `${outcomeWord(outcome)}:`)} run ${runId} of ${program.fleet || "the fleet"}, plan ${program.planDigest}`,
    outcome === null ? unfinished(status) : outcomeSentence(outcome, program),
    describePhases(tellPhases(program, entries), style).join("\n"),
    ...(status.hosts.length === 0 ? [] : [status.hosts.map((host) => describeHost(host, style)).join("\n")]),
    ...byHand(status, style),
    [`Journal: ${status.folder}`, ...next(status).map((line) => `Next: ${line}`)].join("\n"),
  ];
  return `${blocks.join("\n\n")}\n`;
}

function stateWord({ controller }: RunStatusView): string {
  return controller === null ? "Not finished:" : "Running:";
}

function unfinished({ controller, entries }: RunStatusView): string {
  const last = entries.at(-1);
  const since = last === undefined ? "" : ` Its last entry is ${last.seq}, of ${last.time}.`;
  return controller === null
    ? `Nobody works on it.${since} A host that is not confirmed takes its change back by itself.`
    : `Process ${controller.pid} on ${controller.machine} works on it.${since}`;
}

function next({ runId, outcome, controller }: RunStatusView): readonly string[] {
  if (outcome !== null) return nextLines(outcome, runId);
  return controller === null
    ? [
        `\`pointsman resume ${runId}\` brings it to a whole end, \`pointsman rollback ${runId}\` takes it back.`,
      ]
    : [
        `\`pointsman abort ${runId}\` has it taken back; \`pointsman confirm ${runId}\` gives the confirmation it may wait for.`,
      ];
}

function describeHost({ host, status, why }: HostNowView, style: TextStyle): string {
  if (status === null) return `${style.bold(host)}: ${style.yellow("no answer")}, ${why}`;
  const claim = status.claim === null ? "not claimed" : `claimed by ${status.claim}`;
  const records = status.records.map(
    ({ id, state, hasRebooted, secondsLeft, persisted, note }) =>
      `  ${id}: ${[
        state,
        ...(hasRebooted ? ["rebooted since"] : []),
        ...(secondsLeft === null ? [] : [`${secondsLeft} s until the host takes it back`]),
        ...(persisted === "no" ? [] : [persisted === "yes" ? "written to disk" : "not written to disk"]),
        ...(note === "" ? [] : [note]),
      ].join(", ")}`,
  );
  const kept = records.length === 0 ? "no records" : counted(records.length, "record");
  return [`${style.bold(host)}: ${claim}, ${kept}`, ...records].join("\n");
}

/** What the hosts themselves say is surer than what the journal says. */
function byHand(status: RunStatusView, style: TextStyle): readonly string[] {
  const text = renderByHand(openNow(status), style).trimEnd();
  return text === "" ? [] : [text];
}

const LIVE: readonly string[] = ["armed", "switching", "switched", "reverting", "failed"];

function openNow({ entries, hosts, outcome, runId }: RunStatusView): readonly OpenRecord[] {
  const silent = new Set(hosts.filter(({ status }) => status === null).map(({ host }) => host));
  const isAsked = hosts.length > 0;
  const isEnded = outcome?.kind === "done" || outcome?.kind === "rolled-back";
  const told = isEnded ? [] : openRecords(entries).filter(({ host }) => !isAsked || silent.has(host));
  const said = hosts.flatMap(({ host, status }) =>
    (status?.records ?? [])
      .filter(({ id, state }) => id.startsWith(`${runId}-`) && LIVE.includes(state))
      .map(({ id, state, secondsLeft }) => ({ host, record: id, state, secondsLeft })),
  );
  return [...said, ...told];
}
