import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeBusyboxRoot } from "./busybox-root.js";
import { debianSteps, type RootStep } from "./debian-root.js";
import { findMirror } from "./find-mirror.js";
import { withLock } from "./lock.js";
import { say } from "./messages.js";

import { RECIPE, SUITE } from "./recipe.js";
import { removeFolder } from "./remove-folder.js";

/** Which shared root a host is laid over: Debian with systemd, or busybox alone. */
export type RootKind = "debian" | "busybox";

const DEFAULT_CACHE = "/var/cache/pointsman-lab";

/**
 * The folder of a shared read-only root; made when it is not there yet, which takes about a minute and a half and the network that apt
 * has. Two that want it at once get the same one. Never change what is in it. Rejects with a message that says which step failed and
 * where its log is.
 *
 * @param cache by default `POINTSMAN_LAB_CACHE`, else /var/cache/pointsman-lab
 */
export async function ensureRoot(kind: RootKind = "debian", cache = cacheFolder()): Promise<string> {
  const name = `root-${recipeDigest()}`;
  const made = join(cache, name);
  if (!existsSync(made)) {
    if (process.getuid?.() !== 0) throw say.notRoot();
    mkdirSync(cache, { recursive: true });
    await withLock(join(cache, "lock"), () => makeRoots(cache, name));
  }
  return join(made, kind);
}

/** Twelve hex digits that change with the recipe. */
function recipeDigest(): string {
  return createHash("sha256").update(JSON.stringify(RECIPE)).digest("hex").slice(0, 12);
}

function cacheFolder(): string {
  return process.env["POINTSMAN_LAB_CACHE"] ?? DEFAULT_CACHE;
}

const UNFINISHED = ".making-";

async function makeRoots(cache: string, name: string): Promise<void> {
  const made = join(cache, name);
  if (existsSync(made)) return;
  // Whoever made these has lost the lock, so they will never be whole.
  for (const left of readdirSync(cache).filter((each) => each.startsWith(UNFINISHED))) {
    removeFolder(join(cache, left));
  }
  const unfinished = join(cache, `${UNFINISHED}${name}`);
  const log = join(cache, `${name}.log`);
  const roots = { debian: join(unfinished, "debian"), busybox: join(unfinished, "busybox") };
  mkdirSync(roots.debian, { recursive: true });
  mkdirSync(roots.busybox);
  writeFileSync(log, "");
  try {
    const mirror = await runStep({ name: "mirror", run: () => findMirror(SUITE) }, log);
    if (mirror === null) throw say.noMirror(SUITE);
    for (const step of debianSteps({ root: roots.debian, mirror, log })) await runStep(step, log);
    await runStep({ name: "busybox", run: () => makeBusyboxRoot(roots.debian, roots.busybox) }, log);
    renameSync(unfinished, made);
  } catch (cause) {
    removeFolder(unfinished);
    throw cause;
  }
}

async function runStep<T>(step: RootStep<T>, log: string): Promise<T> {
  try {
    return await step.run();
  } catch (cause) {
    throw say.stepFailed(step.name, { cause, log });
  }
}
