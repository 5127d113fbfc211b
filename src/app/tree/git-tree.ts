import { posix } from "node:path";
import { type ConfigurationTree, err, ok, type Result } from "#model/index.js";
import { attempt } from "../attempt.js";
import { type Failure, InputError } from "../failure.js";
import { say } from "../messages.js";
import { MAX_CONFIGURATION_BYTES } from "./folder-tree.js";
import { readBlobs } from "./git-blobs.js";
import { askGit } from "./git-command.js";

/** Symbolic links that one path may lead through; Linux, MAXSYMLINKS. */
const MAX_LINKS = 40;

/** One file of a commit. */
interface Entry {
  readonly object: string;
  readonly isLink: boolean;
  readonly bytes: number;
}

/** A commit as it is asked for paths. */
interface Commit {
  /** `FOLDER@REVISION`, for messages. */
  readonly name: string;
  /** By path from the top of the repository. */
  readonly entries: ReadonlyMap<string, Entry>;
  /** Of the folder that the tree starts from; empty or with a slash at its end. */
  readonly prefix: string;
  readonly textOf: (entry: Entry) => string;
}

/**
 * Opens a folder of a repository as it was at a revision: a branch, a tag, a commit, anything that git can name. The
 * working tree is not looked at. Links are followed within the commit.
 */
export function openGitTree(folder: string, revision: string): Result<ConfigurationTree, Failure> {
  return attempt(() => {
    const prefix = askGit(folder, ["rev-parse", "--show-prefix"]);
    if (!prefix.isDone) return err(say.noRepository(folder));
    const wanted = `${revision}^{commit}`;
    const named = askGit(folder, ["rev-parse", "--verify", "--quiet", "--end-of-options", wanted]);
    if (!named.isDone) return err(say.noRevision(folder, revision));
    const commit = openCommit(folder, {
      id: named.output.toString("utf8").trim(),
      prefix: prefix.output.toString("utf8").replace(/\n$/, ""),
      name: `${folder}@${revision}`,
    });
    return ok({ read: (path) => readPath(commit, path), list: (path) => listPaths(commit, path) });
  });
}

function openCommit(
  folder: string,
  { id, prefix, name }: { readonly id: string; readonly prefix: string; readonly name: string },
): Commit {
  const listed = askGit(folder, ["ls-tree", "-r", "-l", "-z", "--full-tree", id]);
  if (!listed.isDone) throw new InputError(say.gitFailed(folder, listed.complaint));
  const entries = parseEntries(listed.output.toString("utf8"));
  const blobs = readBlobs(
    folder,
    [...entries].flatMap(([path, entry]) => (path.startsWith(prefix) ? [entry] : [])),
  );
  return { name, entries, prefix, textOf: (entry) => blobs(entry.object) };
}

/** `MODE TYPE OBJECT SIZE<tab>PATH<nul>` for each file; git-ls-tree(1). Submodules have no files here. */
function parseEntries(output: string): ReadonlyMap<string, Entry> {
  const entries = new Map<string, Entry>();
  for (const record of output.split("\0")) {
    const match = /^(\d+) blob ([0-9a-f]+) +(\d+)\t(.+)$/s.exec(record);
    if (match === null) continue;
    const [, mode = "", object = "", bytes = "0", path = ""] = match;
    entries.set(path, { object, isLink: mode === "120000", bytes: Number(bytes) });
  }
  return entries;
}

function readPath(commit: Commit, path: string): string | null {
  const resolved = resolveLinks(commit, posix.join(commit.prefix, path));
  if (resolved === "/dev/null") return "";
  const entry = commit.entries.get(resolved);
  if (entry === undefined) return null;
  if (entry.bytes > MAX_CONFIGURATION_BYTES)
    throw new InputError(say.tooLarge(`${commit.name}:${path}`, entry.bytes, MAX_CONFIGURATION_BYTES));
  return commit.textOf(entry);
}

function listPaths(commit: Commit, path: string): readonly string[] {
  const folder = resolveLinks(commit, posix.join(commit.prefix, path));
  const below = folder === "" || folder === "." ? "" : `${folder.replace(/\/+$/, "")}/`;
  const shown = posix.normalize(path).replace(/\/+$/, "");
  return [...commit.entries.keys()]
    .filter((file) => file.startsWith(below))
    .map((file) => (shown === "." ? file.slice(below.length) : `${shown}/${file.slice(below.length)}`))
    .sort((a, b) => (a < b ? -1 : 1));
}

/** The path without links; a link out of the repository gives its own target, where no file of the commit is. */
function resolveLinks(commit: Commit, path: string): string {
  let rest = posix.normalize(path);
  for (let count = 0; count <= MAX_LINKS; count++) {
    const next = firstLink(commit, rest);
    if (next === null) return rest;
    rest = next;
  }
  throw new InputError(say.linkLoop(`${commit.name}:${path}`));
}

/** The path with its first link replaced by what it leads to, or null where it has none. */
function firstLink(commit: Commit, path: string): string | null {
  for (let end = path.indexOf("/"); ; end = path.indexOf("/", end + 1)) {
    const part = end < 0 ? path : path.slice(0, end);
    const entry = commit.entries.get(part);
    if (entry?.isLink === true) {
      const target = commit.textOf(entry);
      const rest = end < 0 ? "" : path.slice(end + 1);
      return target.startsWith("/")
        ? posix.join(target, rest)
        : posix.join(posix.dirname(part), target, rest);
    }
    if (end < 0) return null;
  }
}
