import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";

/** Places of these tests' own: nobody else's labs are seen, nor touched. */
export const OWN_PLACES = {
  label: "lpt",
  base: mkdtempSync(join(tmpdir(), "pointsman-lab-platforms-")),
  registry: "/run/pointsman-lab/lpt",
};

/** Looks again until it is as expected; after that time it is compared once more, so that the difference is shown. */
export async function eventually<T>(look: () => Promise<T>, expected: T, withinMs = 20_000): Promise<void> {
  const end = performance.now() + withinMs;
  while (performance.now() < end) {
    try {
      expect(await look()).toEqual(expected);
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
  expect(await look()).toEqual(expected);
}
