import { setTimeout as sleep } from "node:timers/promises";

/**
 * A controller in a process of its own, which kills itself around the writing of one entry of its journal. What it is to do stands in its first
 * argument as JSON (`ControllerOrder` of kill-controller.ts); what came of it is the last line of its output.
 */
const { apply, resume, rollback, openFileJournals } = await import(
  new URL("../../dist/app/index.js", import.meta.url).href
);

/** @type {import("./kill-controller.js").ControllerOrder} */
const { verb, request, kill } = JSON.parse(process.argv[2] ?? "");

const clock = {
  now: () => new Date().toISOString(),
  monotonicMs: () => performance.now(),
  sleep,
};

/**
 * @param {string} folder
 * @param {"fresh" | "continue"} use
 */
async function openJournal(folder, use) {
  /** @type {import("#rollout/index.js").Journal} */
  const journal = await openFileJournals(clock)(folder, use);
  return {
    entries: journal.entries,
    append: async (/** @type {import("#rollout/index.js").NewJournalEntry} */ entry) => {
      const number = journal.entries().length + 1;
      if (kill?.entry === number && kill.when === "before") process.kill(process.pid, "SIGKILL");
      await journal.append(entry);
      if (kill?.entry === number && kill.when === "after") process.kill(process.pid, "SIGKILL");
    },
  };
}

const surroundings = {
  hooks: { before: null, after: null },
  webhook: null,
  control: { wish: () => "go-on", mayGoOn: async () => true, isConfirmed: async () => true },
  emit: () => undefined,
  clock,
  version: "0.0.0",
  openJournal,
};

const report =
  verb === "apply"
    ? await apply({ ...surroundings, ...request, systems: new Map(Object.entries(request.systems)) })
    : await { resume, rollback }[verb]({ ...surroundings, ...request });

process.stdout.write(
  `${JSON.stringify(
    report.ok
      ? { outcome: report.value.outcome, runId: report.value.runId, entries: report.value.entries.length }
      : { failure: report.error },
  )}\n`,
);
