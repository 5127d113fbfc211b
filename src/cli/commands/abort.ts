import type { Command } from "commander";
import { requestAbort } from "#app/index.js";
import type { CommandContext } from "../context.js";
import { addWish } from "../run/leave-wish.js";

/** Adds the verb `abort`. */
export function registerAbort(program: Command, context: CommandContext): void {
  const command = program
    .command("abort")
    .summary("have a run that goes on taken back")
    .description(
      "Asks the controller of a run, from another terminal, to take everything back. Ends with 3 where nobody works on the run, so that nobody hears it: then `rollback` takes it back.",
    );
  addWish(command, { name: "abort", request: requestAbort }, context);
}
