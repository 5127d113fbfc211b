import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** A controller in a process of its own, so that it can be killed. */
export interface Controller {
  /** Resolves with its exit code when it ended; null: it was killed. */
  readonly ended: Promise<number | null>;
  /** Ends it as `kill -9` does; its sessions are left to their hosts. Idempotent. */
  readonly kill: () => void;
  /** Ends the sessions that it has open to a host, as a reset connection does. */
  readonly resetSessions: () => number;
  /** What it said on its standard error. */
  readonly said: () => string;
}

/**
 * Starts a controller.
 *
 * @param words The command line, with `--events -`: each event is one line of JSON on its standard output.
 * @param signal Kills it when aborted; an interrupt of the terminal does not reach it.
 * @param onEvent Told of each line; it is called before the next one is read.
 */
export function startController(
  words: readonly [string, ...string[]],
  signal: AbortSignal,
  onEvent: (event: unknown) => void,
): Controller {
  const child = spawn(words[0], words.slice(1), { stdio: ["ignore", "pipe", "pipe"], detached: true });
  const kill = (): void => {
    child.kill("SIGKILL");
  };
  signal.addEventListener("abort", kill, { once: true });
  if (signal.aborted) kill();
  let said = "";
  let rest = "";
  child.stderr.on("data", (piece: Buffer) => {
    said = `${said}${piece.toString("utf8")}`.slice(-MAX_SAID);
  });
  child.stdout.on("data", (piece: Buffer) => {
    const lines = `${rest}${piece.toString("utf8")}`.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onEvent(parseLine(line));
  });
  const ended = new Promise<number | null>((resolve) => {
    child.once("close", (code) => resolve(code));
    child.once("error", () => resolve(null));
  }).finally(() => signal.removeEventListener("abort", kill));
  return {
    ended,
    kill,
    resetSessions: () => (child.pid === undefined ? 0 : killChildren(child.pid)),
    said: () => said,
  };
}

const MAX_SAID = 100_000;

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return null;
  }
}

/** Children of a process, by what /proc says of each process's parent (proc(5), field 4 of stat). */
function killChildren(parent: number): number {
  const children = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && parentOf(name) === parent);
  for (const pid of children) endProcess(Number(pid));
  return children.length;
}

function parentOf(pid: string): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return null;
  }
}

/** It may have ended by itself meanwhile. */
function endProcess(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // Gone already.
  }
}
