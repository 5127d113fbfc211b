import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createFile, isCode, makeFolder } from "./durable-files.js";

/** What a run keeps: `<state>/<fleet>/runs/<runId>/`. */
export interface RunFolder {
  readonly runId: string;
  readonly fleet: string;
  readonly path: string;
}

/** Where the lock of a fleet lies. */
export function lockFolderOf(stateFolder: string, fleet: string): string {
  return join(stateFolder, folderNameOf(fleet), "lock");
}

/** A fleet's name as the name of a folder: one with characters that folders do not take keeps what is left of it, and its own digits. */
function folderNameOf(fleet: string): string {
  const plain = encodeURIComponent(fleet)
    .replaceAll("*", "%2A")
    .replace(/^\.+/, (dots) => "%2E".repeat(dots.length));
  return plain === "" ? "%" : plain;
}

/** Makes the folder of a new run with what it starts from. */
export function createRunFolder(
  stateFolder: string,
  run: { readonly fleet: string; readonly runId: string },
  files: ReadonlyMap<string, string>,
): RunFolder {
  const folder = { ...run, path: join(stateFolder, folderNameOf(run.fleet), "runs", run.runId) };
  makeFolder(join(folder.path, "requests"));
  makeFolder(join(folder.path, "texts"));
  for (const [name, text] of files) createFile(join(folder.path, name), text);
  return folder;
}

/** The runs of one fleet, or of all, the one that began last at the end. */
export function listRuns(stateFolder: string, fleet: string | null): readonly RunFolder[] {
  const fleets = fleet === null ? namesIn(stateFolder) : [folderNameOf(fleet)];
  return fleets
    .flatMap((name) => {
      const runs = join(stateFolder, name, "runs");
      return namesIn(runs).map((runId) => ({ runId, fleet: nameOfFolder(name), path: join(runs, runId) }));
    })
    .sort((a, b) => (a.runId < b.runId ? -1 : 1));
}

function nameOfFolder(name: string): string {
  try {
    return name === "%" ? "" : decodeURIComponent(name);
  } catch {
    return name;
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => !name.startsWith("."));
  } catch (error) {
    if (isCode(error, "ENOENT") || isCode(error, "ENOTDIR")) return [];
    throw error;
  }
}

/** One of the run's own files, or null where it is not there. */
export function readRunFile(folder: RunFolder, name: string): string | null {
  try {
    return readFileSync(join(folder.path, name), "utf8");
  } catch (error) {
    if (isCode(error, "ENOENT")) return null;
    throw error;
  }
}

/** Keeps the new text of a configuration file until the run has ended, by its SHA-256 in hex: the journal has none. */
export function keepText(folder: RunFolder, sha256: string, text: string): void {
  createFile(join(folder.path, "texts", sha256), text);
}

/** A text that was kept, or null. */
export function keptText(folder: RunFolder, sha256: string): string | null {
  return /^[0-9a-f]{64}$/.test(sha256) ? readRunFile(folder, join("texts", sha256)) : null;
}

/** Forgets the texts of a run that has nothing left to write: they may hold secrets. */
export function forgetTexts(folder: RunFolder): void {
  rmSync(join(folder.path, "texts"), { recursive: true, force: true });
}
