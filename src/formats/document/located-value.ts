import { entryOf, type YamlTree } from "#formats/yaml/index.js";
import type { Source } from "#model/index.js";

/** A step from a YAML node to one of its children. */
export type PathStep = string | number;

/** YAML 1.2, 10.3.2 (core schema): decimal integers and floats. */
const NUMBER = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;

/** The value that YAML 1.2's core schema gives to a tree. */
export function plainValue(tree: YamlTree): unknown {
  switch (tree.kind) {
    case "scalar":
      return tree.isQuoted ? tree.text : plainScalar(tree.text);
    case "list":
      return tree.items.map(plainValue);
    case "map": {
      // Without a prototype, so that a key `__proto__` is a key like any other.
      const value: Record<string, unknown> = Object.create(null);
      for (const entry of tree.entries) value[entry.key] = plainValue(entry.value);
      return value;
    }
  }
}

function plainScalar(text: string): unknown {
  if (/^(?:|~|null|Null|NULL)$/.test(text)) return null;
  if (/^(?:true|True|TRUE)$/.test(text)) return true;
  if (/^(?:false|False|FALSE)$/.test(text)) return false;
  return NUMBER.test(text) ? Number(text) : text;
}

/** The node at a path, or null where the path leaves the tree. */
export function nodeAt(tree: YamlTree, path: readonly PathStep[]): YamlTree | null {
  let node: YamlTree | null = tree;
  for (const step of path) node = node === null ? null : childOf(node, step);
  return node;
}

function childOf(node: YamlTree, step: PathStep): YamlTree | null {
  if (node.kind === "map") return entryOf(node, String(step))?.value ?? null;
  return node.kind === "list" && typeof step === "number" ? (node.items[step] ?? null) : null;
}

/** Where the value at a path stands, or the nearest thing above it that is there. */
export function sourceAt(tree: YamlTree, path: readonly PathStep[]): Source {
  for (let length = path.length; length > 0; length--) {
    const node = nodeAt(tree, path.slice(0, length));
    if (node !== null) return node.source;
  }
  return tree.source;
}

/** Where the key at the end of a path stands; for a list's item, where that begins. */
export function keySourceAt(tree: YamlTree, path: readonly PathStep[]): Source {
  const parent = nodeAt(tree, path.slice(0, -1));
  const key = path.at(-1);
  const entry = parent?.kind === "map" && key !== undefined ? entryOf(parent, String(key)) : null;
  return entry?.source ?? sourceAt(tree, path);
}
