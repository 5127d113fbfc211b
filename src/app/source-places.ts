import { dirname, posix } from "node:path";
import type { Source } from "#model/index.js";
import { placeOfTree } from "./tree/tree-reference.js";

/** Turns the place of a fact into one that the operator can open from here. */
export type PlaceSource = (source: Source) => Source;

/** Places in a folder; facts of the fleet file itself have the path that the operator gave already. */
export function placesBelow(folder: string, fleetFile: string | null): PlaceSource {
  return (source) =>
    source.file === fleetFile ? source : { ...source, file: posix.join(folder, source.file) };
}

/** Places in a tree that `--tree`, `--from` or `--to` names; those of a revision are written as `git show` takes them. */
export function placesInTree(fleetFile: string, reference: string | null): PlaceSource {
  if (reference === null) return placesBelow(dirname(fleetFile), fleetFile);
  if (!reference.startsWith("git:")) return placesBelow(placeOfTree(fleetFile, reference), fleetFile);
  const revision = reference.slice("git:".length);
  return (source) =>
    source.file === fleetFile ? source : { ...source, file: `${revision}:./${source.file}` };
}
