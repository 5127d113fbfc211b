import { z } from "zod";
import { fleetSchema } from "./schema.js";

/** The JSON Schema of `pointsman.yaml` (draft 7, which editors read best), as published in schemas/pointsman.schema.json. */
export function fleetJsonSchema(): Readonly<Record<string, unknown>> {
  return z.toJSONSchema(fleetSchema, { io: "input", target: "draft-7" });
}
