import { type Command, Option } from "commander";
import { usageFailure } from "./command-failure.js";

/** The options that say how a result is printed, and where to. */
export interface FormatOptions {
  readonly json?: true;
  readonly format?: string;
  readonly output?: string;
}

/** Adds `--json`, `--format` and `-o` to a command that can write these formats; the first is the default. */
export function addFormatOptions(command: Command, formats: readonly string[]): Command {
  return command
    .option("--json", "print one JSON document; the same as `--format json`")
    .addOption(
      new Option("--format <format>", `how to print the result (default: ${formats[0]})`).choices(formats),
    )
    .option("-o, --output <file>", "write the result to a file, complete or not at all");
}

/** The one format that the options ask for. */
export function readFormat<F extends string>(
  options: FormatOptions,
  formats: readonly [F, ...F[]],
): F | "json" {
  if (options.json === true && options.format !== undefined && options.format !== "json")
    throw usageFailure(
      `Expected one format, found \`--json\` and \`--format ${options.format}\`.`,
      "Leave one of them out.",
    );
  if (options.json === true) return "json";
  return formats.find((format) => format === options.format) ?? formats[0];
}
