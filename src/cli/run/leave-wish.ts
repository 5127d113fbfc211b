import type { Command } from "commander";
import type { Failure, LeftWish, RunSelection } from "#app/index.js";
import { orFail } from "../command-failure.js";
import type { CommandContext } from "../context.js";
import { EXIT } from "../exit-code.js";
import { wishHeard, wishUnheard } from "./messages.js";
import { addSelectionOptions, type ReachOptions, readSelection } from "./run-options.js";

interface WishOptions extends ReachOptions {
  readonly json?: true;
}

/** A wish for a run that another terminal works on. */
export interface Wish {
  readonly name: "abort" | "confirm";
  readonly request: (selection: RunSelection) => Promise<WishResult>;
}

type WishResult =
  | { readonly ok: true; readonly value: LeftWish }
  | { readonly ok: false; readonly error: Failure };

/** Adds the run, its options and the work of a verb that leaves a wish. Ends with 3 where nobody is there to hear it. */
export function addWish(command: Command, wish: Wish, context: CommandContext): void {
  addSelectionOptions(command.argument("[run]", "a run (default: the last one)"))
    .option("--json", "print one JSON document")
    .action((run: string | undefined, options: WishOptions) => leaveWish(wish, { run, options }, context));
}

async function leaveWish(
  { name, request }: Wish,
  { run, options }: { readonly run: string | undefined; readonly options: WishOptions },
  context: CommandContext,
): Promise<void> {
  const { runId, isHeard } = orFail(await request(readSelection(run, options)));
  const text =
    options.json === true
      ? JSON.stringify({ schemaVersion: 1, run: runId, wish: name, isHeard }, null, 2)
      : isHeard
        ? wishHeard(name, runId)
        : wishUnheard(name, runId);
  await context.print([`${text}\n`], null);
  if (!isHeard) context.exitWith(EXIT.refused);
}
