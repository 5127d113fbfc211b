import { dirname } from "node:path";
import type { ConfigurationTree, Result } from "#model/index.js";
import type { Failure } from "../failure.js";
import { openFolderTree } from "./folder-tree.js";
import { openGitTree } from "./git-tree.js";

const GIT = "git:";

/**
 * Opens what `--tree`, `--from` and `--to` name: a folder, `git:REVISION` (the folder of the fleet file at that revision of
 * the repository it is in), or without a name the folder of the fleet file.
 */
export function openTree(fleetFile: string, reference: string | null): Result<ConfigurationTree, Failure> {
  const home = dirname(fleetFile);
  if (reference === null) return openFolderTree(home);
  if (reference.startsWith(GIT)) return openGitTree(home, reference.slice(GIT.length));
  return openFolderTree(reference);
}
