import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { pointsman, type Run } from "../cli/command-line.js";
import { writeFiles } from "../cli/snapshot-files.js";
import { buildPointsman } from "../repository/built.js";
import { ROOT } from "../repository/root.js";

const folder = mkdtempSync(join(tmpdir(), "lab-verbs-"));
const env = { POINTSMAN_LAB_LABEL: "lvb", POINTSMAN_LAB_FOLDER: join(folder, "labs") };

function lab(...args: readonly string[]): Run {
  return pointsman(folder, ["lab", ...args], env);
}

beforeAll(() => {
  buildPointsman();
  writeFiles(folder, { "pointsman.yaml": fleetText(), ...Object.fromEntries(HOSTS.map(networkFile)) });
  const up = lab("up", "--fleet", "pointsman.yaml", "--from", ".", "--netns", "--name", "v");
  expect(up).toMatchObject({ code: 0, stderr: "" });
}, 120_000);

afterAll(() => {
  expect(lab("down", "--all").code).toBe(0);
  rmSync(folder, { recursive: true, force: true });
});

const HOSTS = ["h1", "h2", "r1"] as const;

/** Three hosts on one segment. */
function fleetText(): string {
  const hosts = HOSTS.map((host) => `  ${host}: { os: debian, configuration: [{ networkd: ${host} }] }`);
  const ports = HOSTS.map((host) => `{ host: ${host}, link: e0 }`);
  return `version: 1\nname: three\nhosts:\n${hosts.join("\n")}\nsegments:\n  wire: { ports: [${ports.join(", ")}] }\n`;
}

function networkFile(host: string, index: number): readonly [string, string] {
  return [`${host}/e0.network`, `[Match]\nName=e0\n\n[Network]\nAddress=10.0.0.${index + 1}/24\n`];
}

function running(): unknown {
  const printed: unknown = JSON.parse(lab("list", "--json").stdout);
  const schema = readFileSync(join(ROOT, "schemas/lab-list.schema.json"), "utf8");
  z.fromJSONSchema(JSON.parse(schema)).parse(printed);
  const { labs } = z.object({ labs: z.array(z.object({ running: z.array(z.string()) })) }).parse(printed);
  return labs[0]?.running;
}

it("takes a host's power and gives it back, as the list says in the form of its schema", () => {
  expect(lab("kill", "v", "h2")).toMatchObject({ code: 0, stdout: "", stderr: "" });
  expect(running()).toEqual(["h1", "r1"]);
  expect(lab("reboot", "v", "h2")).toMatchObject({
    code: 64,
    stderr: expect.stringContaining("Start it with `pointsman lab start`."),
  });
  expect(lab("freeze", "v", "h2")).toMatchObject({
    code: 64,
    stderr: expect.stringContaining("it has no power"),
  });
  expect(lab("start", "v", "h2").code).toBe(0);
  expect(running()).toEqual(["h1", "h2", "r1"]);
});

it("boots a host again, which has another boot id then", () => {
  const boot = (): string => lab("exec", "v", "h2", "--", "cat", "/proc/sys/kernel/random/boot_id").stdout;
  const before = boot();
  expect(lab("reboot", "v", "h2").code).toBe(0);
  expect(boot()).not.toBe(before);
});

it("lets a host hang and go on, and slows it down for a while", () => {
  expect(lab("freeze", "v", "h2").code).toBe(0);
  expect(lab("thaw", "v", "h2").code).toBe(0);
  expect(lab("slow", "v", "h2", "20").code).toBe(0);
  expect(lab("exec", "v", "h2", "--", "true").code).toBe(0);
  expect(lab("slow", "v", "h2", "off").code).toBe(0);
});

it("loses all frames of a cable until it is healed", () => {
  const ping = (): number | null => lab("exec", "v", "h1", "--", "ping", "-c1", "-W1", "10.0.0.2").code;
  expect(lab("loss", "v", "h2", "e0", "100").code).toBe(0);
  expect(ping()).toBe(1);
  expect(lab("heal", "v", "h2", "e0").code).toBe(0);
  expect(ping()).toBe(0);
});

it.each([
  [["slow", "v", "h2", "0"], "Expected a percentage from 1 to 100 or `off`, found `0`."],
  [["loss", "v", "h2", "e0", "30%"], "Expected a percentage from 1 to 100, found `30%`."],
  [["kill", "v", "h9"], "Expected a host of the lab `v`, found `h9`."],
  [["thaw", "w", "h1"], "Expected a lab named `w`, found none."],
])("says what was expected and found for %j", (args, message) => {
  const run = lab(...args);
  expect([run.code, run.stdout]).toEqual([64, ""]);
  expect(run.stderr).toContain(`Error: ${message}\n  Next:  `);
});
