import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { say } from "./messages.js";

const COMMANDS = ["ip", "bridge", "nsenter", "unshare", "mount", "umount", "nft"];
const SYSTEMD_COMMANDS = ["systemd-nspawn", "ssh-keygen"];

/** Refuses where this machine cannot build a lab: who is not root, and what is missing. */
export function requireMachine({ hasSystemd }: { readonly hasSystemd: boolean }): void {
  requireRoot();
  const missing = [...COMMANDS, ...(hasSystemd ? SYSTEMD_COMMANDS : [])].filter(
    (command) => !isInstalled(command),
  );
  if (missing.length > 0) throw say.missingCommands(missing);
}

/** Refuses whoever is not root: nothing of a lab can be seen or changed by others. */
export function requireRoot(): void {
  if (process.getuid?.() !== 0) throw say.notRoot();
}

function isInstalled(command: string): boolean {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return [...folders, "/usr/sbin", "/sbin"].some((folder) => existsSync(join(folder, command)));
}
