import { execFile, execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CommandWords, type PersistItem, renderCommands, stagePersist } from "#rollout/index.js";

/** A shell that must be able to run the host program, and whether busybox stands in for all its tools too. */
export interface ShellKind {
  readonly name: string;
  readonly words: readonly [string, ...string[]];
  readonly isBusybox: boolean;
}

export const SHELLS: readonly ShellKind[] = [
  { name: "dash", words: ["dash"], isBusybox: false },
  { name: "bash", words: ["bash", "--posix"], isBusybox: false },
  { name: "busybox ash with busybox ip", words: ["busybox", "ash"], isBusybox: true },
];

export const DASH: ShellKind = { name: "dash", words: ["dash"], isBusybox: false };

export interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Change {
  readonly forward: readonly CommandWords[];
  readonly revert: readonly CommandWords[];
  readonly persist?: readonly PersistItem[];
  readonly keep?: readonly string[];
}

/** A network namespace with a state directory of its own: what the host program sees as a host. */
export interface TestHost {
  /** Programs in its `bin` stand before those of the system. */
  readonly dir: string;
  readonly namespace: string;
  readonly run: (words: readonly string[], input?: string) => Promise<Answer>;
  /** Starts a verb and gives its process id at once. */
  readonly start: (words: readonly string[]) => {
    readonly pid: number;
    readonly answer: Promise<Answer>;
  };
  /** A script in the namespace, by the system's own shell and tools. Rejects where it fails. */
  readonly sh: (script: string) => Promise<string>;
  readonly stage: (id: string, change: Change) => Promise<void>;
  /** Everything that a change could have touched, as text. */
  readonly dump: () => Promise<string>;
  /** Processes that still run in the namespace. */
  readonly processes: () => readonly number[];
  readonly close: () => void;
}

let count = 0;

/** `environment` is added to that of the program; the timer is a loop unless it says otherwise. */
export async function openHost(
  shell: ShellKind,
  environment: Readonly<Record<string, string>> = {},
): Promise<TestHost> {
  count += 1;
  const namespace = `hp-${process.pid}-${count}`;
  const dir = mkdtempSync(join(tmpdir(), "hp-"));
  execFileSync("ip", ["netns", "add", namespace]);
  const state = environment["POINTSMAN_STATE"] ?? join(dir, "state");
  mkdirSync(state, { recursive: true });
  mkdirSync(join(dir, "bin"));
  cpSync(join(import.meta.dirname, "../../host/pointsman-host"), join(dir, "pointsman-host"));
  const env = {
    ...process.env,
    PATH: [join(dir, "bin"), ...(shell.isBusybox ? [busyboxTools(dir)] : []), process.env["PATH"]].join(":"),
    POINTSMAN_STATE: state,
    POINTSMAN_TIMER: "loop",
    ...environment,
  };
  const enter = ["nsenter", `--net=/run/netns/${namespace}`];
  const start = (words: readonly string[], input = ""): ReturnType<TestHost["start"]> =>
    launch([...enter, ...shell.words, join(dir, "pointsman-host"), ...words], env, input);
  const sh = (script: string): Promise<string> =>
    new Promise((resolve, reject) => {
      execFile("nsenter", [...enter.slice(1), "sh", "-ec", script], (error, stdout) =>
        error === null ? resolve(stdout) : reject(error),
      );
    });
  const run = (words: readonly string[], input = ""): Promise<Answer> => start(words, input).answer;
  await sh(NETWORK);
  return {
    dir,
    namespace,
    run,
    start,
    sh,
    stage: (id, change) => stage(run, id, change),
    dump: () => sh(DUMP),
    processes: () => processesOf(namespace),
    close: () => {
      for (const pid of processesOf(namespace)) kill(pid);
      execFileSync("ip", ["netns", "del", namespace]);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** A leg with a default route, a static one and a rule; a pod network that is none of the program's business. */
const NETWORK = `
ip link set lo up
ip link add e0 type veth peer name p0
ip link set dev e0 address 02:00:00:00:00:01
ip link set e0 up; ip link set p0 up
ip addr add 10.10.0.2/16 brd + dev e0
ip route add default via 10.10.0.1 dev e0
ip route add 192.168.5.0/24 via 10.10.0.3 dev e0
ip rule add from 10.10.0.2 lookup 77 pref 90
ip link add cni0 type bridge; ip addr add 10.42.1.1/24 dev cni0; ip link set cni0 up
ip link add flannel.1 type vxlan id 1 local 10.10.0.2 dev e0 dstport 8472 nolearning
ip addr add 10.42.1.0/32 dev flannel.1; ip link set flannel.1 up
ip neigh add 10.42.2.0 lladdr 02:00:00:00:02:00 dev flannel.1 nud permanent
ip route add 10.42.2.0/24 via 10.42.2.0 dev flannel.1 onlink
ip neigh add 10.10.0.9 lladdr 02:00:00:00:00:09 dev e0 nud permanent
`;

const DUMP = `
ip -o link show | sed -e 's/ state [A-Z]*//' -e 's/<[^>]*UP[^>]*>/UP/'
ip -o -4 addr show; ip -o -4 route show table all | sort; ip rule show
ip -4 neigh show nud permanent | sort
for key in /proc/sys/net/ipv4/conf/e0/*; do echo "$key $(cat "$key" 2>/dev/null)"; done
`;

function launch(
  words: readonly string[],
  env: NodeJS.ProcessEnv,
  input: string,
): ReturnType<TestHost["start"]> {
  const [program = "", ...rest] = words;
  const child = spawn(program, rest, { env, stdio: "pipe" });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (text: Buffer) => {
    stdout += text.toString("utf8");
  });
  child.stderr.on("data", (text: Buffer) => {
    stderr += text.toString("utf8");
  });
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  const answer = new Promise<Answer>((resolve) => {
    child.on("close", (code) => resolve({ code: code ?? -1, stdout, stderr }));
  });
  return { pid: child.pid ?? 0, answer };
}

async function stage(run: TestHost["run"], id: string, change: Change): Promise<void> {
  const persist = stagePersist(change.persist ?? []);
  const texts = [
    ["forward", rendered(change.forward)],
    ["revert", rendered(change.revert)],
    ["persist", persist.persist],
    ["keep", (change.keep ?? []).map((address) => `${address}\n`).join("")],
    ...persist.files,
  ] as const;
  for (const [name, text] of texts) {
    const answer = await run(["stage", id, name], text);
    if (answer.code !== 0) throw new Error(`${name} is not staged: ${answer.stdout}${answer.stderr}`);
  }
}

function rendered(lines: readonly CommandWords[]): string {
  const text = renderCommands(lines);
  if (!text.ok) throw new Error(text.error);
  return text.value;
}

function busyboxTools(dir: string): string {
  const bin = join(dir, "busybox");
  mkdirSync(bin);
  for (const applet of execFileSync("busybox", ["--list"], { encoding: "utf8" }).split("\n")) {
    if (applet !== "" && applet !== "busybox") symlinkSync("/usr/bin/busybox", join(bin, applet));
  }
  return bin;
}

function processesOf(namespace: string): readonly number[] {
  return execFileSync("ip", ["netns", "pids", namespace], { encoding: "utf8" })
    .split("\n")
    .filter((line) => line !== "")
    .map(Number);
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself meanwhile.
  }
}

/** SHA-256 in hex. */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Waits until something is so, and fails after `ms`. */
export async function until(what: () => Promise<boolean> | boolean, ms: number): Promise<void> {
  const end = performance.now() + ms;
  while (!(await what())) {
    if (performance.now() > end) throw new Error(`it did not become so within ${ms} ms`);
    await sleep(50);
  }
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** The prefix of the leg grows, make before break, with a route and a sysctl. */
export const WIDEN: Change = {
  forward: [
    ["ip", "addr", "add", "10.10.0.2/8", "brd", "+", "dev", "e0"],
    ["ip", "route", "add", "10.20.0.0/16", "via", "10.10.0.7", "dev", "e0"],
    ["ip", "addr", "del", "10.10.0.2/16", "dev", "e0"],
    ["sysctl", "-w", "net.ipv4.conf.e0.rp_filter=2"],
    ["ip", "rule", "add", "pref", "80", "from", "10.20.0.0/16", "lookup", "main"],
  ],
  revert: [
    ["ip", "rule", "del", "pref", "80", "from", "10.20.0.0/16", "lookup", "main"],
    ["sysctl", "-w", "net.ipv4.conf.e0.rp_filter=0"],
    ["ip", "addr", "add", "10.10.0.2/16", "brd", "+", "dev", "e0"],
    ["ip", "route", "del", "10.20.0.0/16", "via", "10.10.0.7", "dev", "e0"],
    ["ip", "addr", "del", "10.10.0.2/8", "dev", "e0"],
  ],
};
