import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { SshReachOptions } from "#transport/index.js";

/** Addresses of the network: the server has two on the wire that all share, and one that only the jump host reaches. */
export const ADDRESS = {
  controller: "10.99.0.1",
  server: "10.99.0.2",
  serverToo: "10.99.0.3",
  jump: "10.99.0.4",
  serverBehindJump: "10.98.0.2",
  nobody: "10.99.0.99",
} as const;

/** A user of the server who is not root. */
export const USER = "tr-ops";

/** What a server of a test is to be like. */
export interface ServerWish {
  /** Lines for sshd_config. */
  readonly options?: readonly string[];
  /** The text of a file in /etc/sudoers.d. */
  readonly sudoers?: string;
}

let networksMade = 0;

/**
 * A controller, a server and a jump host in network namespaces of their own, with real OpenSSH servers, keys of their own and a client
 * configuration that knows nothing else. Whoever makes one removes it.
 */
export class SshNetwork {
  readonly folder = mkdtempSync(join(tmpdir(), "tr-ssh-"));
  readonly port = randomInt(20_000, 30_000);
  readonly #name: string;
  readonly #servers: ChildProcess[] = [];

  constructor() {
    networksMade += 1;
    this.#name = `tr-${process.pid}-${networksMade}`;
    chmodSync(this.folder, 0o755);
    for (const part of ["c", "s", "j", "w"]) ip(["netns", "add", this.namespace(part)]);
    const far = ["c", "s", "j"].map(
      (part) => `link add e0 netns ${this.namespace(part)} type veth peer name ${part}`,
    );
    ip(
      ["-n", this.namespace("w"), "-batch", "-"],
      [
        "link add br0 type bridge",
        "link set br0 up",
        ...far,
        ...["c", "s", "j"].map((part) => `link set ${part} master br0 up`),
      ],
    );
    ip([
      "-n",
      this.namespace("j"),
      "link",
      "add",
      "e1",
      "type",
      "veth",
      "peer",
      "name",
      "e1",
      "netns",
      this.namespace("s"),
    ]);
    this.#address("c", "e0", [ADDRESS.controller]);
    this.#address("s", "e0", [ADDRESS.server, ADDRESS.serverToo]);
    this.#address("j", "e0", [ADDRESS.jump]);
    this.#address("s", "e1", [ADDRESS.serverBehindJump]);
    this.#address("j", "e1", ["10.98.0.4"]);
    for (const key of ["client", "stranger", "server", "server-new", "jump"]) this.#makeKey(key);
    writeFileSync(this.path("authorized_keys"), readFileSync(this.path("client.pub")), { mode: 0o644 });
    this.#writeUsers();
    this.know({ [ADDRESS.server]: "server", [ADDRESS.jump]: "jump" });
    this.configure([]);
  }

  /** The namespace of a part: `c`ontroller, `s`erver, `j`ump host, s`w`itch. */
  namespace(part: string): string {
    return `${this.#name}-${part}`;
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  /** Runs a command in the namespace of a part. */
  at(part: string, words: readonly string[]): void {
    runOrThrow("nsenter", [`--net=/run/netns/${this.namespace(part)}`, ...words]);
  }

  /** Writes known_hosts: names with their keys. */
  know(keys: Readonly<Record<string, string>>): void {
    const lines = Object.entries(keys).map(
      ([name, key]) => `[${name}]:${this.port} ${readFileSync(this.path(`${key}.pub`), "utf8")}`,
    );
    writeFileSync(this.path("known_hosts"), lines.join(""));
  }

  /** Writes the client's configuration: these lines first. */
  configure(lines: readonly string[]): void {
    const text = [
      ...lines,
      "Host *",
      `  Port ${this.port}`,
      "  User root",
      `  IdentityFile ${this.path("client")}`,
      "  IdentitiesOnly yes",
      "  IdentityAgent none",
      `  UserKnownHostsFile ${this.path("known_hosts")}`,
      "  GlobalKnownHostsFile /dev/null",
      "",
    ].join("\n");
    writeFileSync(this.path("config"), text);
  }

  /** What a reach from the controller's namespace needs. */
  reachOptions(destination: string): SshReachOptions {
    return {
      destinationOf: () => destination,
      configFile: this.path("config"),
      prefix: ["nsenter", `--net=/run/netns/${this.namespace("c")}`],
      connectSeconds: 2,
      aliveSeconds: 1,
    };
  }

  /** What the servers wrote into their logs. */
  log(part: string): string {
    return readFileSync(this.path(`sshd-${part}.log`), "utf8");
  }

  /** Starts sshd with a host key in the namespace of a part, in a mount namespace with users of its own. */
  async serve(part: string, key: string, wish: ServerWish = {}): Promise<void> {
    const log = this.path(`sshd-${part}.log`);
    writeFileSync(this.path(`sshd_config-${part}`), this.#serverConfiguration(key, wish.options ?? []));
    writeFileSync(log, "");
    runOrThrow("mkdir", ["-p", this.path(`sudoers-${part}`)]);
    writeFileSync(this.path(`sudoers-${part}/pointsman`), wish.sudoers ?? "", { mode: 0o440 });
    const script = `mount -t tmpfs tmpfs /run && mkdir /run/sshd && cd "$1" && mount --bind passwd /etc/passwd && mount --bind shadow /etc/shadow \
      && mount --bind "sudoers-$4" /etc/sudoers.d && mount -t tmpfs tmpfs /var/lib && mkdir /var/lib/pointsman \
      && exec /usr/sbin/sshd -D -E "$2" -f "$3"`;
    const words = [
      `--net=/run/netns/${this.namespace(part)}`,
      "unshare",
      "--mount",
      "sh",
      "-c",
      script,
      "sh",
    ];
    const server = spawn("nsenter", [...words, this.folder, log, this.path(`sshd_config-${part}`), part], {
      stdio: "ignore",
    });
    this.#servers.push(server);
    for (let tries = 0; tries < 200 && !this.log(part).includes("Server listening"); tries += 1)
      await sleep(50);
    if (!this.log(part).includes("Server listening"))
      throw new Error(`sshd does not listen: ${this.log(part)}`);
  }

  /** The processes in the namespaces that are not its own servers, after a moment in which they may end. */
  async strangers(): Promise<readonly number[]> {
    const own = new Set(this.#servers.map(({ pid }) => pid));
    const others = (): readonly number[] =>
      ["c", "s", "j"].flatMap((part) => pidsOf(this.namespace(part))).filter((pid) => !own.has(pid));
    for (let tries = 0; tries < 60 && others().length > 0; tries += 1) await sleep(50);
    return others();
  }

  /** Ends the servers with their sessions. */
  async stopServers(): Promise<void> {
    for (const part of ["s", "j"])
      for (const pid of pidsOf(this.namespace(part))) {
        try {
          process.kill(pid, "SIGKILL");
        } catch {
          // It has ended meanwhile.
        }
      }
    await Promise.all(
      this.#servers.map(
        (server) => server.exitCode ?? server.signalCode ?? new Promise((done) => server.once("exit", done)),
      ),
    );
    this.#servers.length = 0;
  }

  /** Ends everything that is in the namespaces, and removes them. */
  async remove(): Promise<void> {
    await this.stopServers();
    for (const part of ["c", "s", "j", "w"]) spawnSync("ip", ["netns", "del", this.namespace(part)]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  #address(part: string, link: string, addresses: readonly string[]): void {
    ip(
      ["-n", this.namespace(part), "-batch", "-"],
      [
        "link set lo up",
        `link set ${link} up`,
        ...addresses.map((address) => `address add ${address}/24 dev ${link}`),
      ],
    );
  }

  #makeKey(name: string): void {
    runOrThrow("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", this.path(name)]);
  }

  #writeUsers(): void {
    const passwd = readFileSync("/etc/passwd", "utf8");
    writeFileSync(this.path("passwd"), `${passwd}${USER}:x:64123:64123::/nonexistent:/bin/sh\n`, {
      mode: 0o644,
    });
    const shadow = readFileSync("/etc/shadow", "utf8").replace(/^root:[^:]*/m, "root:*");
    writeFileSync(this.path("shadow"), `${shadow}${USER}:*:20000:0:99999:7:::\n`, { mode: 0o600 });
  }

  #serverConfiguration(key: string, options: readonly string[]): string {
    return [
      ...options,
      `Port ${this.port}`,
      `HostKey ${this.path(key)}`,
      `AuthorizedKeysFile ${this.path("authorized_keys")}`,
      "PidFile none",
      "StrictModes no",
      "UsePAM no",
      "PasswordAuthentication no",
      "KbdInteractiveAuthentication no",
      "PermitRootLogin yes",
      "LogLevel VERBOSE",
      "MaxSessions 10",
      "",
    ].join("\n");
  }
}

function pidsOf(namespace: string): readonly number[] {
  const said = spawnSync("ip", ["netns", "pids", namespace], { encoding: "utf8" }).stdout;
  return said
    .split("\n")
    .filter((line) => line !== "")
    .map(Number);
}

function ip(words: readonly string[], lines: readonly string[] = []): void {
  runOrThrow("ip", words, `${lines.join("\n")}\n`);
}

function runOrThrow(program: string, words: readonly string[], input = ""): void {
  const done = spawnSync(program, words, { encoding: "utf8", input });
  if (done.status !== 0)
    throw new Error(`${program} ${words.join(" ")}: ${done.stderr}${done.error?.message ?? ""}`);
}
