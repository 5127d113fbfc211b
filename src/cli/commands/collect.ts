import type { Command } from "commander";
import { type CollectReach, type CollectResult, collect } from "#app/index.js";
import { renderCollectJson, renderCollectText } from "#report/index.js";
import { orFail, usageFailure } from "../command-failure.js";
import type { CommandContext } from "../context.js";
import { EXIT } from "../exit-code.js";
import { writeOutputTree } from "../output-tree.js";

interface CollectOptions {
  readonly fleet: string;
  readonly out: string;
  readonly sshConfig?: string;
  readonly acceptNewHostKeys?: true;
  readonly lab?: string;
  readonly json?: true;
}

/** Adds the verb `collect`. */
export function registerCollect(program: Command, context: CommandContext): void {
  program
    .command("collect")
    .summary("the live state of all hosts, as a snapshot directory")
    .description(
      "Asks each host of the fleet for its links, addresses, routes, rules, neighbours and sysctls, and writes them as a snapshot directory. Changes nothing on the hosts.",
    )
    .requiredOption("--fleet <file>", "the fleet file: the hosts, how to reach them, and their wiring")
    .requiredOption("--out <dir>", "a new or empty folder to write to")
    .option("--ssh-config <file>", "the configuration of ssh, as `ssh -F` takes it (default: the user's own)")
    .option("--accept-new-host-keys", "take and keep the keys of hosts that nobody knows yet")
    .option("--lab <name>", "collect from a lab of this machine instead of real hosts")
    .option("--json", "print one JSON document")
    .addHelpText("after", EXAMPLES)
    .action((options: CollectOptions) => runCollect(options, context));
}

async function runCollect(options: CollectOptions, context: CommandContext): Promise<void> {
  const reach = readCollectReach(options);
  // Before hosts are asked: a folder that cannot be written to is told at once.
  await writeOutputTree(options.out, new Map());
  const result = orFail(await collect({ fleetPath: options.fleet, reach }));
  await writeOutputTree(options.out, result.files);
  context.exitWith(isComplete(result) ? EXIT.done : EXIT.notMeasured);
  const text =
    options.json === true
      ? renderCollectJson(result, options.out)
      : renderCollectText(result, options.out, context.styleFor(null));
  await context.print([text], null);
}

function isComplete({ hosts, unreadable }: CollectResult): boolean {
  return unreadable === null && hosts.every(({ outcome }) => outcome === "whole");
}

function readCollectReach(options: CollectOptions): CollectReach {
  const { lab, sshConfig, acceptNewHostKeys } = options;
  if (lab === undefined)
    return { kind: "ssh", configFile: sshConfig ?? null, acceptsNewHostKeys: acceptNewHostKeys === true };
  if (sshConfig === undefined && acceptNewHostKeys === undefined) return { kind: "lab", name: lab };
  throw usageFailure(
    "Expected `--lab` without `--ssh-config` and `--accept-new-host-keys`, found them together.",
    "Leave those out: a lab is reached without ssh.",
  );
}

const EXAMPLES = `
Examples:
  pointsman collect --fleet pointsman.yaml --out state/
  pointsman collect --fleet pointsman.yaml --out state/ --ssh-config ssh_config --json
  pointsman check --snapshot state/

Exit codes:
  0  all of it   9  a host was not reached, or not all of it could be read; what could be is written`;
