import { spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Journal } from "#rollout/index.js";
import { BEGIN, describeJournal, note } from "../../../test/contract/journal-contract.js";
import { makeScratch } from "../../../test/run/incident-plan.js";
import { continueFileJournal, createFileJournal, cutTornTail, readFileJournal } from "./file-journal.js";

const now = (): string => "2026-11-23T03:15:00.000Z";

function open(path: string): Journal {
  const opened = continueFileJournal({ path, now });
  if (!opened.ok) throw new Error(opened.error.problem);
  return opened.value;
}

describeJournal("a file", async () => {
  const scratch = makeScratch();
  const path = join(scratch.path, "journal.ndjson");
  return {
    journal: createFileJournal({ path, now }),
    reopen: async () => open(path),
    remove: scratch.remove,
  };
});

function scratchPath(): string {
  const scratch = makeScratch();
  onTestFinished(scratch.remove);
  return join(scratch.path, "journal.ndjson");
}

/** A journal of three entries. */
async function written(): Promise<{ readonly path: string; readonly journal: Journal }> {
  const path = scratchPath();
  const journal = createFileJournal({ path, now });
  for (const entry of [BEGIN, note("one"), note("two")]) await journal.append(entry);
  return { path, journal };
}

describe("The journal's file", () => {
  it("is read by its owner alone and has one line for each entry", async () => {
    const { path } = await written();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, "utf8").split("\n")).toHaveLength(4);
  });

  it("of a new run must not be there", async () => {
    const { path } = await written();
    expect(() => createFileJournal({ path, now })).toThrow(/EEXIST/);
  });

  it("is refused with the number of the entry that was edited, and not touched", async () => {
    const { path } = await written();
    writeFileSync(path, readFileSync(path, "utf8").replace("one", "won"));
    const before = readFileSync(path, "utf8");
    const opened = continueFileJournal({ path, now });
    expect(opened.ok ? null : opened.error).toMatchObject({ kind: "altered", entry: 2 });
    expect(cutTornTail(path)).toBe(0);
    expect(readFileSync(path, "utf8")).toBe(before);
  });

  it("loses exactly the line that a crash left unfinished, and only when that is asked for", async () => {
    const { path } = await written();
    const whole = readFileSync(path, "utf8");
    appendFileSync(path, '{"kind":"no');
    const opened = continueFileJournal({ path, now });
    expect(opened.ok ? null : opened.error).toMatchObject({ kind: "torn", entry: 4 });
    expect(cutTornTail(path)).toBe(11);
    expect(readFileSync(path, "utf8")).toBe(whole);
    await open(path).append(note("three"));
    expect(readFileJournal(path)).toMatchObject({ ok: true });
  });

  it("takes nothing more once another program wrote to it", async () => {
    const { path, journal } = await written();
    const size = statSync(path).size;
    truncateSync(path, size - 1);
    await expect(journal.append(note("three"))).rejects.toThrow(
      `Expected the journal \`${path}\` as it was left, found that another program wrote to it.`,
    );
    expect(journal.entries()).toHaveLength(3);
  });

  it("takes nothing more after an entry that could not be written, though the disk has room again", async () => {
    const { path, journal } = await written();
    const text = readFileSync(path);
    spawnSync("rm", ["-f", path]);
    mkdirSync(path);
    await expect(journal.append(note("three"))).rejects.toThrow(
      `Expected to write to the journal \`${path}\`, and the system refused it. (EISDIR)`,
    );
    spawnSync("rmdir", [path]);
    writeFileSync(path, text);
    await expect(journal.append(note("four"))).rejects.toThrow(
      `The journal \`${path}\` takes no more entries since one could not be written.`,
    );
    expect(readFileSync(path)).toEqual(text);
  });
});
