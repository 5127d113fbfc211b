import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { buildPointsman } from "../repository/built.js";
import { ROOT } from "../repository/root.js";

/** A program with the ears and the screen of a run, at a real terminal that `script` of util-linux makes. */
const HEADER = `
import { setTimeout as sleep } from "node:timers/promises";
import { processTerminal } from ${built("terminal")};
import { openProgress } from ${built("progress")};
import { TerminalWishes } from ${built("wishes")};
const terminal = processTerminal();
const progress = openProgress(terminal);
const wishes = new TerminalWishes({
  terminal,
  progress,
  hasBegun: () => true,
  onLeaving: () => progress.say("this is armed"),
  quit: () => process.exit(130),
});
progress.say("ready");
`;

function built(name: string): string {
  return JSON.stringify(pathToFileURL(join(ROOT, "dist", "cli", "run", `${name}.js`)).href);
}

/** What a terminal sends for Ctrl-C, so that its driver makes SIGINT of it; termios(3), VINTR. */
const CTRL_C = "\u0003";

let folder: string;

beforeAll(() => buildPointsman(), 120_000);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pointsman-interrupt-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Types each text as soon as the one before it has had its answer on the screen, and gives the screen and the exit code. */
function atTerminal(
  program: string,
  ...typed: readonly (readonly [after: string, keys: string])[]
): Promise<{ readonly screen: string; readonly code: number | null }> {
  const file = join(folder, "program.mjs");
  writeFileSync(file, `${HEADER}${program}`);
  // With `exec`: a shell in between would hear the interrupt too, and end with its own 130.
  const child = spawn("script", ["-qec", `exec "${process.execPath}" "${file}"`, "/dev/null"], {
    env: { PATH: process.env["PATH"] ?? "", TERM: "xterm", SHELL: "/bin/sh" },
    stdio: ["pipe", "pipe", "inherit"],
    timeout: 20_000,
    killSignal: "SIGKILL",
  });
  const left = [...typed];
  let screen = "";
  child.stdout.setEncoding("utf8").on("data", (piece: string) => {
    screen += piece;
    for (let next = left[0]; next !== undefined && screen.includes(next[0]); next = left[0]) {
      child.stdin.write(next[1]);
      left.shift();
    }
  });
  return new Promise((resolve) => child.on("close", (code) => resolve({ screen, code })));
}

describe("Ctrl-C at a real terminal", () => {
  const UNTIL_LEFT = `
while (wishes.wish() !== "leave") await sleep(10);
progress.say("wish " + wishes.wish());
wishes.close();
progress.close();
process.exitCode = 42;
`;

  it("once lets the run end behind its gate, twice leaves and shows what is armed", async () => {
    const { screen, code } = await atTerminal(UNTIL_LEFT, ["ready", CTRL_C], ["Press Ctrl-C again", CTRL_C]);
    expect(screen).toContain("Interrupted: the run stops after this gate.");
    expect(screen).toContain("Leaving. What is armed stays armed.\r\nthis is armed\r\n");
    expect(screen).toContain("wish leave");
    expect(code).toBe(42);
  });

  it("three times ends a process that waits for something else", async () => {
    const { code } = await atTerminal(
      "await sleep(60_000);",
      ["ready", CTRL_C],
      ["Press Ctrl-C again", CTRL_C],
      ["this is armed", CTRL_C],
    );
    expect(code).toBe(130);
  });

  it("takes a question away and stops after the gate", async () => {
    const { screen, code } = await atTerminal(
      `
progress.say("answer " + (await wishes.mayGoOn("n2")) + " wish " + wishes.wish());
wishes.close();
progress.close();
`,
      ["Go on with `n2`?", CTRL_C],
    );
    expect(screen).toContain("answer false wish after-gate");
    expect(code).toBe(0);
  });
});

describe("A question at a real terminal", () => {
  it("takes what is typed, and the program ends when all is answered", async () => {
    const { screen, code } = await atTerminal(
      `
progress.say("answer " + (await wishes.mayGoOn("n2")));
progress.say("answer " + (await wishes.mayGoOn("n3")));
wishes.close();
progress.close();
`,
      ["Go on with `n2`?", "maybe\n"],
      ["Expected `yes` or `no`.", "yes\n"],
      ["Go on with `n3`?", "no\n"],
    );
    expect(screen).toContain("answer true");
    expect(screen).toContain("answer false");
    expect(code).toBe(0);
  });

  it("is no where the input ends", async () => {
    const { screen } = await atTerminal(
      `
progress.say("answer " + (await wishes.mayGoOn("n2")));
wishes.close();
progress.close();
`,
      ["Go on with `n2`?", "\u0004"],
    );
    expect(screen).toContain("answer false");
  });
});
