import { type Alias, type Document, isAlias, isMap, isScalar, isSeq, type Scalar, type YAMLMap } from "yaml";
import type { Source } from "#model/index.js";
import type { YamlEntry, YamlMap, YamlProblem, YamlText, YamlTree } from "./yaml-tree.js";

/** Nodes that one text may come to when its aliases are written out. */
const MAX_NODES = 1_000_000;

interface Building {
  readonly document: Document.Parsed;
  readonly sourceAt: (offset: number) => Source;
  readonly problems: YamlProblem[];
  /** The finished trees that aliases stand for; they are shared, but cost the budget their full size each time. */
  readonly anchors: Map<string, { readonly tree: YamlTree; readonly size: number }>;
  nodesLeft: number;
}

/** Turns a composed document into the tree; aliases are written out within a budget, `<<` stays an ordinary key. */
export function buildTree(given: Pick<Building, "document" | "sourceAt">): YamlText {
  const building: Building = { ...given, problems: [], anchors: new Map(), nodesLeft: MAX_NODES };
  const start = given.sourceAt(given.document.range[0]);
  const tree = buildNode(building, given.document.contents, start);
  const isAbsent = tree.kind === "scalar" && tree.text === "" && !tree.isQuoted;
  return { tree: isAbsent || building.nodesLeft < 0 ? null : tree, problems: building.problems };
}

function buildNode(building: Building, node: unknown, fallback: Source): YamlTree {
  const source = sourceOf(building, node, fallback);
  const nodesBefore = building.nodesLeft;
  spend(building, 1, source);
  if (building.nodesLeft < 0) return absent(source);
  if (isAlias(node)) return buildAlias(building, node, source);
  const tree = buildOwn(building, node, source);
  if ((isMap(node) || isSeq(node) || isScalar(node)) && node.anchor !== undefined) {
    building.anchors.set(node.anchor, { tree, size: nodesBefore - building.nodesLeft });
  }
  return tree;
}

function buildOwn(building: Building, node: unknown, source: Source): YamlTree {
  if (isMap(node)) return buildMap(building, node, source);
  if (isSeq(node))
    return { kind: "list", items: node.items.map((item) => buildNode(building, item, source)), source };
  return isScalar(node) ? buildScalar(node, source) : absent(source);
}

function buildScalar(node: Scalar, source: Source): YamlTree {
  const isPlain = node.type === undefined || node.type === "PLAIN";
  return { kind: "scalar", text: String(node.value ?? ""), isQuoted: !isPlain, source };
}

function absent(source: Source): YamlTree {
  return { kind: "scalar", text: "", isQuoted: false, source };
}

function buildAlias(building: Building, alias: Alias, source: Source): YamlTree {
  const target = building.anchors.get(alias.source);
  if (target === undefined) {
    const message = `Expected an anchor that ends before its alias, found \`*${alias.source}\``;
    building.problems.push({ kind: "syntax", message, source });
    return absent(source);
  }
  spend(building, target.size, source);
  return target.tree;
}

function spend(building: Building, size: number, source: Source): void {
  const isFirst = building.nodesLeft >= 0;
  building.nodesLeft -= size;
  if (building.nodesLeft >= 0 || !isFirst) return;
  const message = `Expected at most ${MAX_NODES} nodes with aliases written out, found more`;
  building.problems.push({ kind: "size", message, source });
}

function buildMap(building: Building, node: YAMLMap, source: Source): YamlMap {
  const entries = new Map<string, YamlEntry>();
  for (const pair of node.items) {
    if (building.nodesLeft < 0) break;
    const keyTree = buildNode(building, pair.key, source);
    const key = keyTree.kind === "scalar" ? keyTree.text : `(${keyTree.kind})`;
    if (entries.has(key)) {
      const message = `Expected each key once, found \`${key}\` again: the later one is taken`;
      building.problems.push({ kind: "duplicate", message, source: keyTree.source });
      entries.delete(key);
    }
    entries.set(key, { key, source: keyTree.source, value: buildNode(building, pair.value, keyTree.source) });
  }
  return { kind: "map", entries: [...entries.values()], source };
}

function sourceOf(building: Building, node: unknown, fallback: Source): Source {
  if (!isMap(node) && !isSeq(node) && !isScalar(node) && !isAlias(node)) return fallback;
  const range: unknown = node.range;
  return Array.isArray(range) && typeof range[0] === "number" ? building.sourceAt(range[0]) : fallback;
}
