import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Beside src/ and dist/ alike. */
const HOST_PROGRAM = new URL("../../../host/pointsman-host", import.meta.url);

/** The program that runs on hosts, as this package has it. */
export function readHostProgram(): { readonly text: string; readonly sha256: string } {
  const text = readFileSync(fileURLToPath(HOST_PROGRAM), "utf8");
  return { text, sha256: createHash("sha256").update(text, "utf8").digest("hex") };
}
