import { ok, type Result } from "#model/index.js";
import type { Failure } from "./failure.js";
import { parsePlanFile } from "./plan-file/read.js";
import { type Reproof, reprovePlan } from "./plan-file/reprove.js";
import type { PlanFile } from "./plan-file/schema.js";
import { MAX_SNAPSHOT_BYTES, readNamedFile } from "./tree/folder-tree.js";

/** A plan file with what became of its proof. */
export interface ProveResult {
  readonly plan: PlanFile;
  readonly reproof: Reproof;
}

/** Judges a plan file again from nothing but its own text: it need not come from this program. */
export function prove(path: string): Result<ProveResult, Failure> {
  const text = readNamedFile(path, "plan file", MAX_SNAPSHOT_BYTES);
  if (!text.ok) return text;
  const read = parsePlanFile(text.value, path);
  if (!read.ok) return read;
  return ok({ plan: read.value.plan, reproof: reprovePlan(read.value) });
}

/** Reads a plan file to show it; nothing is proved again. */
export function show(path: string): Result<{ readonly plan: PlanFile; readonly isIntact: boolean }, Failure> {
  const text = readNamedFile(path, "plan file", MAX_SNAPSHOT_BYTES);
  if (!text.ok) return text;
  const read = parsePlanFile(text.value, path);
  return read.ok ? ok({ plan: read.value.plan, isIntact: read.value.isIntact }) : read;
}
