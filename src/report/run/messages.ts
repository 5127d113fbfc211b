import type { RunOutcome, RunProgram } from "#rollout/index.js";

/** Where the host program lies on a host; it needs no Pointsman. */
const HOST_PROGRAM = "/var/lib/pointsman/pointsman-host";

/** The first sentence of a report: how it ended, and the state that the hosts are left in. */
export function outcomeSentence(outcome: RunOutcome, { policy, phases }: RunProgram): string {
  switch (outcome.kind) {
    case "done":
      return policy.persist === "never"
        ? "Every host is as the plan wants it, in its kernel alone: a reboot brings the old network back, as `--persist never` asks."
        : "Every host is as the plan wants it, and comes up so after a reboot.";
    case "rolled-back":
      return `${sentence(outcome.why)} Every changed host is as it was before the first phase; that was measured.`;
    case "kept":
      return `${sentence(outcome.why)} The phase that failed is taken back; ${outcome.phases} of ${phases.length} phases before it stay confirmed, as \`--on-failure keep-confirmed\` asks.`;
    case "rollback-incomplete":
      return `${sentence(outcome.why)} Not every host could be brought back: a person is needed on ${quoted(outcome.hosts)}.`;
    case "unknown":
      return `${sentence(outcome.why)} No answer from ${quoted(outcome.hosts)}: what is armed there is taken back by the host itself when its time is up.`;
    case "refused":
      return `${sentence(outcome.why)} Nothing was changed.`;
    case "locked":
      return `Run \`${outcome.by}\` has the fleet or one of its hosts. Nothing was changed.`;
    case "left":
      return outcome.armed.length === 0
        ? "Nothing is armed: no host changes any more by itself."
        : "What is armed stays armed: its hosts take it back by themselves when their time is up.";
  }
}

/** What to do next, one line each. */
export function nextLines(outcome: RunOutcome, runId: string): readonly string[] {
  switch (outcome.kind) {
    case "done":
      return [`\`pointsman rollback ${runId}\` takes it back.`];
    case "rolled-back":
      return ["Look at what is said above, make the plan again with `pointsman plan`, and apply that."];
    case "kept":
      return [
        `\`pointsman rollback ${runId}\` takes the confirmed phases back; \`pointsman plan\` from the network as it is now makes a plan for the rest.`,
      ];
    case "rollback-incomplete":
      return [
        "Go to the console of each host that is named, and take it back by hand as is said above.",
        `Then \`pointsman rollback ${runId}\` looks at all hosts again and finishes.`,
      ];
    case "unknown":
      return [
        `\`pointsman status ${runId}\` asks the hosts again; \`pointsman resume ${runId}\` brings the run to a whole end when they answer.`,
      ];
    case "refused":
      return outcome.hint === "" ? [] : [outcome.hint];
    case "locked":
      return [
        `\`pointsman status ${outcome.by}\` says how it stands, \`pointsman resume ${outcome.by}\` brings it to an end.`,
      ];
    case "left":
      return [
        `\`pointsman resume ${runId}\` brings the run to a whole end, \`pointsman rollback ${runId}\` takes it back.`,
      ];
  }
}

/** How one record is looked at, taken back or kept on the console of its host, without Pointsman. */
export function byHandCommands(
  record: string,
): readonly { readonly command: string; readonly does: string }[] {
  return [
    { command: `sh ${HOST_PROGRAM} status`, does: "says how it stands and how many seconds are left" },
    { command: `sh ${HOST_PROGRAM} revert ${record}`, does: "takes it back at once" },
    {
      command: `sh ${HOST_PROGRAM} confirm ${record}`,
      does: "keeps it: only where all hosts of its phase are switched",
    },
  ];
}

/** Text as a sentence of its own. A first word that may be a name, with more than letters, stays as it is. */
function sentence(text: string): string {
  const trimmed = text.trim();
  const begun = /^[a-z]+(?: |$)/.test(trimmed)
    ? `${trimmed.charAt(0).toUpperCase()}${trimmed.slice(1)}`
    : trimmed;
  return `${begun}${/[.!?:]$/.test(trimmed) ? "" : "."}`;
}

/** Names in backticks. */
function quoted(names: readonly string[]): string {
  return names.length === 0 ? "no host" : names.map((name) => `\`${name}\``).join(", ");
}
