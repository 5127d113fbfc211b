import { spawn } from "node:child_process";

/** What a program of this machine did. */
export interface ProgramResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program of this machine to its end and gives what it said. After `timeoutMs` it is killed, and the code is 124. A program that
 * cannot be started has the code 127.
 */
export function runWords(
  words: readonly [string, ...string[]],
  { input = "", timeoutMs = 60_000 }: { readonly input?: string; readonly timeoutMs?: number } = {},
): Promise<ProgramResult> {
  const [program, ...args] = words;
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: "pipe" });
    const output: Buffer[] = [];
    const errors: Buffer[] = [];
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      child.kill("SIGKILL");
    }, timeoutMs);
    const end = (code: number, more: string): void => {
      clearTimeout(timer);
      const stderr = Buffer.concat(errors).toString("utf8");
      resolve({ code, stdout: Buffer.concat(output).toString("utf8"), stderr: `${stderr}${more}` });
    };
    child.stdout.on("data", (piece: Buffer) => output.push(piece));
    child.stderr.on("data", (piece: Buffer) => errors.push(piece));
    // Who does not read its input to the end closes it early; what it did is in its code.
    child.stdin.on("error", () => undefined);
    child.on("error", (error) => end(127, error.message));
    child.on("close", (code) =>
      end(isLate ? 124 : (code ?? 128), isLate ? `no end within ${timeoutMs} ms` : ""),
    );
    child.stdin.end(input);
  });
}
