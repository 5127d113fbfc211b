import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { usageFailure } from "./command-failure.js";
import { writeOutputFile } from "./output-file.js";

/** Writes files below a folder that is new or empty: what is there is never overwritten. */
export async function writeOutputTree(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  if (existsSync(folder) && readdirSyncOrFail(folder).length > 0)
    throw usageFailure(
      "Expected a new or empty folder to write to, found one with files.",
      "Name another folder, or use `--diff` and `git apply` to change the files in their place.",
      folder,
    );
  for (const [path, text] of files) {
    const target = join(folder, posix.join("/", path));
    makeFolder(dirname(target), folder);
    await writeOutputFile(target, [text]);
  }
}

function makeFolder(path: string, folder: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch {
    throw usageFailure(
      "Expected to make a folder for the result, found that this is not possible.",
      "Name a folder in a place that is there and writable; not all files were written.",
      folder,
    );
  }
}

function readdirSyncOrFail(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    throw usageFailure(
      "Expected a new or empty folder to write to, found something else.",
      "Name another folder.",
      folder,
    );
  }
}
