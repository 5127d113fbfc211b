import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildPointsman } from "../repository/built.js";
import { pointsman } from "./command-line.js";

let folder: string;

/** Two hosts of one prefix, on the segments that are said. */
function fleet(segments: Readonly<Record<string, readonly string[]>>): string {
  const hosts = ["a", "b"].map(
    (name) =>
      `  ${name}:\n    role: node\n    os: debian\n    configuration:\n      - ifupdown: ${name}/interfaces\n`,
  );
  const wiring = Object.entries(segments).map(
    ([name, ports]) =>
      `  ${name}:\n    ports:\n${ports.map((host) => `      - { host: ${host}, link: eth0 }\n`).join("")}`,
  );
  return `version: 1\nname: house\nhosts:\n${hosts.join("")}segments:\n${wiring.join("")}`;
}

beforeAll(() => {
  buildPointsman();
  folder = mkdtempSync(join(tmpdir(), "pointsman-wiring-"));
  for (const [index, name] of ["a", "b"].entries()) {
    mkdirSync(join(folder, "tree", name), { recursive: true });
    const text = `auto eth0\niface eth0 inet static\n\taddress 10.10.0.${index + 1}/16\n`;
    writeFileSync(join(folder, "tree", name, "interfaces"), text);
  }
  writeFileSync(join(folder, "now.yaml"), fleet({ upstairs: ["a"], downstairs: ["b"] }));
  writeFileSync(join(folder, "wanted.yaml"), fleet({ house: ["a", "b"] }));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ENDS = ["plan", "--fleet", "now.yaml", "--from", "tree", "--to-fleet", "wanted.yaml", "--to", "tree"];

describe("pointsman plan --to-fleet", () => {
  it("plans a cable between two segments as a step by hand, and proves it again", () => {
    const { code, stdout, stderr } = pointsman(folder, [...ENDS, "-o", "plan.json", "--runbook", "plan.md"]);
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(stdout).toContain(
      "  cable upstairs - downstairs\n    # by hand: join segment `downstairs` to segment `upstairs`",
    );
    expect(stdout).toContain("    back: # by hand: cut segment `downstairs` off segment `upstairs`");
    expect(readFileSync(join(folder, "plan.md"), "utf8")).toContain(
      "- [ ] At the switch: Join segment `downstairs` to segment `upstairs`.",
    );
    expect(pointsman(folder, ["prove", "plan.json"]).code).toBe(0);
  });

  it("is no part of a plan from snapshots or of a change file", () => {
    const { code, stderr } = pointsman(folder, ["plan", "--to-fleet", "wanted.yaml", "--snapshot", "x"]);
    expect(code).toBe(64);
    expect(stderr).toContain("found only `--to-fleet` `--snapshot`");
  });
});
