import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Lab } from "./lab.js";
import { standing } from "./lab-down.js";
import { open } from "./lab-exec.js";
import { findPaths, readRecord } from "./lab-record.js";
import { requireRoot } from "./machine.js";
import { checkPlaces, defaultPlaces, type LabPaths, type LabPlaces } from "./places.js";

/** One lab of this machine as `labList` finds it. */
export interface LabSummary {
  readonly name: string;
  readonly folder: string;
  /** null: it did not come up whole, or was not removed whole. */
  readonly lab: Lab | null;
  /** The hosts that have power. */
  readonly running: readonly string[];
}

/** All labs, also those of which only something is left, in the order of their names. */
export function labList(places: LabPlaces = defaultPlaces()): readonly LabSummary[] {
  requireRoot();
  return standing(checkPlaces(places)).map((name) => {
    const paths = findPaths(places, name);
    const lab = readIfWhole(paths);
    const running = (lab?.hosts ?? []).filter(({ number }) => hasPower(paths, number));
    return { name, folder: paths.folder, lab, running: running.map(({ id }) => id) };
  });
}

/** A lab that stands. */
export function openLab(name: string, places: LabPlaces = defaultPlaces()): Lab {
  return open(name, places).lab;
}

/** A host's namespace ends with its power. */
export function hasPower(paths: LabPaths, host: number): boolean {
  return existsSync(join("/run/netns", paths.namespaceOf(host)));
}

function readIfWhole(paths: LabPaths): Lab | null {
  return existsSync(paths.record) ? readRecord(paths) : null;
}
