import type { ConfigurationTree, EditedFile } from "#model/index.js";
import { applySplices, type Splice } from "./text.js";

/** A tree with some texts replaced; the tree below is not touched. */
export interface Overlay extends ConfigurationTree {
  readonly texts: ReadonlyMap<string, string>;
}

/** Lays texts over a tree. */
export function overlayOf(tree: ConfigurationTree, texts: ReadonlyMap<string, string>): Overlay {
  return { texts, read: (path) => texts.get(path) ?? tree.read(path), list: tree.list };
}

/** The tree with the splices carried out; null where they contradict each other or name a file that is not there. */
export function withSplices(
  tree: ConfigurationTree,
  overlay: Overlay,
  splices: readonly Splice[],
): Overlay | null {
  const texts = new Map(overlay.texts);
  for (const path of new Set(splices.map((splice) => splice.path))) {
    const before = overlay.read(path);
    const after =
      before === null
        ? null
        : applySplices(
            before,
            splices.filter((splice) => splice.path === path),
          );
    if (after === null) return null;
    texts.set(path, after);
  }
  return overlayOf(tree, texts);
}

/** The files whose text differs from the tree's, in the order of their paths. */
export function changedFiles(tree: ConfigurationTree, overlay: Overlay): readonly EditedFile[] {
  return [...overlay.texts]
    .filter(([path, text]) => tree.read(path) !== text)
    .map(([path, text]) => ({ path, text }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}
