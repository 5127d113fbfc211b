import { appendFileSync } from "node:fs";
import { join } from "node:path";
import type { RunEvent } from "#rollout/index.js";
import type { RunFolder } from "./run-folder.js";

/** Writes what a run tells as it goes, one JSON object a line. Whoever cannot write loses events and not the run. */
export function eventWriter(folder: RunFolder): (event: RunEvent) => void {
  const path = join(folder.path, "events.ndjson");
  return (event) => {
    try {
      appendFileSync(path, `${JSON.stringify(event)}\n`, { mode: 0o600 });
    } catch {
      // A full disk shows in the journal, which is what counts.
    }
  };
}
