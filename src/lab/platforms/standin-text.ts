import { readFileSync } from "node:fs";

/** The text of a file of the folder `standin/` of this package. */
export function standinText(path: string): string {
  return readFileSync(new URL(`../../../standin/${path}`, import.meta.url), "utf8");
}
