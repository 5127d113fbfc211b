import { type Command, Option } from "commander";
import { type HookWords, parseCommandWords } from "#app/index.js";
import { usageFailure } from "../command-failure.js";
import type { ReachOptions } from "./run-options.js";

/** What says how a run is watched and accompanied; the same for `apply`, `resume` and `rollback`. */
export interface WatchOptions extends ReachOptions {
  readonly hookBefore?: string;
  readonly hookAfter?: string;
  readonly webhook?: string;
  readonly events?: string;
  readonly json?: true;
}

/** Adds them to a command. */
export function addWatchOptions(command: Command): Command {
  return command
    .option(
      "--hook-before <command>",
      "a program that is run before each phase; one that does not end with 0 stops the run there",
    )
    .option("--hook-after <command>", "a program that is run behind each phase")
    .addOption(
      new Option("--webhook <url>", "an address that is told of the stations of the run").env(
        "POINTSMAN_WEBHOOK",
      ),
    )
    .option("--events <file>", "write events as NDJSON behind what the file has; `-`: to the standard output")
    .option("--json", "print the report as one JSON document");
}

/** The operator's programs, by words. */
export function readHooks({ hookBefore, hookAfter }: WatchOptions): HookWords {
  return {
    before: readHook("hook-before", hookBefore),
    after: readHook("hook-after", hookAfter),
  };
}

function readHook(name: string, text: string | undefined): HookWords["before"] {
  if (text === undefined) return null;
  const words = parseCommandWords(text);
  if (words.ok) return words.value;
  throw usageFailure(
    words.error,
    `Write a program and its arguments behind \`--${name}\`, quoted as in a shell; for more than that name a script.`,
  );
}

/** The address of the webhook, or null. It is not repeated in the message: its path often is its password. */
export function readWebhook({ webhook }: WatchOptions): string | null {
  if (webhook === undefined) return null;
  const isWeb = URL.canParse(webhook) && /^https?:$/.test(new URL(webhook).protocol);
  if (isWeb) return webhook;
  throw usageFailure(
    "Expected an address that begins with `https://` or `http://` behind `--webhook` or in `POINTSMAN_WEBHOOK`, found something else.",
    "Write the whole address, or leave it out.",
  );
}

/** The standard output has room for one thing. */
export function refuseTwoOutputs({ events, json }: WatchOptions): void {
  if (events !== "-" || json !== true) return;
  throw usageFailure(
    "Expected one thing on the standard output, found `--json` and `--events -`.",
    "Name a file for `--events`, or leave one of them out.",
  );
}
