import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Unreachable } from "#rollout/index.js";
import { greetShell } from "../greet-shell.js";
import { makeSession } from "../open-shell.js";
import type { HostId, Opened, Purpose } from "../reach.js";
import type { ShellSession } from "../shell-session.js";
import { readSshFailure } from "./failure.js";
import type { Way } from "./find-way.js";
import { say } from "./messages.js";
import { type SshOptions, sshWords } from "./ssh-words.js";

/** What is to be opened, and by which way. */
export interface Opening {
  readonly way: Way;
  readonly ssh: SshOptions;
  readonly prefix: readonly string[];
  readonly host: HostId;
  readonly purpose: Purpose;
}

/** A session and the address that gave it; the address is missing where none answered. */
export interface OpenedAt {
  readonly opened: Opened<ShellSession>;
  readonly address?: string | null;
}

/** Beyond the time to connect: exchange of keys, login and the shell's own start on a busy host. */
const LOGIN_MS = 25_000;
/** So often a login that was dropped is tried again. */
const MOST_ATTEMPTS = 7;
/** Waits grow from the first to the second of these; each is shortened by chance, so that hosts do not come back together. */
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 2000;

/** What tells most, where addresses of one host say different things. */
const TELLING: readonly Unreachable["kind"][] = ["host-key", "refused", "timed-out", "unreachable"];

/** Tries the addresses of a host one after the other until one gives a session. Never rejects. */
export async function openAnywhere(opening: Opening): Promise<OpenedAt> {
  const failures: (readonly [string, Unreachable])[] = [];
  for (const address of opening.way.addresses) {
    const opened = await openAt(opening, address);
    if (!("why" in opened)) return { opened, address };
    failures.push([address ?? opening.way.settings.hostname, opened]);
  }
  return { opened: { ok: false, error: mostTelling(failures) } };
}

async function openAt(opening: Opening, address: string | null): Promise<Opened<ShellSession> | Unreachable> {
  const { way, ssh, prefix, host, purpose } = opening;
  const hops = [...way.before, { destination: way.destination, settings: way.settings, address }];
  const [program = "ssh", ...rest] = [...prefix, ...sshWords(hops, ssh)];
  const withinMs = ssh.connectSeconds * 1000 * hops.length + LOGIN_MS;
  for (let attempt = 1; ; attempt += 1) {
    const greeted = await greetShell([program, ...rest], withinMs, environmentOf(hops));
    if (greeted.kind === "greeted") return makeSession(greeted, { host, purpose });
    const { unreachable, isDropped } = readSshFailure(host, greeted);
    if (!isDropped || attempt === MOST_ATTEMPTS) return unreachable;
    await sleep(waitBefore(attempt));
  }
}

/** OpenSSH hands a `ProxyCommand` to `$SHELL`; that of the hosts on the way is written for a POSIX one. */
function environmentOf(hops: readonly unknown[]): NodeJS.ProcessEnv {
  return hops.length === 1 ? process.env : { ...process.env, SHELL: "/bin/sh" };
}

function waitBefore(attempt: number): number {
  const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt);
  return randomInt(Math.floor(longest / 2), longest);
}

function mostTelling(failures: readonly (readonly [string, Unreachable])[]): Unreachable {
  const sorted = failures.toSorted(([, a], [, b]) => TELLING.indexOf(a.kind) - TELLING.indexOf(b.kind));
  const [first, ...others] = sorted;
  if (first === undefined) throw new TypeError("A way has an address.");
  return others.length === 0 ? first[1] : say.nowhere(first[1], others);
}
