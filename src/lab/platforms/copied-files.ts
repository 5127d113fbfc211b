import type { ConfigurationFile, ConfigurationTree } from "#model/index.js";
import type { LabFile } from "./lab-file.js";

/** Where a configuration file, or the files of a folder, go, and how. */
interface Destination {
  readonly folder: string;
  /** What a single file is called there; by default what it is called in the tree. */
  readonly name?: string;
  readonly mode: number;
}

/** The files of one entry of a host's configuration at another place, to the byte. */
export function copiedFiles(
  tree: ConfigurationTree,
  { path }: ConfigurationFile,
  { folder, name, mode }: Destination,
): readonly LabFile[] {
  const text = tree.read(path);
  if (text !== null) return [{ path: `${folder}/${name ?? baseName(path)}`, mode, text }];
  return filesBelow(tree, path).map(({ below, text: each }) => ({
    path: `${folder}/${below}`,
    mode,
    text: each,
  }));
}

/** All files below a folder of a tree, by their path from there. */
export function filesBelow(
  tree: ConfigurationTree,
  folder: string,
): readonly { readonly below: string; readonly text: string }[] {
  const start = folder === "" || folder === "." ? 0 : folder.replace(/\/+$/, "").length + 1;
  return tree.list(folder).flatMap((path) => {
    const text = tree.read(path);
    return text === null ? [] : [{ below: path.slice(start), text }];
  });
}

/** The last name of a path. */
function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The folder that a path lies in, or an empty text. */
export function folderName(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}
