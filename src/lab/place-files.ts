import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { say } from "./messages.js";
import type { LabFile } from "./platforms/index.js";

/** Links followed on the way to one folder; the kernel's own limit (MAXSYMLINKS). */
const MAX_LINKS = 40;

/**
 * Puts files into the upper folder of a host whose lower one is the shared root. Links in the root are followed: `/lib` of Debian is one,
 * and a folder of that name above it would hide everything behind it.
 */
export function placeFiles(
  files: readonly LabFile[],
  layers: { readonly root: string; readonly upper: string },
): void {
  for (const file of files) {
    if (!file.path.startsWith("/") || file.path.split("/").includes(".."))
      throw say.badSpecification(
        `Expected an absolute path without \`..\` in a host's files, found \`${file.path}\`.`,
      );
    const folder = makeFolder(dirname(file.path), layers);
    const path = join(layers.upper, folder, file.path.slice(file.path.lastIndexOf("/") + 1));
    rmSync(path, { force: true });
    if ("symlink" in file) symlinkSync(file.symlink, path);
    else {
      writeFileSync(path, file.text, { mode: file.mode });
      // The mask of this process is not the host's.
      chmodSync(path, file.mode);
    }
  }
}

/** Makes a folder in the upper layer, as the root has it where it has it; gives its path behind all links. */
function makeFolder(
  folder: string,
  { root, upper }: { readonly root: string; readonly upper: string },
): string {
  let done = "/";
  let links = 0;
  const waiting = folder.split("/").filter((part) => part !== "");
  for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
    const next = resolve(done, part);
    const target = linkTarget(join(upper, next)) ?? linkTarget(join(root, next));
    if (target === null) {
      makeOne(next, { root, upper });
      done = next;
      continue;
    }
    links += 1;
    if (links > MAX_LINKS)
      throw say.badSpecification(`Expected a folder, \`${folder}\` is a circle of links.`);
    waiting.unshift(
      ...resolve(done, target)
        .split("/")
        .filter((each) => each !== ""),
    );
    done = "/";
  }
  return done;
}

function makeOne(folder: string, { root, upper }: { readonly root: string; readonly upper: string }): void {
  const path = join(upper, folder);
  if (existsSync(path)) return;
  const lower = join(root, folder);
  mkdirSync(path);
  chmodSync(path, existsSync(lower) ? statSync(lower).mode & 0o7777 : 0o755);
}

function linkTarget(path: string): string | null {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found?.isSymbolicLink() === true ? readlinkSync(path) : null;
}
