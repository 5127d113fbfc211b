import { parseFleet } from "#formats/fleet/index.js";
import { err, type Fleet, type Issue, type Result } from "#model/index.js";
import type { Failure } from "./failure.js";
import { say } from "./messages.js";
import { readNamedFile } from "./tree/folder-tree.js";

/** A fleet with what its reader had to say beside it. */
export interface LoadedFleet {
  readonly fleet: Fleet;
  readonly issues: readonly Issue[];
}

/** Reads a fleet file; its places start with the path as it is given here. */
export function loadFleet(file: string): Result<LoadedFleet, Failure> {
  const text = readNamedFile(file, "fleet file");
  if (!text.ok) return text;
  const parsed = parseFleet(text.value, file);
  if (parsed.ok) return parsed;
  return err(say.issues(parsed.error, ""));
}
