import { type ChildProcessByStdio, spawn } from "node:child_process";
import { constants } from "node:os";
import type { Readable, Writable } from "node:stream";
import { MarkedStream } from "./marked-stream.js";
import type { StartWords } from "./reach.js";

/** How a child came to its end. */
export interface ChildEnd {
  /** Its exit code, 128 and the signal's number; null where it could not be started. */
  readonly code: number | null;
  /** The last of what it wrote to standard error, or why it could not be started. */
  readonly stderr: string;
}

const KEPT_STDERR_BYTES = 8192;
/** Its last words may still be in the pipes when a child has ended; a process that it left may hold them open for ever. */
const DRAIN_MS = 250;

/** A child process with its three streams: a shell on this machine, or the way to one on a host. */
export class ShellChild {
  readonly stdout = new MarkedStream();
  readonly stderr = new MarkedStream();
  /** Resolves once, when the child has ended and what it wrote has been read. */
  readonly ended: Promise<ChildEnd>;
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  #lastStderr = Buffer.alloc(0);
  #hasExited = false;

  /** Starts the child as the leader of a session of its own: Ctrl-C at the terminal is for the controller alone. */
  constructor(words: StartWords, environment: NodeJS.ProcessEnv = process.env) {
    const [program, ...rest] = words;
    this.#child = spawn(program, rest, { stdio: "pipe", detached: true, env: environment });
    this.#child.stdout.on("data", (chunk: Buffer) => this.stdout.push(chunk));
    this.#child.stderr.on("data", (chunk: Buffer) => this.#takeStderr(chunk));
    // A child that is gone cannot be written to; that it is gone is told by its end.
    this.#child.stdin.on("error", () => {});
    this.ended = this.#waitForEnd();
  }

  /** Writes to its standard input. */
  write(text: string): void {
    this.#child.stdin.write(text);
  }

  /** Writes for the last time, and closes its standard input. */
  finish(text: string): void {
    this.#child.stdin.end(text);
  }

  /** Kills its process group; does nothing when it has ended, for then the number may be another's. */
  kill(): void {
    const { pid } = this.#child;
    if (this.#hasExited || pid === undefined) return;
    try {
      process.kill(-pid, "SIGKILL");
    } catch {
      this.#child.kill("SIGKILL");
    }
  }

  /** Whether the controller's process must wait for it. An idle session alone does not keep a process from ending. */
  holdProcess(isHeld: boolean): void {
    for (const part of [this.#child, this.#child.stdin, this.#child.stdout, this.#child.stderr]) {
      if (isHeld) refer(part, "ref");
      else refer(part, "unref");
    }
  }

  #takeStderr(chunk: Buffer): void {
    this.#lastStderr = Buffer.from(Buffer.concat([this.#lastStderr, chunk]).subarray(-KEPT_STDERR_BYTES));
    this.stderr.push(chunk);
  }

  #waitForEnd(): Promise<ChildEnd> {
    return new Promise((resolve) => {
      const end = (code: number | null, why: string): void => {
        this.#hasExited = true;
        for (const stream of [this.#child.stdin, this.#child.stdout, this.#child.stderr]) stream.destroy();
        resolve({ code, stderr: why === "" ? this.#lastStderr.toString("utf8") : why });
      };
      this.#child.once("error", (error) => {
        if (this.#child.pid === undefined) end(null, error.message);
      });
      this.#child.once("exit", (code, signal) => {
        this.#hasExited = true;
        const ended = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
        const drained = setTimeout(() => end(ended, ""), DRAIN_MS);
        this.#child.once("close", () => {
          clearTimeout(drained);
          end(ended, "");
        });
      });
    });
  }
}

/** Pipes of a child are sockets and can be told so; the types of streams do not say it. */
function refer(part: object, action: "ref" | "unref"): void {
  const method: unknown = Reflect.get(part, action);
  if (typeof method === "function") method.call(part);
}
