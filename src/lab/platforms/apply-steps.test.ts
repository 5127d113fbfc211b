import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const PROGRAM = join(import.meta.dirname, "../../../standin/apply-steps");

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pointsman-apply-steps-"));
  writeFileSync(join(folder, "done"), "");
});

afterEach(() => rmSync(folder, { recursive: true }));

type Step = readonly [unit: string, onRefusal: "continue" | "stop-unit", command: string, undo: string];

/** A step that notes that it was done, and how it is taken back. */
function step(unit: string, name: string): Step {
  return [unit, "stop-unit", `echo ${name} >> ${folder}/done`, `echo no-${name} >> ${folder}/done`];
}

function applied(
  mode: string,
  old: readonly Step[],
  wanted: readonly Step[],
): readonly [number, readonly string[], string] {
  const write = (name: string, steps: readonly Step[]): string => {
    const path = join(folder, name);
    writeFileSync(path, steps.map((each) => `${each.join("\t")}\n`).join(""));
    return path;
  };
  const ended = spawnSync("sh", [PROGRAM, mode, write("old", old), write("new", wanted)], {
    encoding: "utf8",
  });
  const done = readFileSync(join(folder, "done"), "utf8").split("\n").slice(0, -1);
  return [ended.status ?? -1, done, ended.stdout];
}

describe("standin/apply-steps", () => {
  it("boots all steps in their order", () => {
    expect(applied("boot", [], [step("a", "1"), step("b", "2")])).toEqual([0, ["1", "2"], ""]);
  });

  it("leaves out the rest of a unit after a refusal, goes on with others, and says so in its status", () => {
    const refused: Step = ["a", "stop-unit", "false", "-"];
    const passed: Step = ["b", "continue", "false", "-"];
    expect(applied("boot", [], [refused, step("a", "1"), passed, step("b", "2")])).toEqual([4, ["2"], ""]);
  });

  it("makes before it breaks: what is new first, then what is gone, the last one first", () => {
    const old = [step("a", "1"), step("a", "2"), step("a", "3")];
    expect(applied("make-before-break", old, [step("a", "1"), step("a", "4")])).toEqual([
      0,
      ["4", "no-3", "no-2"],
      "",
    ]);
  });

  it("stops whole units that differ, and starts them, in the mode of units; others are left alone", () => {
    const old = [step("a", "1"), step("a", "2"), step("b", "3")];
    const wanted = [step("a", "1"), step("a", "4"), step("b", "3")];
    expect(applied("units", old, wanted)).toEqual([0, ["no-2", "no-1", "1", "4"], ""]);
  });

  it("takes the default gateway down with the addresses that it is reached by", () => {
    const gateway = step("network-setup.service", "gateway");
    const [status, done] = applied(
      "units",
      [step("network-addresses-e0.service", "1"), gateway],
      [step("network-addresses-e0.service", "2"), gateway],
    );
    expect([status, done]).toEqual([0, ["no-gateway", "no-1", "2", "gateway"]]);
  });

  it.each(["make-before-break", "units"])("does nothing where nothing differs (%s)", (mode) => {
    expect(applied(mode, [step("a", "1")], [step("a", "1")])).toEqual([0, [], ""]);
  });

  it("shows what it would run, and runs nothing", () => {
    const [status, done, said] = applied(
      "show",
      [["a", "continue", "one", "not-one"]],
      [["a", "continue", "two", "-"]],
    );
    expect([status, done, said]).toEqual([0, [], "would run: two\nwould run: not-one\n"]);
  });

  it("is a script that every shell of the lab can read", () => {
    expect(() => execFileSync("sh", ["-n", PROGRAM])).not.toThrow();
  });
});
