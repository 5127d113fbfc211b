import type { Command } from "commander";
import { type ProveResult, prove, renderPlanFile, show } from "#app/index.js";
import { renderPlanText, renderRunbook, renderWitness, witnessJson } from "#report/index.js";
import { orFail } from "../command-failure.js";
import type { CommandContext } from "../context.js";
import { EXIT, type ExitCode } from "../exit-code.js";

interface ProveOptions {
  readonly json?: true;
}

interface ShowOptions extends ProveOptions {
  readonly runbook?: true;
}

/** Adds the verb `prove`. */
export function registerProve(program: Command, context: CommandContext): void {
  program
    .command("prove")
    .argument("<plan>", "a plan file")
    .summary("judge a plan file again, from nothing but its own text")
    .description(
      "Carries the steps of a plan file out on the model of the kernel and proves every state again. Ends with 0 when all that it claims holds, 3 with the witness when not, and 7 when the file is damaged.",
    )
    .option("--json", "print the result as JSON")
    .action((path: string, options: ProveOptions) => runProve(path, options, context));
}

/** Adds the verb `show`. */
export function registerShow(program: Command, context: CommandContext): void {
  program
    .command("show")
    .argument("<plan>", "a plan file")
    .summary("a plan file as text, JSON or runbook")
    .option("--json", "print the plan file as JSON")
    .option("--runbook", "print it as Markdown that a person can follow by hand")
    .action((path: string, options: ShowOptions) => runShow(path, options, context));
}

async function runProve(path: string, options: ProveOptions, context: CommandContext): Promise<void> {
  const result = orFail(prove(path));
  const text = options.json === true ? proofJson(result) : proofText(path, result, context);
  await context.print([text], null);
  context.exitWith(exitCode(result));
}

function exitCode({ reproof }: ProveResult): ExitCode {
  if (reproof.kind === "proved") return EXIT.done;
  return reproof.kind === "altered" ? EXIT.altered : EXIT.refused;
}

function proofJson({ plan, reproof }: ProveResult): string {
  const witness = "witness" in reproof && reproof.witness !== null ? witnessJson(reproof.witness) : null;
  const { kind: result, ...rest } = reproof;
  return `${JSON.stringify({ schemaVersion: 1, digest: plan.digest, result, ...rest, witness }, null, 2)}\n`;
}

function proofText(path: string, { plan, reproof }: ProveResult, context: CommandContext): string {
  const style = context.styleFor(null);
  switch (reproof.kind) {
    case "proved": {
      const phases = reproof.phases.map(
        ({ states, flows, walks }, index) =>
          `  Phase ${index + 1}: all ${states} states, ${flows} flows, ${walks} walks`,
      );
      return `${style.green("Proved")}: ${path}, ${plan.from} -> ${plan.to}, strategy ${plan.strategy ?? "none"}\n${phases.join("\n")}\n`;
    }
    case "refuted":
    case "unknown": {
      const witness = reproof.witness === null ? "" : `\n${renderWitness(reproof.witness, style)}\n`;
      const word = reproof.kind === "refuted" ? style.red("Not proved") : style.yellow("Unknown");
      return `${word}: ${path}\n  ${reproof.problem}\n${witness}\n  Next: make the plan again with \`pointsman plan\`.\n`;
    }
    case "gave-up":
      return `${style.yellow("Gave up")}: ${path}\n  ${reproof.problem}\n`;
    case "altered":
      return `${style.red("Altered")}: ${path}\n  The digest does not fit the text, though its steps are those of a fresh plan.\n  Next: make the plan again with \`pointsman plan\`.\n`;
  }
}

async function runShow(path: string, options: ShowOptions, context: CommandContext): Promise<void> {
  const { plan, isIntact } = orFail(show(path));
  if (options.runbook === true) await context.print([renderRunbook(plan)], null);
  else if (options.json === true) await context.print([renderPlanFile(plan)], null);
  else await context.print([renderPlanText(plan, context.styleFor(null))], null);
  if (!isIntact) context.exitWith(EXIT.altered);
}
