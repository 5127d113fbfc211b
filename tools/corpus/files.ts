import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { ConfigurationTree } from "#model/index.js";

/** The files below a folder of this machine, read as a configuration tree. */
export function treeOf(root: string): ConfigurationTree {
  const isKind = (path: string, kind: "isFile" | "isDirectory"): boolean =>
    existsSync(join(root, path)) && statSync(join(root, path))[kind]();
  return {
    read: (path) => (isKind(path, "isFile") ? readFileSync(join(root, path), "utf8") : null),
    list: (folder) => {
      if (!isKind(folder, "isDirectory")) return [];
      const below = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
      return below
        .map((path) => join(folder, path))
        .filter((path) => isKind(path, "isFile"))
        .sort();
    },
  };
}

/** The folders directly below a folder, sorted. */
export function foldersOf(root: string): readonly string[] {
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}
