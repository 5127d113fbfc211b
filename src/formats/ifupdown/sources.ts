import type { ConfigurationTree, Issue } from "#model/index.js";
import type { InterfacesDocument, Stanza, Word } from "./document.js";
import { matchesGlob } from "./glob.js";
import { missingFileIssue, sourcedTwiceIssue, sourceNotFoundIssue } from "./messages.js";
import { parseInterfaces } from "./parse.js";

/** An interfaces file with all that it sources, in reading order. */
export interface JoinedDocument {
  readonly stanzas: readonly Stanza[];
  readonly isProxmox: boolean;
  readonly issues: readonly Issue[];
}

interface Joiner {
  readonly tree: ConfigurationTree;
  readonly root: string;
  readonly folder: string;
  readonly seen: Set<string>;
  readonly stanzas: Stanza[];
  readonly issues: Issue[];
}

/** Where the tree keeps what the host has in /etc/network: beside the interfaces file. */
const HOME = "/etc/network/";

/** Reads a file and, in place of their lines, the files that it sources; each file once. */
export function joinSources(tree: ConfigurationTree, path: string): JoinedDocument {
  const text = tree.read(path);
  if (text === null) return { stanzas: [], isProxmox: false, issues: [missingFileIssue(path)] };
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  const isHome = `/${folder}`.endsWith(HOME);
  const root = isHome ? folder.slice(0, folder.length - (HOME.length - 1)) : folder;
  const joiner: Joiner = { tree, root, folder, seen: new Set([path]), stanzas: [], issues: [] };
  const document = parseInterfaces(text, path);
  appendDocument(joiner, document);
  return { stanzas: joiner.stanzas, isProxmox: document.isProxmox, issues: joiner.issues };
}

/** A list of work instead of recursion: a chain of sourced files may be longer than the stack is deep. */
function appendDocument(joiner: Joiner, document: InterfacesDocument): void {
  const work: Stanza[] = [...document.stanzas].reverse();
  for (const issue of document.issues) joiner.issues.push(issue);
  for (let stanza = work.pop(); stanza !== undefined; stanza = work.pop()) {
    if (stanza.kind !== "source") {
      joiner.stanzas.push(stanza);
      continue;
    }
    const found = sourcedDocuments(joiner, stanza.pattern, stanza.isDirectory).toReversed();
    for (const sourced of found) for (const next of sourced.stanzas.toReversed()) work.push(next);
  }
}

function sourcedDocuments(joiner: Joiner, pattern: Word, isDirectory: boolean): InterfacesDocument[] {
  const paths = matchingPaths(joiner, placeInTree(joiner, pattern.text), isDirectory);
  if (paths.length === 0) joiner.issues.push(sourceNotFoundIssue(pattern));
  return paths.flatMap((path) => {
    if (joiner.seen.has(path)) {
      joiner.issues.push(sourcedTwiceIssue(pattern, path));
      return [];
    }
    joiner.seen.add(path);
    const text = joiner.tree.read(path);
    if (text === null) return [];
    const document = parseInterfaces(text, path);
    for (const issue of document.issues) joiner.issues.push(issue);
    return [document];
  });
}

/** Paths of the host are absolute, those of the tree relative; a relative one counts from /etc/network. */
function placeInTree(joiner: Joiner, path: string): string {
  const clean = withoutEndSlashes(path);
  if (!clean.startsWith("/")) return joiner.folder + clean.replace(/^\.\//, "");
  return clean.startsWith(HOME) ? joiner.folder + clean.slice(HOME.length) : joiner.root + clean.slice(1);
}

function matchingPaths(joiner: Joiner, place: string, isDirectory: boolean): readonly string[] {
  const pattern = isDirectory ? `${place}/*` : place;
  const wildcard = pattern.search(/[*?[]/);
  if (wildcard === -1) return joiner.tree.read(pattern) === null ? [] : [pattern];
  const base = pattern.slice(0, Math.max(0, pattern.lastIndexOf("/", wildcard)));
  const prefix = base === "" ? "" : `${base}/`;
  const files = joiner.tree.list(base).map((file) => (file.startsWith(prefix) ? file : prefix + file));
  return files.filter((file) => matchesGlob(pattern, file) && isSourced(file, isDirectory));
}

/** `source-directory` takes files whose names are letters, digits, `_` and `-`; a `*` takes none that start with a dot. */
function isSourced(file: string, isDirectory: boolean): boolean {
  const name = file.slice(file.lastIndexOf("/") + 1);
  return isDirectory ? /^[\w-]+$/.test(name) : !name.startsWith(".");
}

/** Written as a loop: a pattern for the end of a text may look at every run of slashes anew. */
function withoutEndSlashes(path: string): string {
  let end = path.length;
  while (end > 0 && path[end - 1] === "/") end -= 1;
  return path.slice(0, end);
}
