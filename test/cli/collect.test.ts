import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { buildPointsman } from "../repository/built.js";
import { ROOT } from "../repository/root.js";
import { pointsman } from "./command-line.js";

let folder: string;

beforeAll(() => buildPointsman(), 120_000);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "collect-"));
  // Nothing listens on port 1 of this machine.
  writeFileSync(
    join(folder, "pointsman.yaml"),
    "version: 1\nname: f\nhosts:\n  h1: { ssh: 'ssh://root@127.0.0.1:1' }\nsegments:\n  main: { ports: [{ host: h1, link: e0 }] }\n",
  );
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("pointsman collect", () => {
  it("writes what it knows of a host that cannot be reached: why, and nothing else", () => {
    const run = pointsman(folder, ["collect", "--fleet", "pointsman.yaml", "--out", "state"]);
    expect(run.code).toBe(9);
    expect(run.stdout).toMatch(/^h1 {2}not reached: no session: .*127\.0\.0\.1/);
    expect(run.stdout).toMatch(/Written to state\.\n$/);
    expect(readFileSync(join(folder, "state/hosts/h1/not-reached.txt"), "utf8")).toMatch(/^no session: /);
    expect(pointsman(folder, ["matrix", "--snapshot", "state"]).code).toBe(0);
  });

  it("prints one document that its schema describes", () => {
    const run = pointsman(folder, ["collect", "--fleet", "pointsman.yaml", "--out", "state", "--json"]);
    const printed: unknown = JSON.parse(run.stdout);
    const schema = readFileSync(join(ROOT, "schemas/collect.schema.json"), "utf8");
    z.fromJSONSchema(JSON.parse(schema)).parse(printed);
    expect(printed).toMatchObject({
      schemaVersion: 1,
      folder: "state",
      hosts: [{ host: "h1", outcome: "not-reached" }],
      isReadable: true,
      problem: null,
    });
  });

  it.each([
    [["--fleet", "nowhere.yaml", "--out", "state"], 64],
    [["--fleet", "pointsman.yaml"], 64],
    [["--fleet", "pointsman.yaml", "--out", "full"], 64],
    [["--fleet", "pointsman.yaml", "--out", "state", "--lab", "l", "--ssh-config", "c"], 64],
    [["--fleet", "pointsman.yaml", "--out", "state", "--lab", "no-such-lab"], 64],
  ])("is told to do what cannot be done: %j", (args, code) => {
    mkdirSync(join(folder, "full"));
    writeFileSync(join(folder, "full/file"), "kept\n");
    const run = pointsman(folder, ["collect", ...args]);
    expect([run.code, run.stdout]).toEqual([code, ""]);
    expect(run.stderr).toMatch(/^Error: (?:Expected|Required) /);
    expect(readFileSync(join(folder, "full/file"), "utf8")).toBe("kept\n");
  });
});
