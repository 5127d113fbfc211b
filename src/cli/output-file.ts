import { randomBytes } from "node:crypto";
import { existsSync, realpathSync, rmSync, statSync } from "node:fs";
import { type FileHandle, open, rename } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { CommandFailure, usageFailure } from "./command-failure.js";
import { EXIT } from "./exit-code.js";
import { printTo } from "./print.js";

/**
 * Writes a file that is complete or not there: beside it first, then in its place by one rename. An interrupt removes
 * what was begun. What is no plain file (a pipe, /dev/null) is written into.
 */
export async function writeOutputFile(file: string, pieces: Iterable<string>): Promise<void> {
  try {
    if (isSpecial(file)) return await writeInto(await open(file, "w"), pieces);
    await replaceFile(existsSync(file) ? realpathSync(file) : file, pieces);
  } catch (error) {
    throw asFailure(error, file);
  }
}

async function replaceFile(target: string, pieces: Iterable<string>): Promise<void> {
  const fresh = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString("hex")}.part`);
  const mode = existsSync(target) ? statSync(target).mode & 0o777 : 0o666;
  const onInterrupt = (): void => {
    rmSync(fresh, { force: true });
    process.exit(EXIT.interrupted);
  };
  process.on("SIGINT", onInterrupt);
  process.on("SIGTERM", onInterrupt);
  try {
    await writeInto(await open(fresh, "wx", mode), pieces);
    await rename(fresh, target);
  } finally {
    rmSync(fresh, { force: true });
    process.off("SIGINT", onInterrupt);
    process.off("SIGTERM", onInterrupt);
  }
}

async function writeInto(handle: FileHandle, pieces: Iterable<string>): Promise<void> {
  try {
    await printTo({ write: (text) => handle.writeFile(text) }, pieces);
    if ((await handle.stat()).isFile()) await handle.sync();
  } finally {
    await handle.close();
  }
}

function isSpecial(file: string): boolean {
  if (!existsSync(file)) return false;
  const stats = statSync(file);
  return !stats.isFile() && !stats.isDirectory();
}

const PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: "no such folder",
  ENOTDIR: "a file in the place of a folder",
  EISDIR: "a folder in its place",
  EACCES: "that access is denied",
  EPERM: "that access is denied",
  ENXIO: "a pipe or socket that nobody reads",
  ELOOP: "a symbolic link that leads back to itself",
  ENAMETOOLONG: "a name that no file can have",
  EROFS: "a file system that cannot be written to",
  ENOSPC: "no space left on the disk",
};

function asFailure(error: unknown, file: string): unknown {
  if (error instanceof CommandFailure || !(error instanceof Error) || !("code" in error)) return error;
  const problem = PROBLEMS[String(error.code)];
  if (problem === undefined) return error;
  return usageFailure(
    `Expected to write the result, found ${problem}.`,
    "Name a file in a folder that is there and writable; nothing was written.",
    file,
  );
}
