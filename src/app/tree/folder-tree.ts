import { type Dirent, readdirSync, readFileSync, realpathSync, type Stats, statSync } from "node:fs";
import { join, posix } from "node:path";
import { type ConfigurationTree, err, ok, type Result } from "#model/index.js";
import { type Failure, InputError } from "../failure.js";
import { say, type Wanted } from "../messages.js";

/** More than any configuration file of a host. */
export const MAX_CONFIGURATION_BYTES = 16 * 1024 * 1024;
/** A snapshot file of a very large host; what is longer would only fill the memory. */
export const MAX_SNAPSHOT_BYTES = 256 * 1024 * 1024;
/** Files below one folder of a tree. */
const MAX_FILES = 200_000;

/** What a folder is opened as. */
export interface FolderTreeOptions {
  readonly wanted?: Wanted;
  /** Bytes that one file may have. */
  readonly maxBytes?: number;
  /** Whether `read` refuses a folder in the place of a file; else it gives null, as some dialects take either. */
  readonly refusesFolders?: boolean;
}

/** A tree that is a folder of this machine. */
export interface FolderTree extends ConfigurationTree {
  readonly root: string;
}

/** Whether a tree is a folder of this machine. */
export function isFolderTree(tree: ConfigurationTree): tree is FolderTree {
  return "root" in tree;
}

interface Folder {
  readonly root: string;
  readonly maxBytes: number;
  readonly refusesFolders: boolean;
}

/**
 * Opens a folder for the pure readers. Nothing is read before it is asked for, links are followed, and a link to
 * /dev/null (a masked systemd file) reads as empty.
 * A file that is there and cannot be read throws an `InputError`, which `attempt` turns into its failure.
 */
export function openFolderTree(path: string, options: FolderTreeOptions = {}): Result<FolderTree, Failure> {
  const wanted = options.wanted ?? "configuration folder";
  try {
    const stats = statSync(path);
    if (!stats.isDirectory()) return err(say.wrongKind(wanted, path, describeKind(stats)));
    readdirSync(path);
  } catch (error) {
    return err(isMissing(error) ? say.missing(wanted, path) : broken(error, path));
  }
  const folder = {
    root: path,
    maxBytes: options.maxBytes ?? MAX_CONFIGURATION_BYTES,
    refusesFolders: options.refusesFolders ?? false,
  };
  return ok({
    root: path,
    read: (file) => readBelow(folder, file),
    list: (below) => listBelow(folder, below),
  });
}

/** The text of one file that the operator named. */
export function readNamedFile(
  path: string,
  wanted: Wanted,
  maxBytes = MAX_CONFIGURATION_BYTES,
): Result<string, Failure> {
  try {
    const stats = statSync(path);
    if (!stats.isFile()) return err(say.wrongKind(wanted, path, describeKind(stats)));
    if (stats.size > maxBytes) return err(say.tooLarge(path, stats.size, maxBytes));
    return ok(readFileSync(path, "utf8"));
  } catch (error) {
    return err(isMissing(error) ? say.missing(wanted, path) : broken(error, path));
  }
}

function readBelow(folder: Folder, file: string): string | null {
  const path = join(folder.root, file);
  try {
    const stats = statSync(path);
    if (stats.isFile()) return readWhole(path, stats.size, folder.maxBytes);
    if (stats.isDirectory() && !folder.refusesFolders) return null;
    if (realpathSync(path) === "/dev/null") return "";
    throw new InputError(say.notAFile(path, describeKind(stats)));
  } catch (error) {
    if (isMissing(error)) return null;
    throw error instanceof InputError ? error : new InputError(broken(error, path), error);
  }
}

function readWhole(path: string, size: number, limit: number): string {
  if (size > limit) throw new InputError(say.tooLarge(path, size, limit));
  return readFileSync(path, "utf8");
}

function listBelow({ root }: Folder, below: string): readonly string[] {
  const found: string[] = [];
  const open = [{ path: posix.normalize(below), above: new Set<string>() }];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    const real = realFolder(join(root, folder.path));
    if (real === null || folder.above.has(real)) continue;
    const above = new Set([...folder.above, real]);
    for (const entry of entriesOf(join(root, folder.path))) {
      const path = folder.path === "." ? entry.name : posix.join(folder.path, entry.name);
      if (isFolder(entry, join(root, path))) open.push({ path, above });
      else found.push(path);
    }
    if (found.length + open.length > MAX_FILES)
      throw new InputError(say.tooMany(join(root, below), MAX_FILES));
  }
  return found.sort((a, b) => (a < b ? -1 : 1));
}

function realFolder(path: string): string | null {
  try {
    return realpathSync(path);
  } catch (error) {
    if (isMissing(error)) return null;
    throw new InputError(broken(error, path), error);
  }
}

function entriesOf(path: string): readonly Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch (error) {
    if (isMissing(error)) return [];
    throw new InputError(broken(error, path), error);
  }
}

function isFolder(entry: Dirent, path: string): boolean {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  try {
    return statSync(path).isDirectory();
  } catch {
    // A link that leads nowhere stays in the list: whoever reads it learns what is wrong.
    return false;
  }
}

function describeKind(stats: Stats): string {
  if (stats.isDirectory()) return "a folder";
  if (stats.isFile()) return "a file";
  if (stats.isFIFO()) return "a pipe";
  if (stats.isSocket()) return "a socket";
  return "a device";
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

function isMissing(error: unknown): boolean {
  return codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR";
}

function broken(error: unknown, path: string): Failure {
  const code = codeOf(error);
  if (code === "ELOOP") return say.linkLoop(path);
  if (code === "EACCES" || code === "EPERM") return say.unreadable(path, "that access is denied");
  if (code === "ENAMETOOLONG" || code === "ERR_INVALID_ARG_VALUE")
    return say.unreadable(path, "a name that no file can have");
  return say.unreadable(path, error instanceof Error ? `an error of the system (\`${code}\`)` : "an error");
}
