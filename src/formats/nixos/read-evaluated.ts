import type { ConfigurationTree, HostConfiguration, Source } from "#model/index.js";
import { emptyConfiguration } from "#model/index.js";
import { fromJson } from "./json.js";
import { evaluationOutputIssue, missingFileIssue } from "./messages.js";
import { importedFile } from "./open-session.js";
import { convertMerged, readModules } from "./read.js";
import { type Entry, forced, type Value } from "./value.js";

/** Issues about the files themselves; those about values do not hold where `nix` has evaluated them. */
const FILE_ISSUES: ReadonlySet<string> = new Set([
  "nixos/missing-import",
  "nixos/not-a-module",
  "nixos/syntax",
  "nixos/duplicate-attribute",
]);

/**
 * Reads what `nix-instantiate` printed for `NIXOS_SHIM`: the values come from the JSON, their places from the static
 * reader, which also tells of imports that are not there.
 *
 * @param json the standard output of the process.
 * @param path of the module in the tree, as for `readNixos`.
 */
export function readNixosEvaluated(json: string, tree: ConfigurationTree, path: string): HostConfiguration {
  const file = importedFile(path, tree);
  if (file === null) return { ...emptyConfiguration(), issues: [missingFileIssue(path)] };
  const parsed = parseOutput(json);
  if (parsed === null)
    return { ...emptyConfiguration(), issues: [evaluationOutputIssue(file, foundInstead(json))] };
  const { open, merged } = readModules(tree, file);
  const start: Source = { file, line: 1, column: 1 };
  const value = fromJson(parsed, (below) => placeOf(merged.root, below) ?? start);
  const ofFiles = open.session.issues.filter((issue) => FILE_ISSUES.has(issue.code));
  open.session.issues.splice(0, open.session.issues.length, ...ofFiles);
  return convertMerged(open, value, start, null);
}

function parseOutput(json: string): object | null {
  try {
    const parsed: unknown = JSON.parse(json);
    return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

function foundInstead(json: string): string {
  const start = json.trim().slice(0, 60);
  return start === "" ? "nothing" : `\`${start}\``;
}

/** The place of the deepest part of a path that the static reader finds. */
function placeOf(root: Value, path: readonly string[]): Source | null {
  let value = root;
  let source: Source | null = null;
  for (const name of path) {
    const entry = entryAt(value, name);
    if (entry === undefined) break;
    source = entry.source ?? source;
    value = forced(entry);
  }
  return source;
}

function entryAt(value: Value, name: string): Entry | undefined {
  if (value.kind === "attributes") return value.entries.get(name);
  return value.kind === "list" && value.rest === null ? value.items[Number(name)] : undefined;
}
