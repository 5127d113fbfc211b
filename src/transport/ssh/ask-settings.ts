import { execFile } from "node:child_process";
import type { Unreachable } from "#rollout/index.js";
import type { HostId } from "../reach.js";
import { readSshFailure } from "./failure.js";
import { say } from "./messages.js";
import { parseSettings, type SshSettings } from "./settings.js";

const TIMEOUT_MS = 10_000;

/** Asks OpenSSH what it would use for a destination (`ssh -G`); nothing is connected to. */
export function askSettings(
  host: HostId,
  words: readonly string[],
  destination: string,
): Promise<SshSettings | Unreachable> {
  const [program = "ssh", ...rest] = words;
  return new Promise((resolve) => {
    execFile(
      program,
      [...rest, "-G", "--", destination],
      { timeout: TIMEOUT_MS, killSignal: "SIGKILL", env: process.env },
      (error, stdout, stderr) => {
        const settings = error === null ? parseSettings(stdout) : null;
        if (settings !== null) return resolve(settings);
        if (error?.killed === true) return resolve(say.noGreeting(host, TIMEOUT_MS));
        const end = {
          code: typeof error?.code === "number" ? error.code : null,
          stderr: stderr || (error?.message ?? ""),
        };
        return resolve(readSshFailure(host, { kind: "ended", end }).unreachable);
      },
    );
  });
}
