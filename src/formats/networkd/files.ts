import { MAX_UNIT_LENGTH, parseUnitFile } from "#formats/systemd/index.js";
import type { ConfigurationTree, Issue } from "#model/index.js";
import { networkdIssue } from "./messages.js";
import type { NetworkdFile } from "./settings.js";

const SUFFIX = /\.(?:network|netdev|link)$/;

/** The files at a path, in the order of their own names; empty where there is none. */
export function findFiles(tree: ConfigurationTree, path: string): readonly string[] {
  if (tree.read(path) !== null) return [path];
  const folder = path.replace(/\/+$/, "");
  const depth = folder === "" || folder === "." ? 1 : folder.split("/").length + 1;
  const files = tree.list(path).filter((file) => SUFFIX.test(file) && file.split("/").length === depth);
  return [...files].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

function nameOf(file: string): string {
  return file.slice(file.lastIndexOf("/") + 1);
}

/** Reads a file and appends its drop-ins, `X.network.d/*.conf` in the order of their names. */
export function readFile(tree: ConfigurationTree, path: string): NetworkdFile {
  const issues: Issue[] = [];
  const units = [path, ...dropInsOf(tree, path)].map((file) => readUnit(file, tree.read(file) ?? "", issues));
  const unit = {
    sections: units.flatMap(({ sections }) => sections),
    malformed: units.flatMap(({ malformed }) => malformed),
  };
  return { path, name: nameOf(path), unit, issues };
}

/** The drop-ins of a file, in the order in which they are appended to it. */
export function dropInsOf(tree: ConfigurationTree, path: string): readonly string[] {
  const folder = `${path}.d`;
  return tree
    .list(folder)
    .filter((file) => file.endsWith(".conf") && !file.slice(folder.length + 1).includes("/"))
    .sort((a, b) => (a < b ? -1 : 1));
}

function readUnit(file: string, text: string, issues: Issue[]): ReturnType<typeof parseUnitFile> {
  if (text.length > MAX_UNIT_LENGTH) {
    issues.push(networkdIssue("text-too-long", { file, line: 1, column: 1 }, String(MAX_UNIT_LENGTH)));
  }
  const unit = parseUnitFile(text, file);
  for (const line of unit.malformed) issues.push(networkdIssue("malformed-line", line.source, line.text));
  return unit;
}
