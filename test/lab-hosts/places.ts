import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LabPlaces, labDownAll } from "#lab/index.js";

/** Places of a test's own, with a label that no other lab of this machine has; `remove` leaves nothing of them. */
export interface TestPlaces {
  readonly places: LabPlaces;
  readonly remove: () => Promise<void>;
}

/** @param label a few lower-case letters, another one for each file of tests. */
export function testPlaces(label: string): TestPlaces {
  const folder = mkdtempSync(join(tmpdir(), `${label}-`));
  const places = { label, base: join(folder, "labs"), registry: join(folder, "registry", label) };
  return {
    places,
    remove: async () => {
      await labDownAll(places);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
