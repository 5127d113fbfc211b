import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { NewJournalEntry } from "#rollout/index.js";
import { BEGIN, note } from "../../../test/contract/journal-contract.js";
import { makeScratch } from "../../../test/run/incident-plan.js";
import { createFileJournal } from "../run-store/file-journal.js";
import { takeLock } from "../run-store/file-lock.js";
import { isRequested } from "../run-store/requests.js";
import { createRunFolder, lockFolderOf, type RunFolder } from "../run-store/run-folder.js";
import { readRun, selectRun } from "./select-run.js";
import { runStatus } from "./status.js";
import { requestAbort, requestConfirm } from "./wishes.js";

const RUN = "20261123T031500Z-3f2a";

interface State {
  readonly stateFolder: string;
  readonly run: RunFolder;
}

async function state(entries: readonly NewJournalEntry[]): Promise<State> {
  const scratch = makeScratch();
  onTestFinished(scratch.remove);
  const run = createRunFolder(scratch.path, { fleet: "home", runId: RUN }, new Map());
  const journal = createFileJournal({
    path: join(run.path, "journal.ndjson"),
    now: () => "2026-11-23T03:15:00.000Z",
  });
  for (const entry of entries) await journal.append(entry);
  return { stateFolder: scratch.path, run };
}

describe("A run", () => {
  it("is the last one where none is named", async () => {
    const { stateFolder, run } = await state([BEGIN]);
    createRunFolder(stateFolder, { fleet: "home", runId: "20261122T031500Z-ffff" }, new Map());
    expect(selectRun({ stateFolder, fleetPath: null, run: null })).toEqual({ ok: true, value: run });
    expect(selectRun({ stateFolder, fleetPath: null, run: RUN })).toEqual({ ok: true, value: run });
  });

  it("must be there", async () => {
    const { stateFolder } = await state([BEGIN]);
    const none = selectRun({ stateFolder: join(stateFolder, "none"), fleetPath: null, run: null });
    expect(none.ok ? "" : `${none.error.message} ${none.error.hint}`).toBe(
      "Expected a run, found none. Begin one with `pointsman apply PLAN`, or name the folder where runs are kept with `--state DIR`.",
    );
    const other = selectRun({ stateFolder, fleetPath: null, run: "r9" });
    expect(other.ok ? "" : `${other.error.message} ${other.error.hint}`).toBe(
      `Expected a run of the state folder, found \`r9\`. The last ones are \`${RUN}\`.`,
    );
  });

  it("is known by its journal, which must be whole", async () => {
    const { run } = await state([BEGIN, note("one")]);
    const path = join(run.path, "journal.ndjson");
    const read = readRun(run);
    expect(read.ok && read.value.program.runId).toBe(RUN);
    appendFileSync(path, "{");
    const torn = readRun(run);
    expect(torn.ok ? null : torn.error).toEqual({
      kind: "altered",
      message:
        "Entry 3: expected a whole line, found 1 byte without a line feed: the controller ended while it wrote.",
      where: path,
      more: [],
      hint: "Nothing that entry 3 announces was done. `pointsman resume --repair-journal` cuts it off and goes on from the entry before.",
    });
    writeFileSync(path, "");
    expect(readRun(run).ok).toBe(false);
  });

  it("without a journal was not begun", async () => {
    const { stateFolder } = await state([BEGIN]);
    const bare = createRunFolder(stateFolder, { fleet: "home", runId: "bare" }, new Map());
    const read = readRun(bare);
    expect(read.ok ? "" : read.error.message).toBe("Expected the journal of the run, found none.");
  });
});

describe("The status of a run", () => {
  it("says how it ended and who works on it", async () => {
    const { stateFolder } = await state([BEGIN, note("one")]);
    const request = { stateFolder, fleetPath: null, run: null, reach: null, asksHosts: false };
    const idle = await runStatus(request);
    expect(idle.ok && idle.value).toMatchObject({ runId: RUN, outcome: null, controller: null, hosts: [] });
    const lock = takeLock(lockFolderOf(stateFolder, "home"), RUN);
    if (lock.kind !== "held") throw new Error("not held");
    const busy = await runStatus(request);
    expect(busy.ok && busy.value.controller?.pid).toBe(process.pid);
    lock.lock.release();
  });

  it("cannot ask hosts where nobody noted how they are reached", async () => {
    const { stateFolder } = await state([BEGIN]);
    const asked = await runStatus({ stateFolder, fleetPath: null, run: null, reach: null, asksHosts: true });
    expect(asked.ok ? "" : asked.error.message).toBe(
      `Expected to know how the hosts of run \`${RUN}\` are reached, found no note of it.`,
    );
  });
});

describe("Wishes for a run", () => {
  it("are left in its folder, and whether somebody is there to hear them is said", async () => {
    const { stateFolder, run } = await state([BEGIN]);
    const selection = { stateFolder, fleetPath: null, run: null };
    expect(await requestAbort(selection)).toEqual({
      ok: true,
      value: { runId: RUN, folder: run.path, isHeard: false },
    });
    expect(isRequested(run, { kind: "abort" })).toBe(true);
    const lock = takeLock(lockFolderOf(stateFolder, "home"), RUN);
    const heard = await requestAbort(selection);
    expect(heard.ok && heard.value.isHeard).toBe(true);
    if (lock.kind === "held") lock.lock.release();
  });

  it("are refused for a run that has ended, and a confirmation before anything has begun", async () => {
    const ended = await state([BEGIN, { kind: "end", outcome: { kind: "done" } }]);
    const late = await requestAbort({ stateFolder: ended.stateFolder, fleetPath: null, run: null });
    expect(late.ok ? "" : late.error.message).toBe(
      `Expected a run that goes on, found that \`${RUN}\` has ended: done.`,
    );
    const fresh = await state([BEGIN]);
    const early = await requestConfirm({ stateFolder: fresh.stateFolder, fleetPath: null, run: null });
    expect(early.ok ? "" : early.error.message).toBe(
      `Expected a phase of \`${RUN}\` that waits for a confirmation, found none that has begun.`,
    );
  });
});
