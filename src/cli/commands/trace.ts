import type { Command } from "commander";
import { trace } from "#app/index.js";
import { renderTraceJson, renderTraceText } from "#report/index.js";
import { orFail } from "../command-failure.js";
import type { CommandContext } from "../context.js";
import { addFormatOptions, type FormatOptions, readFormat } from "../format-options.js";
import { SIZE_FLAGS, SIZE_HELP } from "../size-option.js";
import { addSourceOptions, readSource, type SourceOptions } from "../source-options.js";

const FORMATS = ["text", "json"] as const;

interface TraceOptions extends SourceOptions, FormatOptions {
  readonly size?: string;
}

/** Adds the verb `trace`. */
export function registerTrace(program: Command, context: CommandContext): void {
  const command = program
    .command("trace")
    .summary("one packet there and back, with the kernel rule that decided each hop")
    .description("Follows one echo request and its reply through the network, hop by hop.")
    .argument("<from>", "the host that sends")
    .argument("<to>", "a host, or an IPv4 address");
  addFormatOptions(addSourceOptions(command).option(SIZE_FLAGS, SIZE_HELP), FORMATS)
    .addHelpText("after", EXAMPLES)
    .action((from: string, to: string, options: TraceOptions) => runTrace({ from, to, options }, context));
}

interface TraceArguments {
  readonly from: string;
  readonly to: string;
  readonly options: TraceOptions;
}

async function runTrace({ from, to, options }: TraceArguments, context: CommandContext): Promise<void> {
  const format = readFormat(options, FORMATS);
  const file = options.output ?? null;
  const result = orFail(trace({ source: readSource(options), from, to, size: options.size ?? null }));
  switch (format) {
    case "json":
      return context.print([renderTraceJson(result.flow)], file);
    case "text":
      return context.print([renderTraceText(result, context.styleFor(file))], file);
  }
}

const EXAMPLES = `
Examples:
  pointsman trace nl-k8s-01 nl-k8s-04 --snapshot state/
  pointsman trace nl-k8s-01 10.0.0.1 --fleet pointsman.yaml --tree before
  pointsman trace nl-k8s-01 nl-k8s-04 --snapshot state/ --size full
  pointsman trace nl-k8s-01 10.0.0.1 --fleet pointsman.yaml --tree git:HEAD --json`;
