import type { Command } from "commander";
import { type Check, check } from "#app/index.js";
import {
  countFindings,
  renderCheckJson,
  renderCheckJUnit,
  renderCheckMarkdown,
  renderCheckSarif,
  renderCheckText,
} from "#report/index.js";
import { orFail } from "../command-failure.js";
import type { CommandContext } from "../context.js";
import { EXIT } from "../exit-code.js";
import { addFormatOptions, type FormatOptions, readFormat } from "../format-options.js";
import { addSourceOptions, readSource, type SourceOptions } from "../source-options.js";

const FORMATS = ["text", "json", "sarif", "junit", "markdown"] as const;
type Format = (typeof FORMATS)[number];

interface CheckOptions extends SourceOptions, FormatOptions {}

/** Adds the verb `check`. */
export function registerCheck(program: Command, context: CommandContext): void {
  const command = program
    .command("check")
    .summary("what is wrong with a network, where it says so, and a way out")
    .description(
      "Runs every rule on the network. Ends with 0 without findings of severity error, else with 3.",
    );
  addFormatOptions(addSourceOptions(command), FORMATS)
    .addHelpText("after", EXAMPLES)
    .action((options: CheckOptions) => runCheck(options, context));
}

async function runCheck(options: CheckOptions, context: CommandContext): Promise<void> {
  const format = readFormat(options, FORMATS);
  const file = options.output ?? null;
  const result = orFail(check(readSource(options)));
  await context.print([render(result, format, { context, file })], file);
  if (countFindings(result.findings).error > 0) context.exitWith(EXIT.refused);
}

function render(
  result: Check,
  format: Format,
  { context, file }: { readonly context: CommandContext; readonly file: string | null },
): string {
  switch (format) {
    case "text":
      return renderCheckText(result, context.styleFor(file));
    case "json":
      return renderCheckJson(result);
    case "sarif":
      return renderCheckSarif(result, { version: context.version, rules: result.rules });
    case "junit":
      return renderCheckJUnit(result, result.rules);
    case "markdown":
      return renderCheckMarkdown(result);
  }
}

const EXAMPLES = `
Examples:
  pointsman check --snapshot state/
  pointsman check --fleet pointsman.yaml --tree before
  pointsman check --fleet pointsman.yaml --format sarif -o findings.sarif`;
