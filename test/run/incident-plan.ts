import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type PlanFile, plan, renderPlanFile } from "#app/index.js";
import { ROOT } from "../repository/root.js";

/** The incident's fleet file and its trees. */
export const INCIDENT = join(ROOT, "examples", "inc-0004");
export const INCIDENT_FLEET = join(INCIDENT, "pointsman.yaml");

/** A folder that is removed by `remove`. */
export interface Scratch {
  readonly path: string;
  readonly remove: () => void;
}

export function makeScratch(): Scratch {
  const path = mkdtempSync(join(tmpdir(), "pointsman-run-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Plans from one of the incident's trees to another. */
export function planIncident(from: string, to: string): PlanFile {
  const end = (tree: string) =>
    ({ kind: "fleet", file: INCIDENT_FLEET, tree: join(INCIDENT, tree), nix: "never" }) as const;
  const made = plan({
    from: end(from),
    to: end(to),
    names: { from: join(INCIDENT, from), to: join(INCIDENT, to) },
    strategy: "auto",
    version: "0.0.0",
    overridesChecks: true,
  });
  if (!made.ok) throw new Error(made.error.message);
  if (made.value.file === null) throw new Error(`no plan from ${from} to ${to}`);
  return made.value.file;
}

/** The same change between snapshots: nothing is known of a cluster, an operating system or a file. */
export function planSnapshots(folder: string, file: PlanFile): PlanFile {
  const directories = { from: join(folder, "before"), to: join(folder, "after") };
  writeSnapshot(directories.from, file.network.before);
  writeSnapshot(directories.to, file.network.after);
  const made = plan({
    from: { kind: "snapshot", directory: directories.from },
    to: { kind: "snapshot", directory: directories.to },
    names: directories,
    strategy: "auto",
    version: "0.0.0",
    overridesChecks: true,
  });
  if (!made.ok) throw new Error(made.error.message);
  if (made.value.file === null) throw new Error("no plan between the snapshots");
  return made.value.file;
}

function writeSnapshot(directory: string, files: PlanFile["network"]["before"]): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), typeof content === "string" ? content : JSON.stringify(content));
  }
}

/** Writes a plan file and gives its path. */
export function writePlan(folder: string, file: PlanFile, name = "plan.json"): string {
  const path = join(folder, name);
  writeFileSync(path, renderPlanFile(file));
  return path;
}
