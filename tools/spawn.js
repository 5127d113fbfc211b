import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of package.json, without a slash at its end. */
export const ROOT = fileURLToPath(new URL("..", import.meta.url)).replace(/[/\\]$/, "");

/**
 * Runs a command in the checkout with this terminal, and waits.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ readonly env?: Readonly<Record<string, string>>, readonly cwd?: string }} [options]
 * @returns {number} The exit code; 127 where the command cannot be started, 128 + n after signal n.
 */
export function run(command, args, options = {}) {
  const done = spawnSync(command, args, {
    cwd: options.cwd ?? ROOT,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, ...options.env },
  });
  if (done.error !== undefined) {
    process.stderr.write(`Cannot start \`${command}\`: ${done.error.message}.\n`);
    return 127;
  }
  return done.status ?? 128 + (done.signal === "SIGINT" ? 2 : 15);
}

/**
 * Runs a command and ends this process with its exit code unless that is 0.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ readonly env?: Readonly<Record<string, string>> }} [options]
 */
export function runOrExit(command, args, options = {}) {
  const code = run(command, args, options);
  if (code !== 0) process.exit(code);
}

/**
 * Whether a command is on the PATH or in the administrator's folders, which the PATH of other users leaves out.
 *
 * @param {string} command
 * @returns {boolean}
 */
export function isInstalled(command) {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/sbin"];
  return folders.some((folder) => folder !== "" && existsSync(join(folder, command)));
}
