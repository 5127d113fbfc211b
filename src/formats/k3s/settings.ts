import type { YamlEntry, YamlTree } from "#formats/yaml/index.js";
import type { Issue, K3sFlagWord, Source } from "#model/index.js";
import { HARMLESS_KEYS, KEPT_KEYS, MODELLED_KEYS } from "./known-keys.js";
import { k3sIssue } from "./messages.js";

/** One value of one flag; a list in YAML, or a flag that is given again, makes several. */
export interface FlagValue {
  readonly key: string;
  readonly value: string;
  readonly source: Source;
  readonly unknownBecause?: string;
}

/** What the files of one node say, in k3s's order of precedence, lowest first. */
export interface NodeSettings {
  /** The word `server` or `agent` of a command line. */
  readonly role: K3sFlagWord | null;
  readonly values: readonly FlagValue[];
  readonly issues: readonly Issue[];
}

/** The flags of one YAML file laid over those of the files before: a key replaces, `key+` adds; https://docs.k3s.io/installation/configuration. */
export function overlayFile(
  before: ReadonlyMap<string, readonly FlagValue[]>,
  tree: YamlTree,
  issues: Issue[],
): ReadonlyMap<string, readonly FlagValue[]> {
  if (tree.kind !== "map") {
    issues.push(k3sIssue("no-mapping", tree.source, tree.kind === "list" ? "a list" : `\`${tree.text}\``));
    return before;
  }
  const after = new Map(before);
  for (const entry of withMergeKeys(tree.entries)) {
    const isAdded = entry.key.endsWith("+");
    const key = isAdded ? entry.key.slice(0, -1) : entry.key;
    if (!isKnown(key)) issues.push(k3sIssue("unknown-key", entry.source, key));
    else after.set(key, [...(isAdded ? (after.get(key) ?? []) : []), ...readValues(key, entry, issues)]);
  }
  return after;
}

function isKnown(key: string): boolean {
  return MODELLED_KEYS.has(key) || KEPT_KEYS.has(key) || HARMLESS_KEYS.has(key);
}

/** `<<` brings in the keys of a map that do not stand beside it; one level, as maps inside maps are no k3s flags. */
function withMergeKeys(entries: readonly YamlEntry[]): readonly YamlEntry[] {
  const own = new Set(entries.map((entry) => entry.key));
  return entries.flatMap((entry) => {
    if (entry.key !== "<<") return [entry];
    const sources = entry.value.kind === "list" ? entry.value.items : [entry.value];
    return sources.flatMap((source) =>
      source.kind === "map" ? source.entries.filter(({ key }) => !own.has(key)) : [],
    );
  });
}

function readValues(key: string, entry: YamlEntry, issues: Issue[]): readonly FlagValue[] {
  const items = entry.value.kind === "list" ? entry.value.items : [entry.value];
  return items.flatMap((item) => {
    if (item.kind === "scalar")
      return item.text === "" ? [] : [{ key, value: item.text, source: item.source }];
    if (!HARMLESS_KEYS.has(key)) {
      issues.push(k3sIssue("wrong-kind", item.source, key, item.kind === "map" ? "a mapping" : "a list"));
    }
    return [];
  });
}
