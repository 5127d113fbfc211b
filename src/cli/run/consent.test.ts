import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { plan, renderPlanFile } from "#app/index.js";
import { PLAIN } from "#report/index.js";
import { snapshotFiles, writeFiles } from "../../../test/cli/snapshot-files.js";
import { TestTerminal } from "../../../test/cli/test-terminal.js";
import { exampleProgram } from "../../../test/run-examples.js";
import { consent } from "./consent.js";
import { openProgress } from "./progress.js";
import { TerminalWishes } from "./wishes.js";

let folder: string;
let path: string;
let digest: string;
let terminal: TestTerminal;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "pointsman-consent-"));
  path = join(folder, "plan.json");
  for (const name of ["now", "then"]) writeFiles(join(folder, name), snapshotFiles());
  const snapshot = (name: string): { kind: "snapshot"; directory: string } => ({
    kind: "snapshot",
    directory: join(folder, name),
  });
  const made = plan({
    from: snapshot("now"),
    to: snapshot("then"),
    names: { from: "now", to: "then" },
    strategy: "auto",
    version: "0",
    overridesChecks: false,
  });
  if (!made.ok || made.value.file === null) throw new Error("there is no plan to agree to");
  writeFileSync(path, renderPlanFile(made.value.file));
  digest = made.value.file.digest;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => {
  terminal = new TestTerminal();
});

const WARNING = { name: "console", outcome: "warning", detail: "none for n1", hint: "Note one." } as const;

async function mayBegin(isGiven: boolean, planDigest = digest): Promise<boolean> {
  const isSilent = terminal.answers.length === 0;
  const progress = openProgress(terminal);
  const none = (): void => undefined;
  const wishes = new TerminalWishes({
    terminal,
    progress,
    hasBegun: () => false,
    onLeaving: none,
    quit: none,
  });
  const watch = { progress, ask: wishes.ask, isInterrupted: () => wishes.wish() !== "go-on" };
  const asked = consent({ path, isGiven, watch, style: PLAIN })({ ...exampleProgram(), planDigest }, [
    WARNING,
  ]);
  if (isSilent && terminal.questions.length > 0) terminal.send("SIGINT");
  return asked.finally(() => wishes.close());
}

describe("Consent to a run", () => {
  it("names what the plan reaches and wants the beginning of its digest", async () => {
    terminal.answers.push(digest.slice("sha256:".length, "sha256:".length + 8));
    expect(await mayBegin(false)).toBe(true);
    expect(terminal.text()).toBe(
      `warning: console: none for n1\n  Next: Note one.\nThis changes 0 of 3 hosts, nothing stands still.\nPlan ${digest}.\n`,
    );
    expect(terminal.questions).toEqual([
      "Type the first 8 characters of the digest, behind `sha256:`, to begin: ",
    ]);
  });

  it("takes the whole digest as well", async () => {
    terminal.answers.push(digest);
    expect(await mayBegin(false)).toBe(true);
  });

  it.each(["yes", "", "y", "0"])("is not given by `%s`", async (answer) => {
    terminal.answers.push(answer);
    expect(await mayBegin(false)).toBe(false);
    expect(terminal.text()).toMatch(/\nThat is not the beginning of the digest\.\n$/);
  });

  it("is not given by an interrupt", async () => {
    expect(await mayBegin(false)).toBe(false);
    expect(terminal.text()).toMatch(/\nInterrupted: nothing was changed yet, and nothing will be\.\n$/);
  });

  it("is not asked for again where it was given beforehand, and what was not fine is shown all the same", async () => {
    expect(await mayBegin(true)).toBe(true);
    expect(terminal.questions).toEqual([]);
    expect(terminal.text()).toBe("warning: console: none for n1\n  Next: Note one.\n");
  });

  it("is not asked for a plan that is no longer the one that was checked", async () => {
    expect(await mayBegin(false, "sha256:another")).toBe(false);
    expect(terminal.questions).toEqual([]);
    expect(terminal.text()).toMatch(
      /\nExpected the plan that was checked, found that the file has changed meanwhile\.\n$/,
    );
  });
});
