/**
 * One file below the root of a lab host, put there before its first boot. `path` is absolute and has no `..`; folders on the way to it
 * are made with mode 0755, owner is root.
 */
export type LabFile =
  | {
      readonly path: string;
      /** Permission bits, such as `0o644`. */
      readonly mode: number;
      readonly text: string;
    }
  | {
      readonly path: string;
      /** The target as the link holds it. */
      readonly symlink: string;
    };

/** A file that its owner writes and all may read. */
export function plainFile(path: string, text: string): LabFile {
  return { path, mode: 0o644, text };
}

/** A program. */
export function programFile(path: string, text: string): LabFile {
  return { path, mode: 0o755, text };
}

/** A symbolic link. */
export function linkFile(path: string, symlink: string): LabFile {
  return { path, symlink };
}
