import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "./root.js";

/** Builds dist/ where it is missing or older than src/; throws with the compiler's words where that fails. */
export function buildPointsman(): void {
  const done = spawnSync(process.execPath, [join(ROOT, "tools", "build.js")], { encoding: "utf8" });
  if (done.status !== 0) throw new Error(`The build failed:\n${done.stdout}${done.stderr}`);
}
