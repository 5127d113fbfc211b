import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildPointsman } from "./built.js";
import { type Fence, fences, pages } from "./markdown.js";
import { ROOT } from "./root.js";

/**
 * The convention: a block fenced as `console` is a session in a copy of the checkout's examples/. A line `$ command` is
 * run by `sh`, must end with 0 or with the code in a comment `# exits 3` behind it, and `$ cd folder` holds for the
 * lines after it. The lines below a command are its output: each must appear, in this order, and `...` stands for any.
 */
interface Command {
  readonly text: string;
  readonly exitCode: number;
  readonly output: readonly string[];
}

const BLOCKS: readonly Fence[] = pages()
  .flatMap(fences)
  .filter((fence) => fence.language === "console");

let folder: string;

beforeAll(() => {
  if (BLOCKS.length > 0) buildPointsman();
  folder = mkdtempSync(join(tmpdir(), "pointsman-docs-"));
  mkdirSync(join(folder, "bin"));
  symlinkSync(join(ROOT, "bin", "pointsman"), join(folder, "bin", "pointsman"));
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function commands(fence: Fence): readonly Command[] {
  const found: { text: string; exitCode: number; output: string[] }[] = [];
  for (const line of fence.lines) {
    if (line.startsWith("$ ")) {
      const exitCode = Number(/# exits (\d+)$/.exec(line)?.[1] ?? 0);
      found.push({ text: line.slice(2), exitCode, output: [] });
    } else if (line.trim() !== "" && line.trim() !== "...") {
      found.at(-1)?.output.push(line.trimEnd());
    }
  }
  return found;
}

/** The first expected line that does not follow in the output, or null. */
function missingLine(output: string, expected: readonly string[]): string | null {
  const lines = output.split("\n").map((line) => line.trimEnd());
  let from = 0;
  for (const line of expected) {
    const at = lines.indexOf(line, from);
    if (at < 0) return line;
    from = at + 1;
  }
  return null;
}

function runBlock(fence: Fence, top: string): void {
  let cwd = top;
  for (const { text, exitCode, output } of commands(fence)) {
    const target = /^cd (\S+)$/.exec(text)?.[1];
    if (target !== undefined) {
      cwd = join(cwd, target);
      expect(existsSync(cwd), `${fence.page}:${fence.line}: \`${text}\` leads to no folder`).toBe(true);
      continue;
    }
    const env = {
      ...process.env,
      NO_COLOR: "1",
      PATH: `${join(folder, "bin")}${delimiter}${process.env["PATH"]}`,
    };
    const done = spawnSync("sh", ["-c", text], { cwd, env, encoding: "utf8", maxBuffer: 256 * 1024 * 1024 });
    const said = `${done.stdout}${done.stderr}`;
    expect(done.status, `${fence.page}:${fence.line}: \`${text}\` printed:\n${said.slice(0, 4000)}`).toBe(
      exitCode,
    );
    expect(
      missingLine(said, output),
      `${fence.page}:${fence.line}: \`${text}\` printed:\n${said.slice(0, 4000)}`,
    ).toBeNull();
  }
}

describe("The commands in the documentation", () => {
  it.each(BLOCKS)("run as $page:$line shows them", (fence) => {
    const top = mkdtempSync(join(folder, "checkout-"));
    try {
      if (existsSync(join(ROOT, "examples")))
        cpSync(join(ROOT, "examples"), join(top, "examples"), { recursive: true });
      runBlock(fence, top);
    } finally {
      rmSync(top, { recursive: true, force: true });
    }
  });

  it("are told apart from their output and their exit code", () => {
    const lines = ["$ cd examples", "$ pointsman check # exits 3", "line", "...", "last"];
    expect(commands({ page: "p", line: 1, language: "console", lines })).toEqual([
      { text: "cd examples", exitCode: 0, output: [] },
      { text: "pointsman check # exits 3", exitCode: 3, output: ["line", "last"] },
    ]);
  });

  it("are wrong where a line of the output is missing or out of order", () => {
    expect(missingLine("a\nb\nc\n", ["a", "c"])).toBeNull();
    expect(missingLine("a\nb\nc\n", ["c", "a"])).toBe("a");
  });
});
