import { spawn } from "node:child_process";
import type { HookCommand } from "./command-words.js";

/** What became of a program; `output` is the end of both its streams, as they came. */
export type ProgramEnd =
  | { readonly kind: "ended"; readonly code: number; readonly output: string }
  | { readonly kind: "killed"; readonly signal: string; readonly output: string }
  | { readonly kind: "timed-out"; readonly afterMs: number; readonly output: string }
  | { readonly kind: "not-started"; readonly why: string };

/** A program of the operator, how long it may take, and what is added to this process's environment. */
export interface ProgramOfOperator {
  readonly command: HookCommand;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** Characters of output that are kept, counted from the end: a journal is no place for more. */
const KEPT = 2000;

/** Between the group being killed and its streams being given up. */
const GRACE_MS = 500;

/**
 * Runs a program without a shell and without standard input, in a process group of its own, which is killed when the time is up: so nothing
 * that it began outlives it then. Never rejects.
 */
export function runProgramOfOperator({
  command,
  environment,
  timeoutMs,
}: ProgramOfOperator): Promise<ProgramEnd> {
  const [program, ...args] = command;
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...environment },
    });
    let output = "";
    let isLate = false;
    let grace: NodeJS.Timeout | undefined;
    const gather = (piece: string): void => {
      output = `${output}${piece}`.slice(-KEPT);
    };
    const finish = (end: ProgramEnd): void => {
      clearTimeout(timer);
      clearTimeout(grace);
      child.stdout.destroy();
      child.stderr.destroy();
      resolve(end);
    };
    const timer = setTimeout(() => {
      isLate = true;
      killGroup(child.pid);
      // A grandchild in a group of its own may hold the streams open for ever.
      grace = setTimeout(() => finish({ kind: "timed-out", afterMs: timeoutMs, output }), GRACE_MS);
    }, timeoutMs);
    child.stdout.setEncoding("utf8").on("data", gather);
    child.stderr.setEncoding("utf8").on("data", gather);
    child.on("error", (error) => finish({ kind: "not-started", why: error.message }));
    child.on("close", (code, signal) => finish(endOf({ code, signal, isLate, timeoutMs, output })));
  });
}

function endOf(found: {
  readonly code: number | null;
  readonly signal: string | null;
  readonly isLate: boolean;
  readonly timeoutMs: number;
  readonly output: string;
}): ProgramEnd {
  const { code, signal, isLate, timeoutMs, output } = found;
  if (isLate) return { kind: "timed-out", afterMs: timeoutMs, output };
  if (code === null) return { kind: "killed", signal: signal ?? "unknown", output };
  return { kind: "ended", code, output };
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended meanwhile.
  }
}
