import { Command } from "commander";
import { registerAbort } from "./commands/abort.js";
import { registerApply } from "./commands/apply.js";
import { registerCheck } from "./commands/check.js";
import { registerCollect } from "./commands/collect.js";
import { registerConfirm } from "./commands/confirm.js";
import { registerEdit } from "./commands/edit.js";
import { registerInit } from "./commands/init.js";
import { registerLab } from "./commands/lab.js";
import { registerMatrix } from "./commands/matrix.js";
import { registerPlan } from "./commands/plan.js";
import { registerProve, registerShow } from "./commands/prove.js";
import { registerRehearse } from "./commands/rehearse.js";
import { registerResume } from "./commands/resume.js";
import { registerRollback } from "./commands/rollback.js";
import { registerStatus } from "./commands/status.js";
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
  registerCollect(program, context);
  registerCheck(program, context);
  registerTrace(program, context);
  registerMatrix(program, context);
  registerEdit(program, context);
  registerPlan(program, context);
  registerProve(program, context);
  registerShow(program, context);
  registerRehearse(program, context);
  registerApply(program, context);
  registerStatus(program, context);
  registerConfirm(program, context);
  registerAbort(program, context);
  registerResume(program, context);
  registerRollback(program, context);
  registerInit(program, context);
  registerLab(program, context);
  return program;
}

const EXIT_CODES = `
Exit codes:
  0  done                       4  taken back: every host is as before    64  wrong usage
  1  a bug of Pointsman         5  not all taken back: a person is needed 130  interrupted
  2  the plan has changes       6  another run has the fleet
     (--detailed-exitcode)      7  a plan file is stale or altered
  3  refused, or findings of    8  the outcome is unknown
     severity error             9  input that could not be read`;
