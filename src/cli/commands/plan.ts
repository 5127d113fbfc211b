import { resolve } from "node:path";
import { type Command, Option } from "commander";
import {
  type NetworkSource,
  type PlanRequest,
  type PlanResult,
  plan,
  renderPlanFile,
  renderWitnessScript,
} from "#app/index.js";
import {
  type NoPlanView,
  renderNoPlanJson,
  renderNoPlanText,
  renderPlanText,
  renderRunbook,
} from "#report/index.js";
import { type ChangeOptions, endsOf, printChange, readChange } from "../change-option.js";
import { orFail, usageFailure } from "../command-failure.js";
import type { CommandContext } from "../context.js";
import { EXIT } from "../exit-code.js";

interface PlanOptions extends ChangeOptions {
  readonly strategy: PlanRequest["strategy"];
  readonly helpers: "auto" | "none";
  readonly output?: string;
  readonly runbook?: string;
  readonly witnessScript?: string;
  readonly overrideCheck?: true;
  readonly detailedExitcode?: true;
}

/** Adds the verb `plan`. */
export function registerPlan(program: Command, context: CommandContext): void {
  program
    .command("plan")
    .summary("the shortest safe way from one network to another, with a proof for every state")
    .description(
      "Checks the target, orders the change in phases, and proves every intermediate state. Ends with 0 when there is a plan, and with 3 when the target is refused or no safe way was found.",
    )
    .option("--fleet <file>", "the fleet file")
    .option("--from <dir|git:rev>", "the configuration as it is")
    .option("--to <dir|git:rev>", "the configuration as it should be")
    .option("--to-fleet <file>", "the fleet file of the network as it should be, where its wiring differs")
    .option("--change <file>", "a change file instead of --to: what is to be different")
    .option("--snapshot <dir>", "the network as it is, as a snapshot directory")
    .option("--to-snapshot <dir>", "the network as it should be, as a snapshot directory")
    .addOption(
      new Option("--strategy <strategy>", "how much may stand still")
        .choices(["auto", "live", "rolling-stop", "full-stop"])
        .default("auto"),
    )
    .addOption(
      new Option("--helpers <helpers>", "facts that hosts hold only meanwhile, where no order is safe")
        .choices(["auto", "none"])
        .default("auto"),
    )
    .option("--json", "print the plan file, or why there is none, as JSON")
    .option("-o, --output <file>", "write the plan file")
    .option("--runbook <file>", "write the plan as Markdown that a person can follow by hand")
    .option(
      "--witness-script <file>",
      "where there is no plan, write a script that shows why in network namespaces",
    )
    .option("--override-check", "plan although a check refuses the target")
    .option("--detailed-exitcode", "end with 2 when the plan has changes")
    .addHelpText("after", EXAMPLES)
    .action((options: PlanOptions) => runPlan(options, context));
}

async function runPlan(options: PlanOptions, context: CommandContext): Promise<void> {
  const inputs = [options.fleet, options.toFleet, options.change];
  const files = [options.output, options.runbook, options.witnessScript, ...inputs].filter(
    (file) => file !== undefined,
  );
  if (new Set(files.map((file) => resolve(file))).size < files.length) {
    throw usageFailure(
      "Expected different files for `--fleet`, `--output`, `--runbook` and `--witness-script`, found one of them twice.",
      "Give each its own name.",
    );
  }
  const edited = readChange(options);
  if (edited !== null && !(await printChange(edited, options, context))) return;
  const ends = edited === null ? readEnds(options) : endsOf(edited);
  const result = orFail(plan({ ...ends, ...readChoices(options, context) }));
  if (result.file === null) {
    const none = noPlan(options, result);
    await context.print(
      [options.json === true ? renderNoPlanJson(none) : renderNoPlanText(none, context.styleFor(null))],
      null,
    );
    await writeWitnessScript(options, result, context);
    context.exitWith(EXIT.refused);
    return;
  }
  await writeWitnessScript(options, result, context);
  const file = renderPlanFile(result.file);
  if (options.output !== undefined) await context.print([file], options.output);
  if (options.runbook !== undefined) await context.print([renderRunbook(result.file)], options.runbook);
  if (options.json === true) await context.print([file], null);
  else
    await context.print([renderFindings(result), renderPlanText(result.file, context.styleFor(null))], null);
  if (options.detailedExitcode === true && result.file.result === "proved") context.exitWith(EXIT.hasChanges);
}

/** The script of what stands in the way; a plan, or a refusal without a walk, has none, and that is said. */
async function writeWitnessScript(
  { witnessScript: file }: PlanOptions,
  { badState }: PlanResult,
  context: CommandContext,
): Promise<void> {
  if (file === undefined) return;
  const script = badState === null ? null : renderWitnessScript(badState);
  if (script?.ok === true) return await context.print([script.value], file);
  const why = script === null ? "no flow was found to fare ill in any state" : script.error;
  context.note(`No witness script was written to \`${file}\`: ${why}.`);
}

function readChoices(
  options: PlanOptions,
  context: CommandContext,
): Pick<PlanRequest, "strategy" | "helpers" | "version" | "overridesChecks"> {
  return {
    strategy: options.strategy,
    ...(options.helpers === "none" ? { helpers: [] } : {}),
    version: context.version,
    overridesChecks: options.overrideCheck === true,
  };
}

/** Either a fleet with two trees, or two snapshots. */
function readEnds(options: PlanOptions): Pick<PlanRequest, "from" | "to" | "names"> {
  const { fleet, from, to, toFleet, snapshot, toSnapshot } = options;
  const next = "Name `--fleet FILE --from TREE --to TREE`, or `--snapshot DIR --to-snapshot DIR`.";
  if (fleet !== undefined && snapshot === undefined && toSnapshot === undefined) {
    if (from === undefined || to === undefined) {
      throw usageFailure(
        `Expected \`--from\` and \`--to\` with \`--fleet\`, found ${describe({ from, to })}.`,
        next,
      );
    }
    const tree = (file: string, name: string): NetworkSource => ({ kind: "fleet", file, tree: name });
    return { from: tree(fleet, from), to: tree(toFleet ?? fleet, to), names: { from, to } };
  }
  const hasTrees = [fleet, from, to, toFleet].some((given) => given !== undefined);
  if (hasTrees || snapshot === undefined || toSnapshot === undefined) {
    const found = describe({ fleet, from, to, "to-fleet": toFleet, snapshot, "to-snapshot": toSnapshot });
    throw usageFailure(`Expected a fleet with two trees or two snapshots, found ${found}.`, next);
  }
  const state = (directory: string): NetworkSource => ({ kind: "snapshot", directory });
  return { from: state(snapshot), to: state(toSnapshot), names: { from: snapshot, to: toSnapshot } };
}

function describe(options: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(options).flatMap(([name, value]) =>
    value === undefined ? [] : [`\`--${name}\``],
  );
  return given.length === 0 ? "none of them" : `only ${given.join(" ")}`;
}

function noPlan(options: PlanOptions, { outcome }: PlanResult): NoPlanView {
  const base = {
    from: options.from ?? options.snapshot ?? "",
    to: options.to ?? options.change ?? options.toSnapshot ?? "",
    findings: [],
    flows: [],
    tried: [],
  };
  switch (outcome.kind) {
    case "refused":
      return {
        ...base,
        result: "refused",
        why: outcome.why,
        findings: outcome.findings,
        flows: outcome.broken,
      };
    case "impossible":
      return {
        ...base,
        result: "impossible",
        why: "No order of these operations is safe, nor any with the helper stages that were tried; each strategy's smallest witness follows.",
        tried: outcome.tried,
      };
    case "unknown":
      return { ...base, result: "unknown", why: outcome.why, flows: outcome.flows, tried: outcome.tried };
    case "gave-up":
      return {
        ...base,
        result: "gave-up",
        why: "The search ended before it had an answer.",
        tried: outcome.tried,
      };
    case "proved":
    case "nothing-to-do":
      throw new RangeError("a plan was found, and it was to be described why there is none");
  }
}

/** One line for each finding of the target; `check` has the whole of it. */
function renderFindings({ checked }: PlanResult): string {
  if (checked.findings.length === 0) return "Findings in the target: none.\n\n";
  const lines = checked.findings.map(
    ({ severity, rule, host, message }) =>
      `  ${severity}: ${rule}${host === null ? "" : ` on ${host}`}: ${message}`,
  );
  return `Findings in the target (${lines.length}); \`pointsman check\` has their evidence and way out:\n${lines.join("\n")}\n\n`;
}

const EXAMPLES = `
Examples:
  pointsman plan --fleet pointsman.yaml --from before --to fixed
  pointsman plan --fleet pointsman.yaml --from before --change change.yaml
  pointsman plan --fleet pointsman.yaml --from git:HEAD --to . -o plan.json --runbook runbook.md
  pointsman plan --fleet now.yaml --from now --to-fleet wanted.yaml --to wanted
  pointsman plan --snapshot now/ --to-snapshot wanted/ --json`;
