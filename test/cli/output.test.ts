import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { buildPointsman } from "../repository/built.js";
import { ROOT } from "../repository/root.js";
import { pointsman } from "./command-line.js";
import { snapshotFiles, writeFiles } from "./snapshot-files.js";

const INCIDENT = join(ROOT, "examples", "inc-0004");
let folder: string;

beforeAll(() => buildPointsman(), 120_000);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pointsman-output-"));
  writeFiles(join(folder, "state"), snapshotFiles());
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function schema(name: string): z.ZodType {
  return z.fromJSONSchema(JSON.parse(readFileSync(join(ROOT, "schemas", `${name}.schema.json`), "utf8")));
}

describe("pointsman matrix", () => {
  it("prints every host to every owned address and each extra one, as its schema says", () => {
    const run = pointsman(folder, [
      "matrix",
      "--snapshot",
      "state",
      "--to",
      "192.0.2.1",
      "--to",
      "10.0.0.1",
      "--json",
    ]);
    const printed = JSON.parse(run.stdout);
    schema("matrix").parse(printed);
    const flows: readonly { from: string; to: string; verdict: string; path: string[]; back: string[] }[] =
      printed.flows;
    expect(flows.map(({ from, to }) => `${from} ${to}`)).toEqual(
      ["h1", "h2", "r1"].flatMap((from) =>
        ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.9.0.1", "192.0.2.1"].map((to) => `${from} ${to}`),
      ),
    );
    const flow = (from: string, to: string): object | undefined =>
      flows.find((one) => one.from === from && one.to === to);
    expect(flow("h1", "10.0.0.2")).toMatchObject({ verdict: "delivered", path: ["h2"], back: ["h1"] });
    expect(flow("h1", "10.9.0.1")).toMatchObject({ verdict: "delivered", path: ["r1"], back: ["h1"] });
    expect(flow("h2", "10.9.0.1")).toMatchObject({ verdict: "lost", path: [], back: [] });
    expect(flow("r1", "10.0.0.3")).toMatchObject({ verdict: "delivered", path: ["r1"], back: ["r1"] });
    expect(run).toMatchObject({ code: 0, stderr: "" });
  });

  it("prints a grid with a legend and the cause of what is not delivered", () => {
    const { stdout, code } = pointsman(folder, ["matrix", "--snapshot", "state"]);
    expect(stdout.split("\n")).toEqual(
      expect.arrayContaining([
        "  4  10.9.0.1  r1",
        "h1  .  .  .  .",
        "h2  .  .  .  X",
        "  X  lost: the request does not arrive",
        "  h2 to 10.9.0.1 lost: `h2` drop by no route, no route leads to the destination",
        "12 flows: 11 delivered, 1 lost.",
      ]),
    );
    expect(code).toBe(0);
  });

  it("gives the same for a fleet's folder and for the revision that holds it", () => {
    cpSync(join(INCIDENT, "before"), join(folder, "repository"), { recursive: true });
    cpSync(join(INCIDENT, "pointsman.yaml"), join(folder, "repository", "pointsman.yaml"));
    const identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org"];
    for (const args of [
      ["init", "--quiet"],
      ["add", "--all"],
      ["commit", "--quiet", "--message", "before"],
    ])
      expect(spawnSync("git", [...identity, ...args], { cwd: join(folder, "repository") }).status).toBe(0);
    const fromFolder = pointsman(folder, ["matrix", "--fleet", "repository/pointsman.yaml", "--json"]);
    rmSync(join(folder, "repository", "machines"), { recursive: true });
    const args = ["matrix", "--fleet", "repository/pointsman.yaml", "--tree", "git:HEAD", "--json"];
    const fromGit = pointsman(folder, args);
    expect(fromFolder).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(fromFolder.stdout).flows).toHaveLength(126);
    expect(fromGit.stdout).toBe(fromFolder.stdout);
  });

  it("says nothing when its reader stops early", async () => {
    const child = spawn(process.execPath, [
      join(ROOT, "bin", "pointsman"),
      ...[
        "matrix",
        "--json",
        "--fleet",
        join(INCIDENT, "pointsman.yaml"),
        "--tree",
        join(INCIDENT, "before"),
      ],
    ]);
    let stderr = "";
    child.stderr.on("data", (piece) => {
      stderr += piece;
    });
    child.stdout.once("data", () => child.stdout.destroy());
    const code = await new Promise((resolve) => child.on("close", resolve));
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });
});

describe("pointsman trace", () => {
  it("prints one flow, as its schema says", () => {
    const run = pointsman(folder, ["trace", "h1", "10.9.0.1", "--snapshot", "state", "--json"]);
    const flow = JSON.parse(run.stdout);
    schema("trace").parse(flow);
    expect(flow).toMatchObject({ schemaVersion: 1, from: "h1", to: "10.9.0.1", verdict: "delivered" });
    expect(flow.hops.length).toBeGreaterThan(3);
  });

  it("takes the first global address of a host, and says which others it has", () => {
    const { stdout } = pointsman(folder, ["trace", "h1", "r1", "--snapshot", "state"]);
    expect(stdout).toContain("h1 to 10.0.0.3 (r1): delivered, request and reply arrive.\n");
    expect(stdout).toContain(
      "`r1` has several addresses; this is its first, `10.0.0.3`. The others: 10.9.0.1.\n",
    );
    expect(stdout).toMatch(/^Request arrives at r1\n {3}1\. h1 e0: send by 10\.0\.0\.0\/24 dev e0\n/m);
    expect(stdout).toMatch(/^Reply arrives at h1\n/m);
  });
});

describe("pointsman check", () => {
  const wide = ["check", "--fleet", "pointsman.yaml", "--tree", "wide"];

  it("ends with 3 and the place of each error in the configuration", () => {
    const run = pointsman(INCIDENT, [...wide, "--json"]);
    const printed = JSON.parse(run.stdout);
    schema("check").parse(printed);
    expect(run.code).toBe(3);
    expect(printed.findings[0]).toMatchObject({
      rule: "prefix-covers-pod-cidr",
      severity: "error",
      host: "nl-k8s-01",
      source: { file: "wide/machines/nl-k8s-01/networking.nix" },
    });
  });

  it("ends with 0 where no finding is an error", () => {
    expect(pointsman(folder, ["check", "--snapshot", "state"])).toMatchObject({ code: 0, stderr: "" });
  });

  it("prints SARIF 2.1.0 whose results point into its rules and files", () => {
    const log = JSON.parse(pointsman(INCIDENT, [...wide, "--format", "sarif"]).stdout);
    expect(log.version).toBe("2.1.0");
    const [run] = log.runs;
    const rules: readonly { readonly id: string }[] = run.tool.driver.rules;
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
    for (const result of run.results) {
      expect(rules[result.ruleIndex]?.id).toBe(result.ruleId);
      expect(["error", "warning", "note"]).toContain(result.level);
      for (const { physicalLocation } of result.locations) {
        if (physicalLocation === undefined) continue;
        expect(readFileSync(join(INCIDENT, physicalLocation.artifactLocation.uri), "utf8")).not.toBe("");
        expect(physicalLocation.region.startLine).toBeGreaterThan(0);
      }
    }
    expect(run.results.length).toBeGreaterThan(8);
  });

  it("prints JUnit XML that an XML reader takes, with one failure for each error", () => {
    const { stdout } = pointsman(INCIDENT, [...wide, "--format", "junit"]);
    writeFileSync(join(folder, "junit.xml"), stdout);
    const script =
      "import sys,xml.dom.minidom as m; print(len(m.parse(sys.argv[1]).getElementsByTagName('failure')))";
    const read = spawnSync("python3", ["-c", script, join(folder, "junit.xml")], { encoding: "utf8" });
    const errors = JSON.parse(pointsman(INCIDENT, [...wide, "--json"]).stdout).counts.error;
    expect(read.stdout.trim()).toBe(String(errors));
    expect(stdout).toContain(`failures="${errors}"`);
  });

  it("prints Markdown with a heading for each finding", () => {
    const { stdout } = pointsman(INCIDENT, [...wide, "--format", "markdown"]);
    expect(stdout).toContain("\n## error: prefix-covers-pod-cidr on `nl-k8s-01`\n");
  });
});

describe("-o FILE", () => {
  it("holds what would have been printed, and nothing else is left beside it", () => {
    const printed = pointsman(folder, ["matrix", "--snapshot", "state", "--json"]).stdout;
    const run = pointsman(folder, ["matrix", "--snapshot", "state", "--json", "-o", "matrix.json"]);
    expect(run).toMatchObject({ code: 0, stdout: "", stderr: "" });
    expect(readFileSync(join(folder, "matrix.json"), "utf8")).toBe(printed);
    expect(readdirSync(folder).sort()).toEqual(["matrix.json", "state"]);
  });

  it("keeps the old file when the verb fails, and replaces what a link leads to", () => {
    writeFileSync(join(folder, "old.txt"), "old\n");
    symlinkSync("old.txt", join(folder, "link.txt"));
    pointsman(folder, ["matrix", "--snapshot", "nowhere", "-o", "link.txt"]);
    expect(readFileSync(join(folder, "old.txt"), "utf8")).toBe("old\n");
    pointsman(folder, ["matrix", "--snapshot", "state", "-o", "link.txt"]);
    expect(readFileSync(join(folder, "old.txt"), "utf8")).toContain("12 flows");
    expect(readdirSync(folder).sort()).toEqual(["link.txt", "old.txt", "state"]);
  });

  it("may be /dev/stdout", () => {
    const { stdout } = pointsman(folder, ["matrix", "--snapshot", "state", "-o", "/dev/stdout"]);
    expect(stdout).toContain("12 flows");
  });
});

describe("Text", () => {
  it("has no colours where the output is no terminal, and on a terminal unless NO_COLOR is set", () => {
    const program = `${process.execPath} ${join(ROOT, "bin", "pointsman")} matrix --snapshot state`;
    const onTerminal = (env: Readonly<Record<string, string>>): string =>
      spawnSync("script", ["-qec", program, "/dev/null"], {
        cwd: folder,
        encoding: "utf8",
        env: { PATH: process.env["PATH"] ?? "", TERM: "xterm", ...env },
      }).stdout;
    expect(pointsman(folder, ["matrix", "--snapshot", "state"]).stdout).not.toContain("\u001b");
    expect(onTerminal({})).toContain("\u001b[31m");
    expect(onTerminal({ NO_COLOR: "1" })).not.toContain("\u001b");
  });

  it("does not pass control characters of an input on to the terminal", () => {
    writeFiles(folder, { "state/hosts/h1/route.json": "\u001b]0;title\u0007 nothing" });
    const { stderr, code } = pointsman(folder, ["matrix", "--snapshot", "state"]);
    expect(code).toBe(9);
    for (const control of ["\u0007", "\u001b"]) expect(stderr).not.toContain(control);
  });
});

describe("Help", () => {
  it.each(["check", "trace", "matrix"])("of %s has examples and ends with 0", (verb) => {
    const run = pointsman(folder, [verb, "--help"]);
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(run.stdout).toContain(`Examples:\n  pointsman ${verb} `);
  });

  it("is printed with 64 where no verb is named", () => {
    const run = pointsman(folder, []);
    expect(run).toMatchObject({ code: 64, stdout: "" });
    expect(run.stderr).toContain("Usage: pointsman");
  });
});
