import type { Command } from "commander";
import { readHostProgram, sudoersFor } from "#app/index.js";
import { usageFailure } from "../command-failure.js";
import type { CommandContext } from "../context.js";

interface InitOptions {
  readonly sudoers?: string;
  readonly hostProgram?: true;
  readonly output?: string;
}

/** Adds the verb `init`. */
export function registerInit(program: Command, context: CommandContext): void {
  program
    .command("init")
    .summary("what a host needs beforehand: sudo rules, the host program")
    .description(
      "Prints what an administrator installs on hosts. None of it is needed where ssh leads to root: then `apply` installs the host program itself.",
    )
    .option(
      "--sudoers <user>",
      "print the file for /etc/sudoers.d that lets this user run the host program, and nothing else",
    )
    .option("--host-program", "print the program that runs on hosts")
    .option("-o, --output <file>", "write to a file, complete or not at all")
    .addHelpText("after", EXAMPLES)
    .action((options: InitOptions) => runInit(options, context));
}

async function runInit(
  { sudoers, hostProgram: program, output }: InitOptions,
  context: CommandContext,
): Promise<void> {
  if ((sudoers === undefined) === (program === undefined)) {
    throw usageFailure(
      `Expected \`--sudoers USER\` or \`--host-program\`, found ${sudoers === undefined ? "neither" : "both"}.`,
      "Name one of them.",
    );
  }
  const text = sudoers === undefined ? readHostProgram().text : sudoersText(sudoers);
  await context.print([text], output ?? null);
}

function sudoersText(user: string): string {
  const text = sudoersFor(user);
  if (text.ok) return text.value;
  throw usageFailure(text.error, "Name the user that ssh logs in as.");
}

const EXAMPLES = `
Examples:
  pointsman init --sudoers ops
  pointsman init --host-program -o pointsman-host`;
