import type { Source } from "#model/index.js";

/** One node of a YAML document. */
export type YamlTree = YamlScalar | YamlList | YamlMap;

/** A scalar as written, quotes and escapes resolved; an absent value is the empty text. */
export interface YamlScalar {
  readonly kind: "scalar";
  readonly text: string;
  /** Distinguishes `""` from an absent value, and `"10"` from `10`. */
  readonly isQuoted: boolean;
  readonly source: Source;
}

/** A sequence. */
export interface YamlList {
  readonly kind: "list";
  readonly items: readonly YamlTree[];
  readonly source: Source;
}

/** A mapping, in the order of the file; each key once. */
export interface YamlMap {
  readonly kind: "map";
  readonly entries: readonly YamlEntry[];
  readonly source: Source;
}

/** One key of a mapping with its value. */
export interface YamlEntry {
  readonly key: string;
  /** Where the key stands. */
  readonly source: Source;
  readonly value: YamlTree;
}

/** What is wrong with the text. */
export interface YamlProblem {
  /** `syntax`: the text is no YAML. `size`: it is, or may be, but larger or deeper than any configuration. `duplicate`: a key comes twice, the later one is kept. */
  readonly kind: "syntax" | "size" | "duplicate";
  /** What was expected and found, in sentence case. */
  readonly message: string;
  readonly source: Source;
}

/** The outcome of reading one text: a tree (null where there is none) and what is wrong. */
export interface YamlText {
  readonly tree: YamlTree | null;
  readonly problems: readonly YamlProblem[];
}

/** The entry of that key, or null. */
export function entryOf(map: YamlMap, key: string): YamlEntry | null {
  return map.entries.find((entry) => entry.key === key) ?? null;
}

/** Lays `later` over `earlier` as netplan-generate(8) does: mappings are joined, sequences concatenated, anything else is replaced. */
export function mergeYamlTrees(earlier: YamlTree, later: YamlTree): YamlTree {
  if (earlier.kind === "map" && later.kind === "map") return mergeMaps(earlier, later);
  if (earlier.kind === "list" && later.kind === "list") {
    return { ...earlier, items: [...earlier.items, ...later.items] };
  }
  return later;
}

function mergeMaps(earlier: YamlMap, later: YamlMap): YamlMap {
  const merged = new Map(earlier.entries.map((entry) => [entry.key, entry]));
  for (const entry of later.entries) {
    const before = merged.get(entry.key);
    merged.set(entry.key, before === undefined ? entry : mergeEntries(before, entry));
  }
  return { ...earlier, entries: [...merged.values()] };
}

/** What is joined stays where it first stood; what is replaced stands where it is replaced. */
function mergeEntries(earlier: YamlEntry, later: YamlEntry): YamlEntry {
  const value = mergeYamlTrees(earlier.value, later.value);
  return value === later.value ? later : { ...earlier, value };
}
