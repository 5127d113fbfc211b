import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { LabRecord } from "./lab.js";
import { say } from "./messages.js";
import type { LabPaths } from "./places.js";
import { type ProgramResult, runWords } from "./run-words.js";
import { within } from "./wait.js";

/** How long a boot may take: ten times what it takes where four boot at once on two processors. */
const BOOT_MS = 60_000;
/** Port 22 as /proc/net/tcp writes it, with the state LISTEN; include/net/tcp_states.h. */
const SSH_LISTENS = /^\s*\d+: [0-9A-F]+:0016 [0-9A-F]+:0000 0A /m;

/** Boots a host for the first time. */
export async function bootFirst(paths: LabPaths, host: LabRecord): Promise<void> {
  if (host.kind === "netns") {
    const made = await runHostScript(paths, host, ["make-room"]);
    if (made.code !== 0) throw say.refused(`files of its own for \`${host.id}\``, made.stderr, "");
  }
  await bootHost(paths, host);
}

/** Boots a host that has no power; resolves when it answers. */
export async function bootHost(paths: LabPaths, host: LabRecord): Promise<void> {
  if (host.kind === "netns") {
    const started = await runHostScript(paths, host, ["start"]);
    if (started.code !== 0) throw say.refused(`the network of \`${host.id}\``, started.stderr, "");
    return;
  }
  const wired = await runHostScript(paths, host, ["wire"]);
  if (wired.code !== 0) throw say.refused(`the cables of \`${host.id}\``, wired.stderr, "");
  startSupervisor(paths, host);
  await awaitBoot(paths, host, null);
}

/** Resolves when a host answers on SSH in another boot than that of this id. */
export async function awaitBoot(paths: LabPaths, host: LabRecord, before: string | null): Promise<void> {
  const isUp = await within(BOOT_MS, async () => {
    const leader = await leaderOf(paths, host);
    return leader !== null && bootIdOf(leader) !== before && answersSsh(leader);
  });
  if (!isUp) throw say.notReady(host.id, BOOT_MS / 1000, endOfConsole(paths, host));
}

/** The program of the lab for one host; see `HOST_SCRIPT`. */
export function hostScriptWords(
  paths: LabPaths,
  host: LabRecord,
  words: readonly string[],
): readonly [string, ...string[]] {
  return ["sh", join(paths.folder, "lab-host"), String(host.number), ...words];
}

/** Runs that program to its end. */
export function runHostScript(
  paths: LabPaths,
  host: LabRecord,
  words: readonly string[],
): Promise<ProgramResult> {
  return runWords(hostScriptWords(paths, host, words));
}

/** The process 1 of a systemd host as this machine counts, or null where it has no power. */
export async function leaderOf(paths: LabPaths, host: LabRecord): Promise<number | null> {
  const found = await runHostScript(paths, host, ["leader"]);
  return found.code === 0 ? Number(found.stdout) : null;
}

/** The boot id that a process sees, or null where it has ended. */
export function bootIdOf(pid: number): string | null {
  return readIfThere(`/proc/${pid}/root/proc/sys/kernel/random/boot_id`);
}

/** A server of its own, so that the host stays when this process ends. */
function startSupervisor(paths: LabPaths, host: LabRecord): void {
  const [program, ...words] = hostScriptWords(paths, host, ["supervise"]);
  const log = openSync(join(paths.folderOf(host.number), "supervisor.log"), "a", 0o600);
  spawn(program, words, { detached: true, stdio: ["ignore", log, log] }).unref();
  closeSync(log);
}

/** While /run/nologin is there, systemd has not come to the point where users may log in. */
function answersSsh(leader: number): boolean {
  const tables = ["tcp", "tcp6"].map((table) => readIfThere(`/proc/${leader}/net/${table}`) ?? "");
  return tables.some((table) => SSH_LISTENS.test(table)) && !existsSync(`/proc/${leader}/root/run/nologin`);
}

function endOfConsole(paths: LabPaths, host: LabRecord): string {
  const text = readIfThere(join(paths.folderOf(host.number), "console.log")) ?? "";
  return text.trimEnd().split("\n").at(-1) ?? "";
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // It ended between two looks.
    return null;
  }
}
