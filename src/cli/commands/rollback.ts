import type { Command } from "commander";
import { rollback } from "#app/index.js";
import { usageFailure } from "../command-failure.js";
import type { CommandContext } from "../context.js";
import { addContinueOptions, type ContinueOptions, continueRun } from "./resume.js";

interface RollbackOptions extends ContinueOptions {
  readonly yes?: true;
}

/** Adds the verb `rollback`. */
export function registerRollback(program: Command, context: CommandContext): void {
  const command = program
    .command("rollback")
    .argument("[run]", "a run (default: the last one)")
    .summary("take a run back entirely, whether it ended or was left")
    .description(
      "Takes every phase of the run back, the last one first, with the files that it wrote, and measures that all is as before. Ends with 4 when it is: no rollback ends with 0.",
    );
  addContinueOptions(command)
    .option("-y, --yes", "begin without asking")
    .action((run: string | undefined, options: RollbackOptions) => runRollback(run, options, context));
}

async function runRollback(
  run: string | undefined,
  options: RollbackOptions,
  context: CommandContext,
): Promise<void> {
  if (options.yes !== true && !context.terminal.isInteractive) {
    throw usageFailure(
      "Expected a terminal to ask for your consent, or `--yes`, found neither. Nothing was changed.",
      `Look at the run with \`pointsman status${run === undefined ? "" : ` ${run}`}\`, then run this with \`--yes\`.`,
    );
  }
  await continueRun({ run, options, verb: rollback, asks: options.yes !== true }, context);
}
