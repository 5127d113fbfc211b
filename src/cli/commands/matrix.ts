import type { Command } from "commander";
import { matrix } from "#app/index.js";
import { renderMatrixJson, renderMatrixText } from "#report/index.js";
import { orFail } from "../command-failure.js";
import type { CommandContext } from "../context.js";
import { addFormatOptions, type FormatOptions, readFormat } from "../format-options.js";
import { SIZE_FLAGS, SIZE_HELP } from "../size-option.js";
import { addSourceOptions, readSource, type SourceOptions } from "../source-options.js";

const FORMATS = ["text", "json"] as const;

interface MatrixOptions extends SourceOptions, FormatOptions {
  readonly to: readonly string[];
  readonly size?: string;
}

/** Adds the verb `matrix`. */
export function registerMatrix(program: Command, context: CommandContext): void {
  const command = program
    .command("matrix")
    .summary("every host to every address, as the kernel would decide")
    .description("Judges every host to every address owned in the network, there and back.");
  addSourceOptions(command)
    .option("--to <address>", "judge this destination too; may be repeated", gather, [])
    .option(SIZE_FLAGS, SIZE_HELP);
  addFormatOptions(command, FORMATS)
    .addHelpText("after", EXAMPLES)
    .action((options: MatrixOptions) => runMatrix(options, context));
}

async function runMatrix(options: MatrixOptions, context: CommandContext): Promise<void> {
  const format = readFormat(options, FORMATS);
  const file = options.output ?? null;
  const result = orFail(matrix({ source: readSource(options), to: options.to, size: options.size ?? null }));
  switch (format) {
    case "json":
      return context.print(renderMatrixJson(result.flows), file);
    case "text":
      return context.print(renderMatrixText(result, context.styleFor(file)), file);
  }
}

function gather(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

const EXAMPLES = `
Examples:
  pointsman matrix --snapshot state/
  pointsman matrix --fleet pointsman.yaml --tree before --to 192.0.2.1
  pointsman matrix --snapshot state/ --size full
  pointsman matrix --snapshot state/ --json -o matrix.json`;
