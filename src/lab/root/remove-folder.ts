import { execFileSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";

/** Removes a folder; what an interrupted debootstrap has left mounted below it is unmounted first, so that nothing else is ever removed. */
export function removeFolder(folder: string): void {
  const mounts = mountsBelow(readFileSync("/proc/self/mounts", "utf8"), folder);
  for (const mount of mounts.toReversed()) execFileSync("umount", [mount]);
  rmSync(folder, { recursive: true, force: true });
}

/** The mount points below a folder in the text of /proc/self/mounts, in their order; proc(5) writes a space as `\040`. */
export function mountsBelow(text: string, folder: string): readonly string[] {
  return text
    .split("\n")
    .map((line) => (line.split(" ")[1] ?? "").replace(/\\(\d{3})/g, (_, octal: string) => character(octal)))
    .filter((mount) => mount === folder || mount.startsWith(`${folder}/`));
}

function character(octal: string): string {
  return String.fromCharCode(Number.parseInt(octal, 8));
}
