import type { Command } from "commander";
import { buildLab, execInLab, type Lab, type LabSummary, listLabs, removeLab } from "#app/index.js";
import { orFail, usageFailure } from "../command-failure.js";
import type { CommandContext } from "../context.js";
import { addSourceOptions, readSource, type SourceOptions } from "../source-options.js";
import { registerLabFaults } from "./lab-faults.js";

const DEFAULT_NAME = "lab";

interface UpOptions extends SourceOptions {
  readonly from?: string;
  readonly name: string;
  readonly systemd?: true;
  readonly netns?: true;
  readonly operator?: string;
  readonly json?: true;
}

/** Adds the verb `lab` with its own verbs. */
export function registerLab(program: Command, context: CommandContext): void {
  const lab = program
    .command("lab")
    .summary("a fleet as real hosts on this machine")
    .description(
      "Builds a fleet or a snapshot as real hosts in network namespaces of this machine. Needs root; touches no address outside them.",
    )
    .enablePositionalOptions()
    .addHelpText("after", EXAMPLES);
  registerUp(lab, context);
  lab
    .command("down")
    .argument("[name]", "a lab")
    .option("--all", "every lab of this machine, and what is left of any")
    .summary("remove a lab, or what is left of one")
    .description("Ends its processes and removes its mounts, namespaces, control groups and files.")
    .action((name: string | undefined, options: { readonly all?: true }) => runDown(name, options, context));
  lab
    .command("list")
    .option("--json", "print one JSON document")
    .summary("the labs of this machine")
    .description("Names each lab with its hosts and which of them have power.")
    .action((options: { readonly json?: true }) => runList(options, context));
  lab
    .command("exec")
    .argument("<name>", "a lab")
    .argument("<host>", "one of its hosts, or `operator` for where the controller runs")
    .argument("<words...>", "the command; put `--` before it")
    .passThroughOptions()
    .summary("run a command on a host of a lab")
    .description("Runs it through the host's console, which works whatever its network is like.")
    .action((name: string, host: string, words: readonly string[]) =>
      runExec({ name, host }, words, context),
    );
  registerLabFaults(lab);
}

function registerUp(lab: Command, context: CommandContext): void {
  const up = lab
    .command("up")
    .summary("build a lab")
    .description("Builds the lab and leaves it standing. Where anything fails, all of it is removed again.");
  addSourceOptions(up)
    .option("--from <dir|git:rev>", "the same as `--tree`: the configuration that the hosts boot from")
    .option("--name <name>", "what the lab is called", DEFAULT_NAME)
    .option("--systemd", "hosts that boot from their files, with systemd and SSH (needs `--fleet`)")
    .option("--netns", "hosts that are network namespaces alone (default)")
    .option("--operator <host>", "where the controller runs (default: the operator of the fleet)")
    .option("--json", "print one JSON document")
    .action((options: UpOptions) => runUp(options, context));
}

async function runUp(options: UpOptions, context: CommandContext): Promise<void> {
  const { systemd, netns, name, operator, from, tree } = options;
  if (systemd === true && netns === true)
    throw usageFailure("Expected either `--systemd` or `--netns`, found both.", "Leave one of them out.");
  if (from !== undefined && tree !== undefined)
    throw usageFailure(
      "Expected either `--from` or `--tree`, found both.",
      "They mean the same: leave one out.",
    );
  const source = readSource({ ...options, ...(from === undefined ? {} : { tree: from }) });
  const kind = systemd === true ? "systemd" : "netns";
  const lab = orFail(await buildLab({ name, source, kind, operator: operator ?? null }));
  const text = options.json === true ? jsonOf({ lab }) : describeLab(lab);
  await context.print([text], null);
}

async function runDown(
  name: string | undefined,
  { all }: { readonly all?: true },
  context: CommandContext,
): Promise<void> {
  if ((name === undefined) === (all === undefined))
    throw usageFailure(
      "Expected the name of a lab or `--all`, found neither or both.",
      "List the labs with `pointsman lab list`.",
    );
  const removed = orFail(await removeLab(name ?? null));
  await context.print(
    [removed.length === 0 ? "No lab was there.\n" : `Removed: ${removed.join(", ")}.\n`],
    null,
  );
}

async function runList(options: { readonly json?: true }, context: CommandContext): Promise<void> {
  const labs = orFail(await listLabs());
  const text = options.json === true ? jsonOf({ labs }) : labs.map(describeSummary).join("");
  await context.print([text === "" ? "No lab is there.\n" : text], null);
}

async function runExec(
  { name, host }: { readonly name: string; readonly host: string },
  words: readonly string[],
  context: CommandContext,
): Promise<void> {
  const [first, ...rest] = words[0] === "--" ? words.slice(1) : words;
  if (first === undefined)
    throw usageFailure(
      "Expected a command to run, found none.",
      "Write it behind `--`, such as `-- ip addr`.",
    );
  context.exitAsCommand(orFail(await execInLab({ lab: name, host }, [first, ...rest])));
}

function describeLab({ name, hosts, operator, sshConfig }: Lab): string {
  const lines = [`Lab \`${name}\` stands: ${hosts.length} hosts.`];
  if (sshConfig !== null && operator !== null)
    lines.push(`SSH:   pointsman lab exec ${name} operator -- ssh -F ${sshConfig} HOST`);
  lines.push(`Shell: pointsman lab exec ${name} HOST -- sh`, `Down:  pointsman lab down ${name}`);
  return `${lines.join("\n")}\n`;
}

function describeSummary({ name, lab, running }: LabSummary): string {
  if (lab === null) return `${name}  left over; remove it with \`pointsman lab down ${name}\`\n`;
  const isRunning = new Set(running);
  const hosts = lab.hosts.map(
    ({ id, kind }) => `  ${id}  ${kind}${isRunning.has(id) ? "" : "  without power"}\n`,
  );
  return `${name}  ${running.length} of ${lab.hosts.length} hosts run\n${hosts.join("")}`;
}

function jsonOf(document: object): string {
  return `${JSON.stringify({ schemaVersion: 1, ...document }, null, 2)}\n`;
}

const EXAMPLES = `
Examples:
  pointsman lab up --fleet pointsman.yaml --from before --systemd --name home
  pointsman lab up --snapshot state/ --name twin
  pointsman lab exec home nl-k8s-01 -- ip addr
  pointsman lab cut home nl-k8s-01 enp1s0 --direction in
  pointsman lab kill home nl-k8s-01
  pointsman lab down --all`;
