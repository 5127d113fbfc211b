import { spawn } from "node:child_process";
import { once } from "node:events";
import { say } from "./messages.js";

/** Longer than a root takes on a slow machine. */
const WAIT_SECONDS = 900;

/**
 * Does work while this process alone has the lock of a file, whatever becomes of the process: the lock is held by a child of flock(1) that
 * ends when its standard input does.
 */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const holder = spawn(
    "flock",
    ["-w", String(WAIT_SECONDS), file, "sh", "-c", "echo held; exec cat >/dev/null"],
    {
      stdio: ["pipe", "pipe", "inherit"],
    },
  );
  const ended = once(holder, "close");
  try {
    const first = await Promise.race([once(holder.stdout, "data"), ended.then(() => null)]);
    if (first === null) throw say.lockTimedOut(file, WAIT_SECONDS);
    return await work();
  } finally {
    holder.stdin.end();
    await ended;
  }
}
