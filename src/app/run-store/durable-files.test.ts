import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { makeFolder } from "./durable-files.js";

it("makes a folder and those above it, for their owner alone; again it is as it was", () => {
  const base = mkdtempSync(join(tmpdir(), "durable-"));
  try {
    const folder = join(base, "a/b");
    makeFolder(folder);
    makeFolder(folder);
    expect([join(base, "a"), folder].map((path) => statSync(path).mode & 0o777)).toEqual([0o700, 0o700]);
  } finally {
    rmSync(base, { recursive: true });
  }
});

it("gives up at once where the kernel lets nobody make a folder", () => {
  expect(() => makeFolder("/proc/pointsman/state")).toThrow(/^E[A-Z]+:/);
});
