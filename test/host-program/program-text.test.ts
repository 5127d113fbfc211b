import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const PROGRAM = join(import.meta.dirname, "../../host/pointsman-host");
const TEXT = readFileSync(PROGRAM, "utf8");
const CODE = TEXT.split("\n")
  .filter((line) => !/^\s*#/.test(line))
  .join("\n");

describe("The text of the host program", () => {
  it("never asks a clock that can be set: time is /proc/uptime alone", () => {
    expect(CODE).toContain("</proc/uptime");
    expect(CODE).not.toMatch(/\bdate\b|EPOCH|SECONDS=|hwclock/);
  });

  it("never evaluates what it reads", () => {
    expect(CODE).not.toMatch(/\beval\b|\bsource\b|^\s*\. /m);
  });

  it("asks for nothing that busybox does not have", () => {
    expect(CODE).not.toMatch(/\bip -j\b|\bjq\b|\bawk\b|\bpython|\bflock\b|\bpkill\b|\bkillall\b/);
  });

  it.each(["dash", "bash"])("is understood by %s", (shell) => {
    execFileSync(shell, ["-n", PROGRAM]);
  });
});
