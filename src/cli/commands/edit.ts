import type { Command } from "commander";
import { edit } from "#app/index.js";
import { type EditView, renderDiff, renderEditJson, renderEditText, renderRefusal } from "#report/index.js";
import { editView } from "../change-option.js";
import { orFail, usageFailure } from "../command-failure.js";
import type { CommandContext } from "../context.js";
import { EXIT } from "../exit-code.js";
import { writeOutputTree } from "../output-tree.js";

interface EditOptions {
  readonly fleet: string;
  readonly from?: string;
  readonly change: string;
  readonly diff?: true;
  readonly json?: true;
  readonly output?: string;
  /** False after `--no-nix`. */
  readonly nix: boolean;
}

/** Adds the verb `edit`. */
export function registerEdit(program: Command, context: CommandContext): void {
  program
    .command("edit")
    .summary("the edits of configuration files that a change needs, proved to mean it")
    .description(
      "Shows what a change file means for the configuration files as a diff. The edited files are read again: they say what was asked, and nothing else has changed. Nothing is written but with --output. Ends with 3 where an edit is refused.",
    )
    .requiredOption("--fleet <file>", "the fleet file")
    .option("--from <dir|git:rev>", "the configuration as it is (default: beside the fleet file)")
    .requiredOption("--change <file>", "the change file: what is to be different")
    .option("--diff", "print the diff alone, for `git apply` or `patch -p1`")
    .option("--json", "print one JSON document")
    .option("-o, --output <dir>", "write the edited configuration into a new folder, for `plan --to`")
    .option("--no-nix", "do not ask an installed nix-instantiate about modules that are not literal")
    .addHelpText("after", EXAMPLES)
    .action((options: EditOptions) => runEdit(options, context));
}

async function runEdit(options: EditOptions, context: CommandContext): Promise<void> {
  const { fleet, change, output } = options;
  const from = options.from ?? null;
  if (options.diff === true && options.json === true)
    throw usageFailure("Expected `--diff` or `--json`, found both.", "Leave one of them out.");
  const nix = options.nix ? "auto" : "never";
  const result = orFail(edit({ from: { kind: "fleet", file: fleet, tree: from, nix }, change }));
  const isRefused = result.refusals.length > 0;
  if (output !== undefined && !isRefused) await writeOutputTree(output, result.tree);
  await printEdits(editView(result, { from: from ?? fleet, change }), options, context);
  if (!isRefused) return;
  if (output !== undefined) context.note(`Nothing was written to \`${output}\`: an edit is refused.\n`);
  context.exitWith(EXIT.refused);
}

async function printEdits(view: EditView, options: EditOptions, context: CommandContext): Promise<void> {
  if (options.json === true) return context.print([renderEditJson(view)], null);
  if (options.diff !== true) return context.print([renderEditText(view, context.styleFor(null))], null);
  await context.print([renderDiff(view.files)], null);
  for (const refusal of view.refusals) context.note(`${renderRefusal(refusal)}\n`);
}

const EXAMPLES = `
Examples:
  pointsman edit --fleet pointsman.yaml --change change.yaml
  pointsman edit --fleet pointsman.yaml --change change.yaml --diff | git apply
  pointsman edit --fleet pointsman.yaml --from git:HEAD --change change.yaml -o wanted
  pointsman plan --fleet pointsman.yaml --from . --change change.yaml`;
