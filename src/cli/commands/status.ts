import type { Command } from "commander";
import { type RunStatus, runStatus } from "#app/index.js";
import { renderAudit, renderStatus, renderStatusJson } from "#report/index.js";
import { orFail, usageFailure } from "../command-failure.js";
import type { CommandContext } from "../context.js";
import { addReachOptions, type ReachOptions, readReach, readSelection } from "../run/run-options.js";

interface StatusOptions extends ReachOptions {
  readonly json?: true;
  readonly audit?: true;
  /** False after `--no-hosts`. */
  readonly hosts: boolean;
}

/** Adds the verb `status`. */
export function registerStatus(program: Command, context: CommandContext): void {
  const command = program
    .command("status")
    .argument("[run]", "a run (default: the last one)")
    .summary("how a run stands, and what its hosts say")
    .description(
      "Reads the journal of a run and asks its hosts what they have armed and until when. Changes nothing; a run that goes on is not disturbed.",
    );
  addReachOptions(command)
    .option("--no-hosts", "read the journal alone")
    .option("--audit", "print the journal as Markdown: who did what, when, and what came of it")
    .option("--json", "print one JSON document")
    .action((run: string | undefined, options: StatusOptions) => showStatus(run, options, context));
}

async function showStatus(
  run: string | undefined,
  options: StatusOptions,
  context: CommandContext,
): Promise<void> {
  if (options.audit === true && options.json === true)
    throw usageFailure("Expected `--audit` or `--json`, found both.", "Leave one of them out.");
  const asksHosts = options.hosts && options.audit !== true;
  const request = { ...readSelection(run, options), reach: readReach(options), asksHosts };
  const status = orFail(await runStatus(request));
  await context.print([render(status, options, context)], null);
}

function render(status: RunStatus, { audit, json }: StatusOptions, context: CommandContext): string {
  if (audit === true) return renderAudit(status.entries);
  return json === true ? renderStatusJson(status) : renderStatus(status, context.styleFor(null));
}
