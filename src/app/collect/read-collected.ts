import { readSnapshot, type SnapshotReading } from "#formats/iproute2/index.js";
import { type ConfigurationTree, err, type Result } from "#model/index.js";
import type { Failure } from "../failure.js";
import { say as appSay } from "../messages.js";
import type { CollectedSnapshot } from "./collect-snapshot.js";

/** Reads what was collected as a snapshot; `root` is what its places begin with. What is wrong beyond doubt is a failure. */
export function readCollected(collected: CollectedSnapshot, root: string): Result<SnapshotReading, Failure> {
  const reading = readSnapshot(treeOf(collected.files));
  return reading.ok ? reading : err(appSay.issues(reading.error, root));
}

function treeOf(files: ReadonlyMap<string, string>): ConfigurationTree {
  return {
    read: (path) => files.get(path) ?? null,
    list: (folder) => [...files.keys()].filter((path) => path.startsWith(`${folder}/`)).sort(),
  };
}
