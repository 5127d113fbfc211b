import type { Command } from "commander";
import { requestConfirm } from "#app/index.js";
import type { CommandContext } from "../context.js";
import { addWish } from "../run/leave-wish.js";

/** Adds the verb `confirm`. */
export function registerConfirm(program: Command, context: CommandContext): void {
  const command = program
    .command("confirm")
    .summary("give a run the confirmation that it waits for")
    .description(
      "For a run with --wait-confirm, from another terminal: its phase is kept once its gate has passed. Ends with 3 where nobody works on the run, so that nobody hears it.",
    );
  addWish(command, { name: "confirm", request: requestConfirm }, context);
}
