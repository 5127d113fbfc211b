import { readdirSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./root.js";

/** The TypeScript files of src/ that are shipped, relative to the root, sorted. */
export function shippedFiles(): readonly string[] {
  return filesBelow("src").filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts"));
}

/** The files below a folder, relative to the root, sorted; none where there is no such folder. */
export function filesBelow(folder: string): readonly string[] {
  try {
    return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length).replaceAll("\\", "/"))
      .sort();
  } catch {
    return [];
  }
}
