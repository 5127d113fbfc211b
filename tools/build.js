import { createHash } from "node:crypto";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { ROOT, run } from "./spawn.js";

const DIST = join(ROOT, "dist");
const STAMP = ".stamp";

/**
 * Compiles src/ into dist/ unless dist/ comes from these very sources, and ends the process where that fails. The new
 * dist/ takes the place of the old one only when it is complete, so that a command that runs meanwhile sees one of the two.
 */
export function build() {
  const stamp = hashOfSources();
  if (readStamp() === stamp) return;
  process.stdout.write("Building dist/ from src/ (tsc).\n");
  const fresh = mkdtempSync(join(ROOT, "dist-"));
  try {
    const tsc = join(ROOT, "node_modules", "typescript", "bin", "tsc");
    const code = run(process.execPath, [tsc, "-p", "tsconfig.build.json", "--outDir", fresh]);
    if (code !== 0) process.exitCode = code;
    else {
      writeFileSync(join(fresh, STAMP), stamp);
      replaceDist(fresh);
    }
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  if (process.exitCode !== undefined) process.exit();
}

/**
 * Puts the new folder in the place of dist/; tries again where another build did the same in between.
 *
 * @param {string} fresh
 */
function replaceDist(fresh) {
  for (let triesLeft = 4; ; triesLeft--) {
    try {
      rmSync(DIST, { recursive: true, force: true });
      renameSync(fresh, DIST);
      return;
    } catch (error) {
      if (triesLeft === 0) throw error;
    }
  }
}

/** @returns {string | null} */
function readStamp() {
  const file = join(DIST, STAMP);
  return existsSync(file) ? readFileSync(file, "utf8") : null;
}

function hashOfSources() {
  const sources = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts"))
    .map((path) => join("src", path));
  const hash = createHash("sha256");
  for (const path of [
    "package.json",
    "package-lock.json",
    "tsconfig.json",
    "tsconfig.build.json",
    ...sources.sort(),
  ]) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(ROOT, path)))
      .update("\0");
  }
  return hash.digest("hex");
}

if (process.argv[1] === import.meta.filename) build();
