import type { Command } from "commander";
import { apply } from "#app/index.js";
import { orFail, usageFailure } from "../command-failure.js";
import type { CommandContext } from "../context.js";
import { EXIT, exitCodeOfRun } from "../exit-code.js";
import { type ApplyOptions, addApplyOptions, readRequest } from "../run/apply-options.js";
import { consent } from "../run/consent.js";
import { addReachOptions } from "../run/run-options.js";
import { addWatchOptions } from "../run/watch-options.js";
import { printReport, Watch } from "../run/watch-run.js";

/** Adds the verb `apply`. */
export function registerApply(program: Command, context: CommandContext): void {
  const command = program
    .command("apply")
    .argument("<plan>", "a plan file")
    .summary("carry a plan out on its hosts, whole or not at all")
    .description(
      "Arms a dead-man on every host, switches their kernels, measures every pair, and only then confirms and writes to disk; whatever fails is taken back, by the hosts themselves if need be. Ends with 0 only when every host is as the plan wants it.",
    );
  addApplyOptions(addWatchOptions(addReachOptions(command)))
    .option("-y, --yes", "begin without asking")
    .addHelpText("after", EXAMPLES)
    .action((plan: string, options: ApplyOptions) => runApply(plan, options, context));
}

async function runApply(path: string, options: ApplyOptions, context: CommandContext): Promise<void> {
  if (options.yes !== true && !context.terminal.isInteractive) {
    throw usageFailure(
      "Expected a terminal to ask for your consent, or `--yes`, found neither. Nothing was changed.",
      `Look at the plan with \`pointsman show ${path}\`, then run this with \`--yes\`.`,
    );
  }
  if (options.pause === true && !context.terminal.isInteractive) {
    throw usageFailure(
      "Expected a terminal to ask before each host, found none. Nothing was changed.",
      "Leave `--pause` out, or run this on a terminal.",
    );
  }
  const request = readRequest(path, options);
  const watch = new Watch(options, context);
  const mayBegin = consent({ path, isGiven: options.yes === true, watch, style: context.terminal.style });
  const report = orFail(await watch.carryOut(() => apply({ ...watch.surroundings, ...request, mayBegin })));
  await printReport(report, options, context);
  const isCalledOff = report.outcome.kind === "refused" && watch.isInterrupted();
  context.exitWith(isCalledOff ? EXIT.interrupted : exitCodeOfRun(report.outcome));
}

const EXAMPLES = `
Examples:
  pointsman apply plan.json --fleet pointsman.yaml
  pointsman apply plan.json --fleet pointsman.yaml --persist never
  pointsman apply plan.json --fleet pointsman.yaml --pause --window "Sat 22:00-23:30"
  pointsman apply plan.json --fleet pointsman.yaml --system n1=/nix/store/...-nixos-system-n1 --yes --events run.ndjson`;
