import { spawnSync } from "node:child_process";
import { InputError } from "../failure.js";
import { say } from "../messages.js";

/** A repository that answers within this time or is taken to hang. */
const TIMEOUT_MS = 60_000;
const MAX_OUTPUT = 512 * 1024 * 1024;

/** What git said. */
export interface GitAnswer {
  readonly isDone: boolean;
  readonly output: Buffer;
  /** Its first line of complaint, for the operator. */
  readonly complaint: string;
}

/**
 * Runs git in a folder without a shell; it asks nobody for a password, fetches nothing and takes no lock. Throws an
 * `InputError` where git is not installed or does not come to an end.
 */
export function askGit(folder: string, args: readonly string[], input = ""): GitAnswer {
  const done = spawnSync("git", ["-C", folder, ...args], {
    input,
    timeout: TIMEOUT_MS,
    maxBuffer: MAX_OUTPUT,
    env: {
      ...process.env,
      LC_ALL: "C",
      GIT_OPTIONAL_LOCKS: "0",
      GIT_TERMINAL_PROMPT: "0",
      GIT_NO_LAZY_FETCH: "1",
    },
  });
  if (done.error !== undefined) {
    if ("code" in done.error && done.error.code === "ENOENT") throw new InputError(say.noGit(), done.error);
    throw new InputError(say.gitFailed(folder, done.error.message), done.error);
  }
  const complaint = done.stderr.toString("utf8").trim().split("\n")[0] ?? "";
  return { isDone: done.status === 0, output: done.stdout, complaint };
}
