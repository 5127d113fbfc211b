import { spawn } from "node:child_process";

/** How a command ended; `code` is null where a signal ended it. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

/** A command that runs. */
export interface Started {
  readonly ended: Promise<Ended>;
  /** As `kill -9`. */
  readonly kill: () => void;
  /** Resolves when its output has this text; rejects when it ends without it. */
  readonly says: (text: string) => Promise<void>;
}

/** Starts a command without a terminal. It becomes the command that it names, so that a signal reaches it. */
export function start([program, ...args]: readonly [string, ...string[]]): Started {
  const begun = performance.now();
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (piece: string) => {
    stdout += piece;
  });
  child.stderr.setEncoding("utf8").on("data", (piece: string) => {
    stderr += piece;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) =>
      resolve({ code, stdout, stderr, seconds: (performance.now() - begun) / 1000 }),
    );
  });
  const says = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (stdout.includes(text) || stderr.includes(text)) resolve();
      };
      child.stdout.on("data", look);
      child.stderr.on("data", look);
      child.on("close", () => reject(new Error(`it ended and did not say ${text}:\n${stdout}${stderr}`)));
      look();
    });
  return { ended, kill: () => child.kill("SIGKILL"), says };
}
