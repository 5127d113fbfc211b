import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ConfigurationTree } from "#model/index.js";
import { InputError } from "../failure.js";
import { openFolderTree } from "./folder-tree.js";
import { openGitTree } from "./git-tree.js";

let top: string;
let folder: string;

beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), "pointsman-tree-"));
  folder = join(top, "fleet");
  mkdirSync(join(folder, "a", "b"), { recursive: true });
  writeFileSync(join(top, "outside"), "outside\n");
  writeFileSync(join(folder, "a", "one"), "one\n");
  writeFileSync(join(folder, "a", "b", "two ü\t.conf"), "zwei\u00fc\r\n");
  writeFileSync(join(folder, "bytes"), Uint8Array.from([65, 0xff, 66]));
  symlinkSync("one", join(folder, "a", "link"));
  symlinkSync("../outside", join(folder, "up"));
  symlinkSync("a", join(folder, "alias"));
  symlinkSync("/dev/null", join(folder, "masked"));
  symlinkSync("loop", join(folder, "loop"));
  symlinkSync("nowhere", join(folder, "dangling"));
});
afterEach(() => rmSync(top, { recursive: true, force: true }));

function git(...args: readonly string[]): void {
  const identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org"];
  const done = spawnSync("git", [...identity, ...args], { cwd: top, encoding: "utf8" });
  if (done.status !== 0) throw new Error(done.stderr);
}

function open(kind: "folder" | "git"): ConfigurationTree {
  if (kind === "git") {
    git("init", "--quiet");
    git("add", "--all");
    git("commit", "--quiet", "--message", "state");
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
  }
  const opened = kind === "git" ? openGitTree(folder, "HEAD") : openFolderTree(folder);
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.value;
}

describe.each(["folder", "git"] as const)("A tree from a %s", (kind) => {
  it("reads files by their path, with bytes that are no text as U+FFFD", () => {
    const tree = open(kind);
    expect(tree.read("a/one")).toBe("one\n");
    expect(tree.read("./a/one")).toBe("one\n");
    expect(tree.read("a/b/two ü\t.conf")).toBe("zweiü\r\n");
    expect(tree.read("bytes")).toBe("A\ufffdB");
  });

  it("gives null where there is no file, also for a folder and below a file", () => {
    const tree = open(kind);
    for (const path of ["nothing", "a", "a/one/x", "dangling", ""]) expect(tree.read(path)).toBeNull();
  });

  it("follows links, and takes one to /dev/null for an empty file", () => {
    const tree = open(kind);
    expect(tree.read("a/link")).toBe("one\n");
    expect(tree.read("up")).toBe("outside\n");
    expect(tree.read("alias/one")).toBe("one\n");
    expect(tree.read("masked")).toBe("");
  });

  it("refuses a link that leads back to itself", () => {
    const tree = open(kind);
    expect(() => tree.read("loop")).toThrow(InputError);
  });

  it("lists the files below a folder, sorted, and nothing below what is no folder", () => {
    const tree = open(kind);
    expect(tree.list("a")).toEqual(["a/b/two ü\t.conf", "a/link", "a/one"]);
    expect(tree.list("a/")).toEqual(tree.list("a"));
    expect(tree.list("alias")).toEqual(["alias/b/two ü\t.conf", "alias/link", "alias/one"]);
    expect(tree.list("nothing")).toEqual([]);
    expect(tree.list("a/one")).toEqual([]);
    expect(tree.list(".")).toContain("a/b/two ü\t.conf");
  });

  it("refuses a file that is too large for a configuration, when it is read and not before", () => {
    writeFileSync(join(folder, "large"), "x");
    truncateSync(join(folder, "large"), 17 * 1024 * 1024);
    const tree = open(kind);
    expect(tree.read("a/one")).toBe("one\n");
    expect(() => tree.read("large")).toThrow("Expected at most `16 MiB`, found a file of `17 MiB`.");
  });
});

describe("A folder", () => {
  it("that links to a folder above itself is listed once", () => {
    symlinkSync("..", join(folder, "a", "b", "back"));
    expect(open("folder").list("a")).toEqual(["a/b/two ü\t.conf", "a/link", "a/one"]);
  });
});
