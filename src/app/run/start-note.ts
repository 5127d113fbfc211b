import { z } from "zod";
import { hostId } from "#model/index.js";
import type { HealthBaseline } from "../health/baseline.js";
import { type RunFolder, readRunFile } from "../run-store/run-folder.js";

const startSchema = z.strictObject({
  schemaVersion: z.literal(1),
  fleetPath: z.string().nullable(),
  reach: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("ssh"), configFile: z.string().nullable() }),
      z.strictObject({ kind: z.literal("lab"), name: z.string() }),
    ])
    .nullable(),
  /** What `ssh` was given, by host. */
  destinations: z.record(z.string(), z.string()),
  thisMachine: z.string().nullable(),
});

const names = z.array(z.string());
const healthSchema = z.strictObject({
  members: names,
  clocks: z.record(z.string(), z.number()),
  units: z.record(z.string(), names),
  kubernetes: z.record(z.string(), z.strictObject({ nodes: names, pods: names })),
});

/** How a run was started, for whoever continues it. */
export type StartNote = z.infer<typeof startSchema>;

/** Its name in the folder of the run. */
export const START_NOTE = "start.json";

/** The text of a note. */
export function renderStartNote(note: StartNote): string {
  return `${JSON.stringify(note, null, 1)}\n`;
}

/** The note of a run, or null where it is gone or damaged: then its reach has to be given anew. */
export function readStartNote(folder: RunFolder): StartNote | null {
  const text = readRunFile(folder, START_NOTE);
  if (text === null) return null;
  try {
    const parsed = startSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** The name of what was noted of the clusters before anything changed. */
export const HEALTH_NOTE = "health.json";

/** Read as it was written; null where it is gone or damaged: then nothing is known of how the clusters were. */
export function readHealthNote(folder: RunFolder): HealthBaseline | null {
  const text = readRunFile(folder, HEALTH_NOTE);
  try {
    const parsed = healthSchema.safeParse(text === null ? null : JSON.parse(text));
    if (!parsed.success) return null;
    return { ...parsed.data, members: parsed.data.members.map(hostId) };
  } catch {
    return null;
  }
}
