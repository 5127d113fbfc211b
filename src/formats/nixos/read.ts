import type { ConfigurationTree, HostConfiguration, Issue, Source } from "#model/index.js";
import { emptyConfiguration } from "#model/index.js";
import { convertConfiguration } from "./convert.js";
import { type Fact, report, rootFact } from "./fact.js";
import { budgetIssue, missingFileIssue, unknownIssue } from "./messages.js";
import { type MergedConfiguration, mergeModules } from "./module-system.js";
import { importedFile, type OpenSession, openSession } from "./open-session.js";
import { entryOf, type Value } from "./value.js";

/** Sets of options whose unknown definitions are told, because the reader looks into them. */
const LOOKED_AT: readonly (readonly string[])[] = [
  [],
  ["boot", "kernel", "sysctl"],
  ["networking"],
  ["networking", "interfaces"],
  ["networking", "vlans"],
  ["networking", "bridges"],
  ["networking", "bonds"],
  ["systemd", "network"],
  ["systemd", "network", "netdevs"],
  ["systemd", "network", "networks"],
  ["services", "k3s"],
];

/**
 * Reads a NixOS module and what it imports without `nix`, and gives the boot that it describes. Values that the files do
 * not give become `unmodelled` issues; what does not depend on them comes out. Never throws, always ends.
 *
 * @param path of the module, or of a folder with a `default.nix`, in the tree.
 * @example readNixos(tree, "machines/nl-k8s-01/networking.nix")
 */
export function readNixos(tree: ConfigurationTree, path: string): HostConfiguration {
  const file = importedFile(path, tree);
  if (file === null) return { ...emptyConfiguration(), issues: [missingFileIssue(path)] };
  const { open, merged } = readModules(tree, file);
  return convertMerged(open, merged.root, { file, line: 1, column: 1 }, merged);
}

/** Reads and merges the modules; nothing is evaluated before it is looked at. */
export function readModules(
  tree: ConfigurationTree,
  file: string,
): { readonly open: OpenSession; readonly merged: MergedConfiguration } {
  const open = openSession(tree);
  const root = entryOf({ kind: "path", text: file }, { file, line: 1, column: 1 });
  return { open, merged: mergeModules(root, open, tree) };
}

/** Converts a configuration and tells what of it is unknown. */
export function convertMerged(
  open: OpenSession,
  value: Value,
  source: Source,
  merged: MergedConfiguration | null,
): HostConfiguration {
  const issues: Issue[] = open.session.issues;
  const root = rootFact(value, { session: open.session, issues, told: new Set() }, source);
  if (merged !== null) reportUnknown(root, merged);
  const configuration = convertConfiguration(root, issues);
  if (open.session.budget.isSpent) issues.push(budgetIssue(source));
  return configuration;
}

function reportUnknown(root: Fact, merged: MergedConfiguration): void {
  for (const path of LOOKED_AT) {
    for (const { reason, source } of merged.unknownAt(path)) {
      report(
        root,
        unknownIssue(path.length === 0 ? "config" : path.join("."), reason, source ?? root.source),
      );
    }
  }
}
