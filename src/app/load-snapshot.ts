import { readSnapshot, type SnapshotReading } from "#formats/iproute2/index.js";
import { err, type Result } from "#model/index.js";
import { attempt } from "./attempt.js";
import type { Failure } from "./failure.js";
import { say } from "./messages.js";
import { MAX_SNAPSHOT_BYTES, openFolderTree } from "./tree/folder-tree.js";

/** Reads a snapshot directory (docs/snapshot.md); what is wrong beyond doubt is a failure with its place. */
export function loadSnapshot(directory: string): Result<SnapshotReading, Failure> {
  const opened = openFolderTree(directory, {
    wanted: "snapshot directory",
    maxBytes: MAX_SNAPSHOT_BYTES,
    refusesFolders: true,
  });
  if (!opened.ok) return opened;
  return attempt(() => {
    const reading = readSnapshot(opened.value);
    if (reading.ok) return reading;
    return err(say.issues(reading.error, directory));
  });
}
