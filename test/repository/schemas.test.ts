import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fleetJsonSchema } from "#formats/fleet/index.js";
import { ROOT } from "./root.js";

describe("The published schemas", () => {
  it("are those of the code: if not, run `npm run schemas`", () => {
    const published: unknown = JSON.parse(
      readFileSync(join(ROOT, "schemas", "pointsman.schema.json"), "utf8"),
    );
    expect(published).toEqual(fleetJsonSchema());
  });
});
