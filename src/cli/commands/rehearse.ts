import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { describeFault, type RehearsedRun, rehearse } from "#app/index.js";
import { type RehearsedRunView, renderRehearsal, renderRehearsalJson } from "#report/index.js";
import { orFail, usageFailure } from "../command-failure.js";
import type { CommandContext } from "../context.js";
import { EXIT } from "../exit-code.js";

interface RehearseOptions {
  readonly faults?: string;
  readonly json?: true;
}

/** Adds the verb `rehearse`. */
export function registerRehearse(program: Command, context: CommandContext): void {
  program
    .command("rehearse")
    .argument("<plan>", "a plan file")
    .summary("carry a plan out on a twin of its network on this machine")
    .description(
      "Builds the network that the plan starts from in network namespaces of this machine and applies the plan to it: first as it is, then once for each fault, each time on a new twin. Needs root. Ends with 0 only when every run ended whole, as its exit code says.",
    )
    .option("--faults <all|N>", "how many faults: all of them, or N spread over all kinds (default: none)")
    .option("--json", "print one JSON document")
    .addHelpText("after", EXAMPLES)
    .action((plan: string, options: RehearseOptions) => runRehearse(plan, options, context));
}

async function runRehearse(path: string, options: RehearseOptions, context: CommandContext): Promise<void> {
  const faults = readFaults(options.faults);
  const enough = new AbortController();
  const unhear = context.terminal.onSignal(() => enough.abort());
  const rehearsal = orFail(
    await rehearse({
      signal: enough.signal,
      planPath: path,
      faults,
      program: [process.execPath, fileURLToPath(PROGRAM)],
      onRun: (run) => context.note(progressLine(run)),
    }).finally(unhear),
  );
  const view = { ...rehearsal, runs: rehearsal.runs.map(viewOf) };
  const style = context.styleFor(null);
  await context.print(
    [options.json === true ? renderRehearsalJson(view) : renderRehearsal(view, style)],
    null,
  );
  if (enough.signal.aborted) return context.exitWith(EXIT.interrupted);
  context.exitWith(rehearsal.runs.every((run) => run.isAsPromised) ? EXIT.done : EXIT.refused);
}

const PROGRAM = new URL("../../../bin/pointsman", import.meta.url);

function readFaults(text: string | undefined): number | "all" {
  if (text === undefined) return 0;
  if (text === "all") return text;
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw usageFailure(
    `Expected \`all\` or a number of faults for \`--faults\`, found \`${text}\`.`,
    "Give `--faults all`, or a number such as `--faults 10`.",
  );
}

function progressLine(run: RehearsedRun): string {
  const word = run.isAsPromised ? "as promised" : "NOT as promised";
  return `${run.fault === null ? "No fault" : describeFault(run.fault)}: ${outcomeOf(run)}, ${word}, ${run.secondsToWhole.toFixed(1)} s\n`;
}

function viewOf(run: RehearsedRun): RehearsedRunView {
  const { fault, worst } = run;
  return {
    ...run,
    fault: fault === null ? null : describeFault(fault),
    outcome: outcomeOf(run),
    worst:
      worst === null ? null : { from: worst.flow.from, to: worst.flow.to, longestGapMs: worst.longestGapMs },
  };
}

function outcomeOf({ exitCode }: RehearsedRun): string {
  return exitCode === null ? "killed" : (OUTCOMES.get(exitCode) ?? `exit code ${exitCode}`);
}

const OUTCOMES: ReadonlyMap<number, string> = new Map([
  [EXIT.done, "done"],
  [EXIT.refused, "refused"],
  [EXIT.rolledBack, "rolled back"],
  [EXIT.rollbackIncomplete, "rollback incomplete"],
  [EXIT.unknown, "unknown"],
]);

const EXAMPLES = `
Examples:
  pointsman rehearse plan.json
  pointsman rehearse plan.json --faults 10
  pointsman rehearse plan.json --faults all --json`;
