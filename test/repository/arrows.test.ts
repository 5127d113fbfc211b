import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT } from "./root.js";

/** A source tree in which each file breaks one rule, and the rule that must name it. */
const VIOLATIONS: readonly { readonly file: string; readonly text: string; readonly rule: string }[] = [
  { file: "src/ip/up.ts", text: 'import "#model/index.js";', rule: "arrows-of-ip" },
  { file: "src/model/up.ts", text: 'import type { X } from "#dataplane/index.js";', rule: "arrows-of-model" },
  { file: "src/formats/uci/up.ts", text: 'import "#dataplane/index.js";', rule: "arrows-of-formats" },
  { file: "src/dataplane/up.ts", text: 'import "#checks/index.js";', rule: "arrows-of-dataplane" },
  { file: "src/checks/up.ts", text: 'import "#plan/index.js";', rule: "arrows-of-checks" },
  { file: "src/plan/up.ts", text: 'import "#prove/index.js";', rule: "arrows-of-plan" },
  { file: "src/prove/up.ts", text: 'import "#plan/index.js";', rule: "arrows-of-prove" },
  { file: "src/rollout/up.ts", text: 'import "#transport/index.js";', rule: "arrows-of-rollout" },
  { file: "src/probe/up.ts", text: 'import "#plan/index.js";', rule: "arrows-of-probe" },
  { file: "src/diagnose/up.ts", text: 'import "#plan/index.js";', rule: "arrows-of-diagnose" },
  { file: "src/transport/up.ts", text: 'import "#model/index.js";', rule: "arrows-of-transport" },
  {
    file: "src/transport/value.ts",
    text: 'import { x } from "#rollout/index.js"; x;',
    rule: "ports-are-types",
  },
  { file: "src/lab/up.ts", text: 'import "#plan/index.js";', rule: "arrows-of-lab" },
  { file: "src/report/up.ts", text: 'import "#app/index.js";', rule: "arrows-of-report" },
  { file: "src/app/up.ts", text: 'import "#cli/index.js";', rule: "arrows-of-app" },
  { file: "src/cli/up.ts", text: 'import "#model/index.js";', rule: "arrows-of-cli" },
  { file: "src/server/up.ts", text: 'import "#model/index.js";', rule: "arrows-of-server" },
  { file: "src/model/io.ts", text: 'import "node:fs";', rule: "pure-folders-have-no-io" },
  { file: "src/prove/io.ts", text: 'import "child_process";', rule: "pure-folders-have-no-io" },
  { file: "src/model/deep.ts", text: 'import "../ip/inside.js";', rule: "through-the-index" },
  {
    file: "src/formats/uci/cousin.ts",
    text: 'import "#formats/k3s/index.js";',
    rule: "dialects-stand-alone",
  },
  { file: "src/formats/yaml/up.ts", text: 'import "#formats/uci/index.js";', rule: "dialects-stand-alone" },
  { file: "src/formats/registry.ts", text: 'import "./uci/up.js";', rule: "formats-index-through-the-index" },
  { file: "src/ip/tested.ts", text: 'import "../../test/fixture.js";', rule: "src-without-tests" },
  { file: "src/model/package.ts", text: 'import "yaml";', rule: "packages-of-model" },
  { file: "src/utils/index.ts", text: 'import "#ip/index.js";', rule: "unknown-folders-import-nothing" },
  { file: "src/ip/uses-unknown.ts", text: 'import "#utils/index.js";', rule: "only-known-folders" },
  { file: "src/ip/circle-back.ts", text: 'import "./circle.js";', rule: "no-cycles" },
  { file: "src/ip/alone.ts", text: "export const x = 1;", rule: "no-orphans" },
  { file: "src/ip/lost.ts", text: 'import "./nowhere.js";', rule: "everything-resolves" },
  { file: "test/deep.ts", text: 'import "../src/ip/inside.js";', rule: "tests-through-the-index" },
  { file: "web/page.ts", text: 'import "#app/index.js";', rule: "web-through-types" },
  { file: "web/value.ts", text: 'import { x } from "#server/index.js"; x;', rule: "web-through-types-only" },
];

const FOLDERS = [
  ...[
    "ip",
    "model",
    "dataplane",
    "checks",
    "plan",
    "prove",
    "rollout",
    "probe",
    "diagnose",
    "transport",
    "lab",
  ],
  ...["report", "app", "cli", "server", "formats", "formats/uci", "formats/k3s", "formats/yaml"],
];

interface Violation {
  readonly from: string;
  readonly rule: { readonly name: string };
}

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "pointsman-arrows-"));
  for (const name of ["package.json", "tsconfig.json", ".dependency-cruiser.cjs"])
    cpSync(join(ROOT, name), join(folder, name));
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), `${text}\n`);
}

function cruise(): readonly Violation[] {
  const cruiser = join(ROOT, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs");
  const args = [
    cruiser,
    "--config",
    ".dependency-cruiser.cjs",
    "--output-type",
    "json",
    "src",
    "test",
    "web",
  ];
  const done = spawnSync(process.execPath, args, {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  const result: { readonly summary: { readonly violations: readonly Violation[] } } = JSON.parse(done.stdout);
  return result.summary.violations;
}

describe("The import arrows", () => {
  let violations: readonly Violation[];

  beforeAll(() => {
    for (const name of FOLDERS) write(`src/${name}/index.ts`, "export const x = 1;\nexport type X = 1;");
    write("src/ip/inside.ts", 'export { x } from "./index.js";');
    write("src/model/allowed.ts", 'import type { X } from "#ip/index.js";\nexport const y: X = 1;');
    write("src/model/allowed.test.ts", 'import "node:fs";\nimport "vitest";\nimport "./allowed.js";');
    write("src/formats/k3s/allowed.ts", 'import "#formats/yaml/index.js";\nimport "yaml";');
    write("src/formats/index.ts", 'export { x } from "./uci/index.js";');
    write("src/transport/allowed.ts", 'import type { X } from "#rollout/index.js";\nexport const y: X = 1;');
    write("src/cli/allowed.ts", 'import "commander";\nimport "#app/index.js";\nimport "node:fs";');
    write("src/ip/circle.ts", 'import "./circle-back.js";');
    write("test/fixture.ts", 'import "#ip/index.js";');
    for (const { file, text } of VIOLATIONS) write(file, text);
    violations = cruise();
  });

  it.each(VIOLATIONS)("$rule is broken by $file", ({ file, rule }) => {
    expect(
      violations.filter((violation) => violation.from === file).map((violation) => violation.rule.name),
    ).toContain(rule);
  });

  it.each([
    "src/model/allowed.ts",
    "src/model/allowed.test.ts",
    "src/formats/index.ts",
    "src/formats/k3s/allowed.ts",
    "src/transport/allowed.ts",
    "src/cli/allowed.ts",
    "test/fixture.ts",
  ])("nothing is broken by %s", (file) => {
    expect(violations.filter((violation) => violation.from === file)).toEqual([]);
  });
});
