import { existsSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import type { ConfigurationTree, Result } from "#model/index.js";
import type { Failure } from "../failure.js";
import { openFolderTree } from "./folder-tree.js";
import { openGitTree } from "./git-tree.js";

const GIT = "git:";

/**
 * Opens what `--tree`, `--from` and `--to` name: a folder, `git:REVISION` (the folder of the fleet file at that revision of
 * the repository it is in), or without a name the folder of the fleet file. A folder that is not there is looked for beside the fleet file.
 */
export function openTree(fleetFile: string, reference: string | null): Result<ConfigurationTree, Failure> {
  const home = dirname(fleetFile);
  if (reference === null) return openFolderTree(home);
  if (reference.startsWith(GIT)) return openGitTree(home, reference.slice(GIT.length));
  return openFolderTree(placeOfTree(fleetFile, reference));
}

/** The folder that a name means: from here, else beside the fleet file; from here again where neither is there. */
export function placeOfTree(fleetFile: string, reference: string): string {
  const beside = join(dirname(fleetFile), reference);
  return !isAbsolute(reference) && !existsSync(reference) && existsSync(beside) ? beside : reference;
}
