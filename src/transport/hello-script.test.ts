import { spawn } from "node:child_process";
import { describe, expect, it } from "vitest";
import { renderCommand } from "./command-script.js";
import { END_COMMAND, FAREWELL, renderHello } from "./hello-script.js";

const SHELLS = [["dash"], ["bash"], ["busybox", "ash"]] as const;
const HELLO_MARK = "pm-hello";
const MARK = "pm-command";

interface Said {
  readonly stdout: string;
  readonly ms: number;
  readonly code: number | null;
}

/** Gives a shell its whole input and waits until it has ended. */
function feed([program, ...args]: readonly [string, ...string[]], input: string): Promise<Said> {
  const started = performance.now();
  const shell = spawn(program, args, { stdio: ["pipe", "pipe", "ignore"] });
  let stdout = "";
  shell.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  shell.stdin.end(renderHello(HELLO_MARK) + input);
  return new Promise((resolve) => {
    shell.once("close", (code) => resolve({ stdout, code, ms: performance.now() - started }));
  });
}

function command(script: string, limitSeconds: number): string {
  return renderCommand({ words: ["sh", "-c", script], input: null, mark: MARK, limitSeconds });
}

describe.each(SHELLS.map((shell) => [shell.join(" "), shell] as const))("what %s reads", (_, shell) => {
  it("greets with the user's number and the places of timeout and sudo", async () => {
    const { stdout } = await feed(shell, "");
    expect(stdout).toMatch(
      new RegExp(`\\n${HELLO_MARK}<\\n${process.getuid?.()}\\n/.*timeout\\n.*\\n\\n${HELLO_MARK}>0\\n$`),
    );
  });

  it("lets a command come to its end when nobody writes any more", async () => {
    const { stdout, ms } = await feed(shell, command("sleep 0.5; echo done", 20));
    expect(stdout).toContain(`\n${MARK}<\ndone\n\n${MARK}>0\n`);
    expect(ms).toBeLessThan(15_000);
  });

  it("ends a command that has used up its time when nobody writes any more", async () => {
    const { stdout, ms } = await feed(shell, command("echo begun; sleep 300 & sleep 301", 1));
    expect(stdout).toContain(`\n${MARK}<\nbegun\n\n${MARK}>137\n`);
    expect(ms).toBeGreaterThan(900);
    expect(ms).toBeLessThan(15_000);
  });

  it("ends the command that runs at a word, and goes on", async () => {
    const { stdout } = await feed(
      shell,
      `${command("sleep 300", 300)}sleep 0.3\n${END_COMMAND}wait\necho on\n${FAREWELL}`,
    );
    expect(stdout.endsWith(`\n${MARK}<\n\n${MARK}>137\non\n`)).toBe(true);
  });

  it("ends the command that runs, and itself, at a farewell", async () => {
    const { ms, code } = await feed(shell, `${command("sleep 300 & sleep 301", 300)}sleep 0.3\n${FAREWELL}`);
    expect(code).toBe(0);
    expect(ms).toBeLessThan(15_000);
  });
});
