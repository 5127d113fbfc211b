import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "../repository/root.js";

/** What one run of the built program did. */
export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly milliseconds: number;
}

/** Longer than any single command on small input may take; a run that is killed has no exit code. */
const TIMEOUT_MS = 30_000;

/** Runs the built program in a folder, without colours and without the caller's own settings. */
export function pointsman(
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Run {
  const started = performance.now();
  const done = spawnSync(process.execPath, [join(ROOT, "bin", "pointsman"), ...args], {
    cwd,
    encoding: "utf8",
    timeout: TIMEOUT_MS,
    killSignal: "SIGKILL",
    maxBuffer: 256 * 1024 * 1024,
    env: { PATH: process.env["PATH"] ?? "", HOME: cwd, ...env },
  });
  return {
    code: done.status,
    stdout: done.stdout,
    stderr: done.stderr,
    milliseconds: performance.now() - started,
  };
}
