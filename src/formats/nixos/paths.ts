/**
 * Joins a path of a Nix expression to the folder of its file, without `.` and `..`.
 *
 * @returns null where it leads out of the tree; absolute paths, `~` and `<nixpkgs>` stay as they are.
 */
export function resolvePath(folder: string, path: string): string | null {
  if (/^[/~<]/.test(path)) return path;
  const parts: string[] = [];
  for (const part of `${folder}/${path}`.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  return parts.length === 0 ? "." : parts.join("/");
}

/** The folder of a file, `.` for the root. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash === -1 ? "." : path.slice(0, slash);
}
