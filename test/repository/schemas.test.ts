import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { changeJsonSchema } from "#formats/change/index.js";
import { fleetJsonSchema } from "#formats/fleet/index.js";
import { ROOT } from "./root.js";

describe("The published schemas", () => {
  it.each([
    ["pointsman.schema.json", fleetJsonSchema],
    ["change.schema.json", changeJsonSchema],
  ])("are those of the code: if `%s` is not, run `npm run schemas`", (file, schema) => {
    const published: unknown = JSON.parse(readFileSync(join(ROOT, "schemas", file), "utf8"));
    expect(published).toEqual(schema());
  });
});
