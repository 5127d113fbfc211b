import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { changeJsonSchema } from "#formats/change/index.js";
import { fleetJsonSchema } from "#formats/fleet/index.js";
import { ROOT } from "./spawn.js";

/** Writes the JSON Schemas that editors and other programs use; `npm run schemas` builds first. */
const SCHEMAS = new Map([
  ["pointsman.schema.json", fleetJsonSchema],
  ["change.schema.json", changeJsonSchema],
]);

mkdirSync(join(ROOT, "schemas"), { recursive: true });
for (const [file, schema] of SCHEMAS) {
  writeFileSync(join(ROOT, "schemas", file), `${JSON.stringify(schema(), null, 2)}\n`);
}
