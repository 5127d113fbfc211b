import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildPointsman } from "../repository/built.js";
import { ROOT } from "../repository/root.js";
import { pointsman, type Run } from "./command-line.js";

interface PlanJson {
  digest: string;
  from: string;
  phases: { steps: { host: string; operations: { command: string }[]; revert: string[] }[] }[];
  network: { before: Record<string, unknown>; after: Record<string, unknown> };
}

let folder: string;
let text: string;

beforeAll(() => {
  buildPointsman();
  folder = mkdtempSync(join(tmpdir(), "pointsman-plan-"));
  cpSync(join(ROOT, "examples", "inc-0004"), folder, { recursive: true });
  const made = pointsman(folder, [
    "plan",
    "--fleet",
    "pointsman.yaml",
    "--from",
    "wide",
    "--to",
    "fixed",
    "-o",
    "plan.json",
  ]);
  expect(made.stderr).toBe("");
  text = readFileSync(join(folder, "plan.json"), "utf8");
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What `prove` says of the plan file after an edit. */
function proveEdited(edit: (plan: PlanJson) => void): Run {
  const plan = JSON.parse(text) as PlanJson;
  edit(plan);
  writeFileSync(join(folder, "edited.json"), JSON.stringify(plan));
  return pointsman(folder, ["prove", "edited.json"]);
}

describe("pointsman prove", () => {
  it("ends with 0 for the file that plan wrote, and prints the proof as JSON", () => {
    const { code, stdout } = pointsman(folder, ["prove", "plan.json", "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      schemaVersion: 1,
      result: "proved",
      phases: [{ states: "6561" }],
    });
  });

  it("ends with 3 where a step is moved to a phase of its own", () => {
    const { code, stdout } = proveEdited(({ phases }) => {
      const [phase] = phases;
      const step = phase?.steps.pop();
      if (phase !== undefined && step !== undefined) phases.push({ ...phase, steps: [step] });
    });
    expect(code).toBe(3);
    expect(stdout).toMatch(
      /^Not proved: edited\.json\n {2}The file was edited: operation \d+ is .* Phase 1: .+\n/,
    );
  });

  it("ends with 3 and the reason where a host is dropped from its phase, from the networks, or reordered", () => {
    const fromPhase = proveEdited(({ phases }) => void phases[0]?.steps.shift());
    expect(fromPhase.code).toBe(3);
    expect(fromPhase.stdout).toContain("Host `nl-k8s-01`: its steps do not end in the target");
    const fromNetworks = proveEdited(({ network }) => {
      for (const side of [network.before, network.after])
        for (const path of Object.keys(side))
          if (path.startsWith("hosts/nl-k8s-04/")) Reflect.deleteProperty(side, path);
    });
    expect(fromNetworks.code).toBe(3);
    expect(fromNetworks.stdout).toContain(
      "Host `nl-k8s-04`: it is wired to a segment or moved by a step, and the plan has no state of it.",
    );
    const reordered = proveEdited(({ phases }) => void phases[0]?.steps[0]?.operations.reverse());
    expect(reordered.code).toBe(3);
    expect(reordered.stdout).toContain("`nl-k8s-01`");
  });

  it("ends with 3 where a command or a way back is not what the plan says", () => {
    const command = proveEdited(({ phases }) => {
      const operation = phases[0]?.steps[0]?.operations[0];
      if (operation !== undefined) operation.command = "reboot";
    });
    expect(command.code).toBe(3);
    expect(command.stdout).toContain("the command `reboot` is not what its operation says");
    expect(proveEdited(({ phases }) => void phases[0]?.steps[0]?.revert.reverse()).code).toBe(3);
  });

  it("ends with 7 where nothing but the name of a tree or the digest was changed", () => {
    const renamed = proveEdited((plan) => {
      plan.from = "elsewhere";
    });
    expect(renamed.code).toBe(7);
    expect(renamed.stdout).toContain("Altered: edited.json");
    const resigned = proveEdited((plan) => {
      plan.digest = `sha256:${"0".repeat(64)}`;
    });
    expect(resigned.code).toBe(7);
  });

  it.each([
    ["half of it", (path: string) => writeFileSync(path, text.slice(0, text.length / 2))],
    ["binary", (path: string) => writeFileSync(path, Buffer.from([0, 255, 1, 254, 0]))],
    ["empty", (path: string) => writeFileSync(path, "")],
    ["another document", (path: string) => writeFileSync(path, '{"schemaVersion": 1}')],
  ])("ends with 7 and one message for a file that is %s", (_, damage) => {
    damage(join(folder, "damaged.json"));
    const { code, stdout, stderr } = pointsman(folder, ["prove", "damaged.json"]);
    expect(code).toBe(7);
    expect(stdout).toBe("");
    expect(stderr).toMatch(
      /^Error: Expected a plan file, found one that is damaged: .+\n {2}Where: damaged\.json\n {2}Next: {2}Make the plan again/,
    );
  });

  it("ends with 7 and one message for a file of 100 MB", () => {
    writeFileSync(join(folder, "large.json"), "");
    truncateSync(join(folder, "large.json"), 100_000_000);
    const { code, stderr } = pointsman(folder, ["prove", "large.json"]);
    expect(code).toBe(7);
    expect(stderr).toContain("large.json");
  });
});

describe("pointsman show", () => {
  it("prints the file as JSON, byte for byte", () => {
    const { code, stdout } = pointsman(folder, ["show", "plan.json", "--json"]);
    expect(code).toBe(0);
    expect(stdout).toBe(text);
  });

  it("shows an altered plan, and ends with 7", () => {
    writeFileSync(join(folder, "altered.json"), text.replace('"from": "wide"', '"from": "narrow"'));
    const { code, stdout } = pointsman(folder, ["show", "altered.json"]);
    expect(code).toBe(7);
    expect(stdout).toContain("Plan for inc-0004: narrow -> fixed");
  });
});

describe("pointsman plan", () => {
  it("plans from one snapshot directory to another", () => {
    const run = pointsman(folder, [
      "plan",
      "--snapshot",
      "snapshots/stale-redirect",
      "--to-snapshot",
      "snapshots/stale-redirect",
    ]);
    expect(run.code).toBe(0);
    expect(run.stdout).toContain("Nothing to do");
  });

  it("writes nothing where there is no plan", () => {
    const args = [
      "plan",
      "--fleet",
      "pointsman.yaml",
      "--from",
      "before",
      "--to",
      "wide",
      "-o",
      "none.json",
      "--runbook",
      "none.md",
    ];
    expect(pointsman(folder, args).code).toBe(3);
    expect(existsSync(join(folder, "none.json"))).toBe(false);
    expect(existsSync(join(folder, "none.md"))).toBe(false);
  });

  it.each([
    [
      ["--fleet", "pointsman.yaml", "--from", "before"],
      "Expected `--from` and `--to` with `--fleet`, found only `--from`.",
    ],
    [["--snapshot", "a"], "Expected a fleet with two trees or two snapshots, found only `--snapshot`."],
    [[], "Expected a fleet with two trees or two snapshots, found none of them."],
  ])("asks for both ends: %j", (args, message) => {
    const { code, stderr } = pointsman(folder, ["plan", ...args]);
    expect(code).toBe(64);
    expect(stderr).toContain(message);
  });
});
