import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { buildPointsman } from "../repository/built.js";
import { pointsman } from "./command-line.js";
import { snapshotFiles, writeFiles } from "./snapshot-files.js";

/**
 * Each case is a pair of files in errors/: NAME.yaml with the files of a folder and a command line, NAME.stderr with every word that the
 * operator gets. `snapshot: true` puts the small live network of snapshot-files.ts into `state`.
 */
const ERRORS = join(import.meta.dirname, "errors");
const CASES = readdirSync(ERRORS)
  .filter((file) => file.endsWith(".yaml"))
  .map((file) => file.slice(0, -".yaml".length));

const caseSchema = z.strictObject({
  why: z.string(),
  snapshot: z.boolean().default(false),
  git: z.boolean().default(false),
  folders: z.array(z.string()).default([]),
  files: z.record(z.string(), z.string()).default({}),
  args: z.array(z.string()),
  exit: z.int(),
});

let folder: string;

beforeAll(() => buildPointsman(), 120_000);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pointsman-messages-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function git(args: readonly string[]): void {
  const identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org"];
  const done = spawnSync("git", [...identity, ...args], { cwd: folder, encoding: "utf8" });
  if (done.status !== 0) throw new Error(done.stderr);
}

describe("A mistake of the operator", () => {
  it.each(CASES)("%s ends in the words of its golden file", (name) => {
    const given = caseSchema.parse(parse(readFileSync(join(ERRORS, `${name}.yaml`), "utf8")));
    if (given.snapshot) writeFiles(join(folder, "state"), snapshotFiles());
    for (const path of given.folders) mkdirSync(join(folder, path), { recursive: true });
    writeFiles(folder, given.files);
    if (given.git) {
      git(["init", "--quiet"]);
      git(["add", "--all"]);
      git(["commit", "--quiet", "--message", "before"]);
    }
    const run = pointsman(folder, given.args);
    expect(run.stderr).toBe(readFileSync(join(ERRORS, `${name}.stderr`), "utf8"));
    expect(run).toMatchObject({ code: given.exit, stdout: "" });
  });
});
