import type { Command } from "commander";
import { resume, runStatus } from "#app/index.js";
import { orFail } from "../command-failure.js";
import type { CommandContext } from "../context.js";
import { EXIT, exitCodeOfRun } from "../exit-code.js";
import { answerWanted, rollbackQuestion } from "../run/messages.js";
import { addReachOptions, readReach, readSelection } from "../run/run-options.js";
import { addWatchOptions, type WatchOptions } from "../run/watch-options.js";
import { printReport, Watch } from "../run/watch-run.js";

/** What continues a run, forward or back. */
export interface ContinueOptions extends WatchOptions {
  readonly repairJournal?: true;
}

/** Adds the verb `resume`. */
export function registerResume(program: Command, context: CommandContext): void {
  const command = program
    .command("resume")
    .argument("[run]", "a run (default: the last one)")
    .summary("bring a run that was left to a whole end")
    .description(
      "Reads the journal, asks every host how it stands, and goes on from there: what was decided is carried to its end, what was not is taken back and begun again. Also from another machine that has the folder of the run.",
    );
  addContinueOptions(command).action((run: string | undefined, options: ContinueOptions) =>
    continueRun({ run, options, verb: resume, asks: false }, context),
  );
}

/** Adds what `resume` and `rollback` understand. */
export function addContinueOptions(command: Command): Command {
  return addWatchOptions(addReachOptions(command)).option(
    "--repair-journal",
    "cut a last line that was not written to its end off the journal",
  );
}

/** A run that is to be continued, and which way. */
export interface Continuation {
  readonly run: string | undefined;
  readonly options: ContinueOptions;
  readonly verb: typeof resume;
  /** Whether the person at the terminal has to agree first. */
  readonly asks: boolean;
}

/** Continues a run before a person's eyes. A journal that cannot be read is explained by the verb itself, which may repair it. */
export async function continueRun(
  { run, options, verb, asks }: Continuation,
  context: CommandContext,
): Promise<void> {
  const selection = readSelection(run, options);
  const reach = readReach(options);
  const found = await runStatus({ ...selection, reach: null, asksHosts: false });
  const known = found.ok ? found.value : null;
  const watch = new Watch(
    options,
    context,
    known === null
      ? null
      : {
          runId: known.runId,
          entries: known.entries,
          hosts: known.program.phases.flatMap(({ steps }) => steps.map(({ host }) => host)),
        },
  );
  const request = {
    ...watch.surroundings,
    ...selection,
    run: known?.runId ?? selection.run,
    reach,
    repairsJournal: options.repairJournal === true,
  };
  const result = await watch.carryOut(async () => {
    if (asks && !(await isMeant(watch, request.run ?? "the last one"))) return null;
    return verb(request);
  });
  if (result === null) return context.exitWith(EXIT.interrupted);
  const report = orFail(result);
  await printReport(report, options, context);
  context.exitWith(exitCodeOfRun(report.outcome));
}

async function isMeant(watch: Watch, run: string): Promise<boolean> {
  for (;;) {
    const answer = await watch.ask(rollbackQuestion(run));
    if (answer === "yes") return true;
    if (answer === null || answer === "no") return false;
    watch.progress.say(answerWanted("`yes` or `no`"));
  }
}
