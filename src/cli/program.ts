import { Command } from "commander";
import { registerCheck } from "./commands/check.js";
import { registerEdit } from "./commands/edit.js";
import { registerMatrix } from "./commands/matrix.js";
import { registerPlan } from "./commands/plan.js";
import { registerProve, registerShow } from "./commands/prove.js";
import { registerTrace } from "./commands/trace.js";
import type { CommandContext } from "./context.js";

/** The command line with all its verbs. */
export function buildProgram(context: CommandContext): Command {
  const program = new Command("pointsman");
  program
    .description("Changes the network under a live Kubernetes cluster without derailing it.")
    .version(context.version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .configureOutput({ outputError: () => undefined })
    .exitOverride()
    .addHelpText("after", EXIT_CODES);
  registerCheck(program, context);
  registerTrace(program, context);
  registerMatrix(program, context);
  registerEdit(program, context);
  registerPlan(program, context);
  registerProve(program, context);
  registerShow(program, context);
  return program;
}

const EXIT_CODES = `
Exit codes:
  0  done                      7  a plan file is stale or altered    64  wrong usage
  1  a bug of Pointsman        9  input that could not be read      130  interrupted
  2  the plan has changes (--detailed-exitcode)
  3  refused, or findings of severity error`;
