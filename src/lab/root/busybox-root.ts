import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { BUSYBOX_FILES, BUSYBOX_FOLDERS, SSHD } from "./recipe.js";
import { readOutput } from "./run-logged.js";

/** Makes the root of busybox from one of Debian: the static busybox under all its names, OpenSSH's server with its libraries, and nothing else. */
export async function makeBusyboxRoot(debian: string, root: string): Promise<void> {
  for (const folder of BUSYBOX_FOLDERS) mkdirSync(join(root, folder), { recursive: true });
  // OpenWrt keeps both in memory: what a router is to remember lies in /etc.
  symlinkSync("tmp", join(root, "var"));
  copyFileSync(join(debian, "bin/busybox"), join(root, "bin/busybox"));
  const names = await readOutput(["chroot", debian, "/bin/busybox", "--list"]);
  for (const name of names.split("\n").filter((each) => each !== "" && each !== "busybox")) {
    symlinkSync(join("/bin", "busybox"), join(root, "bin", name));
  }
  symlinkSync("/bin/busybox", join(root, "sbin/init"));
  for (const path of [SSHD, ...(await librariesOf(debian, SSHD))]) copyInto(debian, root, path);
  for (const [path, text] of Object.entries(BUSYBOX_FILES)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

async function librariesOf(debian: string, program: string): Promise<readonly string[]> {
  return librariesIn(await readOutput(["chroot", debian, "ldd", `/${program}`]));
}

/** The paths in what `ldd` prints, without the leading slash. */
export function librariesIn(text: string): readonly string[] {
  return [...text.matchAll(/(?:^|\s)\/(\S+)\s+\(0x/g)].map((match) => match[1] ?? "");
}

function copyInto(from: string, to: string, path: string): void {
  const target = join(to, path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, readFileSync(join(from, path)), { mode: 0o755 });
}
