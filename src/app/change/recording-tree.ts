import type { ConfigurationTree } from "#model/index.js";

/** A tree that remembers which files were read from it. */
export interface RecordingTree extends ConfigurationTree {
  readonly opened: ReadonlySet<string>;
}

/** Texts laid over a tree; the tree below is not touched. */
export function overlayTree(tree: ConfigurationTree, texts: ReadonlyMap<string, string>): ConfigurationTree {
  return { read: (path) => texts.get(path) ?? tree.read(path), list: tree.list };
}

/** A tree with the same files that notes those that are there and are read. */
export function recordingTree(tree: ConfigurationTree): RecordingTree {
  const opened = new Set<string>();
  const read = (path: string): string | null => {
    const text = tree.read(path);
    if (text !== null) opened.add(path);
    return text;
  };
  return { opened, read, list: tree.list };
}
