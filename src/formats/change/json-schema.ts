import { z } from "zod";
import { changeSchema } from "./schema.js";

/** The JSON Schema of a change file (draft 7, which editors read best), as published in schemas/change.schema.json. */
export function changeJsonSchema(): Readonly<Record<string, unknown>> {
  return z.toJSONSchema(changeSchema, { io: "input", target: "draft-7" });
}
