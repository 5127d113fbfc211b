import { spawnSync } from "node:child_process";
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { buildPointsman } from "../repository/built.js";
import { pointsman, type Run } from "./command-line.js";
import { snapshotFiles, writeFiles } from "./snapshot-files.js";

const MEGABYTE = 1_000_000;
let folder: string;

beforeAll(() => buildPointsman(), 120_000);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pointsman-bad-input-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What can be wrong with one input, whatever it is; `path` is where a good one would be. */
const DAMAGE: readonly { readonly name: string; readonly make: (path: string) => void }[] = [
  { name: "is missing", make: () => undefined },
  {
    name: "is half a JSON document",
    make: (path) => writeFileSync(path, '{"segments": {"main": [["h1", "e'),
  },
  { name: "is empty", make: (path) => writeFileSync(path, "") },
  {
    name: "is binary",
    make: (path) =>
      writeFileSync(
        path,
        Uint8Array.from({ length: 4096 }, (_, index) => (index * 197 + 13) & 255),
      ),
  },
  { name: "has 100 MB of zero bytes", make: (path) => makeLarge(path, "", 100 * MEGABYTE) },
  { name: "has 100 MB of brackets", make: (path) => writeFileSync(path, "[".repeat(100 * MEGABYTE)) },
  { name: "has 400 MB", make: (path) => makeLarge(path, "{}", 400 * MEGABYTE) },
  { name: "is an empty folder", make: (path) => mkdirSync(path) },
  { name: "is a link to itself", make: (path) => symlinkSync(path, path) },
  {
    name: "is a pipe that nobody writes to",
    make: (path) => {
      if (spawnSync("mkfifo", [path]).status !== 0) throw new Error("mkfifo failed");
    },
  },
];

const VERBS: readonly { readonly name: string; readonly args: readonly string[] }[] = [
  { name: "check", args: ["check"] },
  { name: "trace", args: ["trace", "h1", "h2"] },
];

/** Files of a good snapshot that are damaged one at a time; the others may be missing without harm. */
const SNAPSHOT_FILES = ["wiring.json", "hosts/h1/addr.json"];

function makeLarge(path: string, start: string, bytes: number): void {
  writeFileSync(path, start);
  truncateSync(path, bytes);
}

/** One clear message with what to do, an exit code for bad input, nothing on the standard output, nothing written. */
function expectOneMessage(run: Run, before: readonly string[]): void {
  expect(run.stderr).toMatch(/^Error: [^\n]+\n(?: {2}\S[^\n]*\n)* {2}Next: {2}[^\n]+\n$/);
  expect(run.stderr.match(/^Error: /gm)).toHaveLength(1);
  expect(run.stderr).not.toMatch(/^\s+at /m);
  expect(run.stderr.length).toBeLessThan(2_000);
  expect([9, 64]).toContain(run.code);
  expect(run.stdout).toBe("");
  expect(everything(folder)).toEqual(before);
}

function everything(below: string): readonly string[] {
  return readdirSync(below, { recursive: true, encoding: "utf8" })
    .map((path) => `${path} ${lstatSync(join(below, path)).mode}`)
    .sort();
}

describe("pointsman matrix", () => {
  describe.each(SNAPSHOT_FILES)("when %s of the snapshot", (file) => {
    it.each(DAMAGE)("$name, says so once and writes nothing", ({ name, make }) => {
      const before = damageSnapshot(file, make);
      const run = pointsman(folder, ["matrix", "--snapshot", "state", "-o", "result"]);
      const isUnknown = name === "is missing" && file.startsWith("hosts/");
      if (isUnknown) expect(run.code, "what is missing of a host is unknown, not wrong").toBe(0);
      else {
        expectOneMessage(run, before);
        expect(run.stderr).toContain(`state/${file}`);
      }
    });
  });

  it.each(DAMAGE)("when the snapshot directory $name, says so once and writes nothing", ({ make }) => {
    make(join(folder, "state"));
    const before = everything(folder);
    expectOneMessage(pointsman(folder, ["matrix", "--snapshot", "state", "-o", "result"]), before);
  });

  it.each(DAMAGE)("when the fleet file $name, says so once and writes nothing", ({ make }) => {
    make(join(folder, "pointsman.yaml"));
    const before = everything(folder);
    const run = pointsman(folder, ["matrix", "--fleet", "pointsman.yaml", "-o", "result"]);
    expectOneMessage(run, before);
    expect(run.stderr).toContain("pointsman.yaml");
  });
});

describe.each(VERBS)("pointsman $name", ({ args }) => {
  it.each(DAMAGE.slice(0, 4))("when wiring.json $name, says so once and writes nothing", ({ make }) => {
    const before = damageSnapshot("wiring.json", make);
    expectOneMessage(pointsman(folder, [...args, "--snapshot", "state", "-o", "result"]), before);
  });

  it("when the fleet file is half a document, says so once and writes nothing", () => {
    writeFiles(folder, { "pointsman.yaml": FLEET.slice(0, 60) });
    const before = everything(folder);
    expectOneMessage(pointsman(folder, [...args, "--fleet", "pointsman.yaml", "-o", "result"]), before);
  });
});

function damageSnapshot(file: string, make: (path: string) => void): readonly string[] {
  const { [file]: _, ...files } = snapshotFiles();
  writeFiles(join(folder, "state"), files);
  make(join(folder, "state", file));
  return everything(folder);
}

const FLEET = `version: 1
name: small
hosts:
  h1:
    role: node
    os: debian
    configuration:
      - ifupdown: h1/interfaces
`;

describe("pointsman matrix of a fleet", () => {
  it.each(DAMAGE.filter(({ name }) => name !== "is empty" && name !== "is an empty folder"))(
    "when a configuration file $name, says so once and writes nothing",
    ({ make }) => {
      writeFiles(folder, { "pointsman.yaml": FLEET, "h1/other": "" });
      make(join(folder, "h1", "interfaces"));
      const before = everything(folder);
      const run = pointsman(folder, ["matrix", "--fleet", "pointsman.yaml", "-o", "result"]);
      expectOneMessage(run, before);
      expect(run.stderr).toContain("h1/interfaces");
    },
  );
});

describe.each(["show", "prove"])("pointsman %s", (verb) => {
  it.each(DAMAGE)("when the plan file $name, says so once and writes nothing", ({ make }) => {
    make(join(folder, "plan.json"));
    const before = everything(folder);
    const run = pointsman(folder, [verb, "plan.json"]);
    expect(run.stderr).toMatch(/^Error: [^\n]+\n(?: {2}\S[^\n]*\n)* {2}Next: {2}[^\n]+\n$/);
    expect([7, 9, 64]).toContain(run.code);
    expect(run.stdout).toBe("");
    expect(everything(folder)).toEqual(before);
  });
});

describe("pointsman plan", () => {
  it.each(DAMAGE)("when one of the two snapshots $name, says so once and writes nothing", ({ make }) => {
    writeFiles(join(folder, "before"), snapshotFiles());
    make(join(folder, "after"));
    const before = everything(folder);
    const args = ["plan", "--snapshot", "before", "--to-snapshot", "after", "-o", "plan.json"];
    expectOneMessage(pointsman(folder, args), before);
  });
});
