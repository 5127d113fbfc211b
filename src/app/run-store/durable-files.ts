import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";

/** Root's business alone: configuration files hold secrets. */
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

/** Makes a folder and those above it; what was made is on disk afterwards. */
export function makeFolder(path: string): void {
  // One by one: `recursive` of Node tries for ever where the kernel says ENOENT below a folder that is there, as in /proc.
  if (existsSync(path) && statSync(path).isDirectory()) return;
  if (dirname(path) !== path) makeFolder(dirname(path));
  try {
    mkdirSync(path, { mode: FOLDER_MODE });
  } catch (error) {
    // Another process may have made it meanwhile.
    if (isCode(error, "EEXIST") && statSync(path).isDirectory()) return;
    throw error;
  }
  syncFolder(dirname(path));
}

/** Puts a folder's entries on disk; fsync(2): syncing a file does not. */
export function syncFolder(path: string): void {
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** Writes a file whole or not at all, in the place of one that is there; it is on disk afterwards. */
export function replaceFile(path: string, text: string): void {
  const fresh = writeBeside(path, text);
  renameSync(fresh, path);
  syncFolder(dirname(path));
}

/** Writes a file whole where none is; false: there is one, and it is as it was. */
export function createFile(path: string, text: string): boolean {
  const fresh = writeBeside(path, text);
  try {
    linkSync(fresh, path);
    syncFolder(dirname(path));
    return true;
  } catch (error) {
    if (isCode(error, "EEXIST")) return false;
    throw error;
  } finally {
    unlinkSync(fresh);
  }
}

let written = 0;

function writeBeside(path: string, text: string): string {
  written += 1;
  const fresh = join(dirname(path), `.fresh-${process.pid}-${written}`);
  const file = openSync(fresh, "w", FILE_MODE);
  try {
    const bytes = Buffer.from(text, "utf8");
    for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
    fsyncSync(file);
  } catch (error) {
    unlinkSync(fresh);
    throw error;
  } finally {
    closeSync(file);
  }
  return fresh;
}

/** Whether an error is one of the system with this code, such as `ENOENT`. */
export function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
