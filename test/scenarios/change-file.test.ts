import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { pointsman, type Run } from "../cli/command-line.js";
import { buildPointsman } from "../repository/built.js";
import { ROOT } from "../repository/root.js";

let folder: string;

beforeAll(() => buildPointsman(), 120_000);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pointsman-change-file-"));
  cpSync(join(ROOT, "examples", "inc-0004"), folder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function run(line: string): Run {
  return pointsman(folder, line.split(" "));
}

const FROM = "--fleet pointsman.yaml --from before";

function writeChange(entry: string): void {
  writeFileSync(join(folder, "change.yaml"), `version: 1\nchanges:\n  - ${entry}\n`);
}

/** The files of a tree as text, by their paths. */
function filesOf(tree: string): Readonly<Record<string, string>> {
  const paths = readdirSync(join(folder, tree), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    paths.map((path) => [path.slice(join(folder, tree).length + 1), readFileSync(path, "utf8")]),
  );
}

describe("A change file of the incident", () => {
  it("has a diff that `git apply` takes, after which there is nothing left to do", () => {
    const { code, stdout } = run(`edit ${FROM} --change changes/fixed.yaml --diff`);
    expect(code).toBe(0);
    const applied = spawnSync("git", ["apply"], { cwd: join(folder, "before"), input: stdout });
    expect(applied.stderr.toString()).toBe("");
    const again = run(`edit ${FROM} --change changes/fixed.yaml`);
    expect(again.code).toBe(0);
    expect(again.stdout).toBe(
      "Edits for changes/fixed.yaml on before\n\nNothing to do: the configuration says all of this already.\n",
    );
    const left = run("plan --fleet pointsman.yaml --from before --to fixed");
    expect(left.stdout).toContain("Nothing to do: both sides hold the same.");
  });

  it("touches only the lines that say something else, and leaves comments", () => {
    const { stdout } = run(`edit ${FROM} --change changes/wide.yaml --diff`);
    const changed = stdout.split("\n").filter((line) => /^[-+][^-+]/.test(line));
    expect(changed).toHaveLength(16);
    expect(new Set(changed.map((line) => line.replace(/"(?:10\.10\.0\.[2-5]|en\w+)"/g, '"_"')))).toEqual(
      new Set([
        '-        { address = "_"; prefixLength = 16; }',
        '+        { address = "_"; prefixLength = 8; }',
        '-    defaultGateway = { address = "10.10.0.1"; interface = "_"; };',
        '+    defaultGateway = { address = "10.0.0.1"; interface = "_"; };',
      ]),
    );
  });

  it.each([
    ["fixed", 0],
    ["wide", 3],
  ])(
    "is planned as the tree `%s` is, which says the same",
    (target, expected) => {
      const outcome = (line: string): unknown => {
        const { code, stdout } = run(`plan ${FROM} ${line} --json`);
        const { result, phases, findings } = JSON.parse(stdout);
        return { code, result, phases, rules: rulesOf(findings ?? []) };
      };
      const change = outcome(`--change changes/${target}.yaml`);
      expect(change).toMatchObject({ code: expected });
      expect(change).toEqual(outcome(`--to ${target}`));
    },
    90_000,
  );

  it("is shown as a diff before its plan", () => {
    const { code, stdout } = run(`plan ${FROM} --change changes/fixed.yaml -o plan.json`);
    expect(code).toBe(0);
    expect(stdout).toContain(
      '+        { address = "10.20.0.0"; prefixLength = 16; via = "10.0.0.1"; options.onlink = ""; }',
    );
    expect(stdout.indexOf("+++ b/machines/nl-k8s-01/networking.nix")).toBeLessThan(
      stdout.indexOf("before -> changes/fixed.yaml"),
    );
    expect(run("prove plan.json").code).toBe(0);
  });

  it("is written out as a tree that can be planned to, and never over files that are there", () => {
    expect(run(`edit ${FROM} --change changes/fixed.yaml -o wanted`).code).toBe(0);
    // The fleet of the lab has files of its own in the same tree.
    const ofThisFleet = Object.keys(filesOf("before")).filter((path) => !/-lab$|operator/.test(path));
    expect(Object.keys(filesOf("wanted"))).toEqual(ofThisFleet);
    expect(run("plan --fleet pointsman.yaml --from wanted --to fixed").stdout).toContain("Nothing to do");
    const again = run(`edit ${FROM} --change changes/wide.yaml -o wanted`);
    expect(again.code).toBe(64);
    expect(again.stderr).toContain("Expected a new or empty folder to write to, found one with files.");
  });

  it("changes NixOS, interfaces(5), UCI and the flags of k3s in one go", () => {
    writeChange("{ hosts: all, renumber: { from: 10.10.0.0/16, to: 10.30.0.0/16 } }");
    const { code, stdout } = run(`edit ${FROM} --change change.yaml --json`);
    expect(code).toBe(0);
    const { files, notes } = JSON.parse(stdout);
    expect(notes).toEqual([]);
    expect(files.map(({ path }: { path: string }) => path)).toEqual([
      ...[1, 2, 3, 4].flatMap((number) => [
        `machines/nl-k8s-0${number}/k3s.nix`,
        `machines/nl-k8s-0${number}/networking.nix`,
      ]),
      "machines/r5c/network",
    ]);
    expect(files.at(-1).diff).toContain("-\tlist ipaddr '10.10.0.1/16'\n+\tlist ipaddr '10.30.0.1/16'\n");
    expect(files[1].diff).toContain(
      '+    defaultGateway = { address = "10.30.0.1"; interface = "enp1s0"; };',
    );
    expect(files[2].diff).toContain('+    serverAddr = "https://10.30.0.2:6443";');
  });
});

describe("An edit that is refused", () => {
  it("ends with 3, says what to write by hand, and still shows what other hosts need", () => {
    const module = join(folder, "before/machines/nl-k8s-01/networking.nix");
    writeFileSync(module, readFileSync(module, "utf8").replace("prefixLength = 16", "prefixLength = 8 + 8"));
    const { code, stdout } = run(`edit ${FROM} --change changes/wide.yaml -o wanted`);
    expect(code).toBe(3);
    expect(existsSync(join(folder, "wanted"))).toBe(false);
    expect(stdout).toContain(`before/machines/nl-k8s-01/networking.nix:11:9: refused: nl-k8s-01
  Expected a plain line for \`10.10.0.2/8 on enp1s0\`, found \`{ address = "10.10.0.2"; prefixLength = 8 + 8; }\`, which code computes in part.
  By hand: Write \`{ address = "10.10.0.2"; prefixLength = 8; }\` for \`enp1s0\` by hand, or make the value literal and ask again.
`);
    expect(stdout).toContain("+++ b/machines/nl-k8s-02/networking.nix");
    expect(stdout).not.toContain("+++ b/machines/nl-k8s-01/networking.nix");
    const planned = run(`plan ${FROM} --change changes/wide.yaml`);
    expect(planned.code).toBe(3);
    expect(planned.stdout).toBe(stdout);
  });
});

describe("The command line of change files", () => {
  it.each([
    [
      `plan --change changes/wide.yaml`,
      "Expected `--fleet`, `--from` and `--change` alone, found only `--change`.",
    ],
    [
      `plan ${FROM} --to wide --change changes/wide.yaml`,
      "Expected `--fleet`, `--from` and `--change` alone, found `--fleet` `--from` `--to` with `--change`.",
    ],
    [`edit ${FROM} --change changes/wide.yaml --diff --json`, "Expected `--diff` or `--json`, found both."],
    [`edit ${FROM} --change changes/wid.yaml`, "Expected a change file, found nothing of this name."],
  ])("says of `%s` what was expected", (line, message) => {
    const { code, stderr } = run(line);
    expect(code).toBe(64);
    expect(stderr).toContain(message);
  });
});

function rulesOf(findings: readonly { readonly rule: string; readonly host: string }[]): unknown {
  return findings.map(({ rule, host }) => [rule, host]);
}
