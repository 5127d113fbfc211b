import { quoteWord } from "../quote-word.js";
import { knownAs, type SshSettings } from "./settings.js";

/** One host on the way to another, the last one included. */
export interface Hop {
  /** What the user's own configuration knows it by. */
  readonly destination: string;
  readonly settings: SshSettings;
  /** The address to connect to, whatever its name means by now; null: as OpenSSH finds it. */
  readonly address: string | null;
}

/** What holds for every connection, through other hosts too. */
export interface SshOptions {
  /** The configuration file instead of the user's own. */
  readonly configFile: string | null;
  readonly acceptsNewHostKeys: boolean;
  readonly connectSeconds: number;
  /** A host that says nothing for three times as long is gone. */
  readonly aliveSeconds: number;
}

/** The words that start `sh` on the last of these hosts, through the others; `hops` must not be empty. */
export function sshWords(hops: readonly Hop[], options: SshOptions): readonly string[] {
  return [...connectionWords(hops, options), "--", hops.at(-1)?.destination ?? "", "exec sh"];
}

/**
 * What is set here comes before the user's configuration (ssh_config(5): the first value counts). A connection is never shared, or a new
 * session would prove nothing about the way to the host; nothing is forwarded, asked or run beside it.
 */
function connectionWords(hops: readonly Hop[], options: SshOptions): readonly string[] {
  const hop = hops.at(-1);
  const fixed = [
    "BatchMode=yes",
    `StrictHostKeyChecking=${options.acceptsNewHostKeys ? "accept-new" : "yes"}`,
    "ControlMaster=no",
    "ControlPath=none",
    "ControlPersist=no",
    "ClearAllForwardings=yes",
    "ForwardAgent=no",
    "ForwardX11=no",
    "PermitLocalCommand=no",
    "RemoteCommand=none",
    "RequestTTY=no",
    "UpdateHostKeys=no",
    "VisualHostKey=no",
    "LogLevel=INFO",
    `ConnectTimeout=${options.connectSeconds}`,
    "ConnectionAttempts=1",
    `ServerAliveInterval=${options.aliveSeconds}`,
    "ServerAliveCountMax=3",
  ];
  const all = [...fixed, ...pinned(hop), ...proxy(hops, options)];
  const file = options.configFile === null ? [] : ["-F", options.configFile];
  return ["ssh", ...file, "-T", ...all.flatMap((option) => ["-o", option])];
}

/** Another address would be judged by the key of the name all the same; user and port must not depend on `Match host` of an address. */
function pinned(hop: Hop | undefined): readonly string[] {
  if (hop === undefined || hop.address === null) return [];
  const { settings, address } = hop;
  const user = settings.user === "" ? [] : [`User=${settings.user}`];
  const name = address.replaceAll("%", "%%");
  return [`HostName=${name}`, `HostKeyAlias=${knownAs(settings)}`, `Port=${settings.port}`, ...user];
}

/**
 * `ProxyJump` would start an `ssh` that is less strict. The text is read by a shell, and `%` is expanded once by each `ssh` that it passes
 * through: the target stands in it as a word, for `%h` would put its name there unquoted.
 */
function proxy(hops: readonly Hop[], options: SshOptions): readonly string[] {
  const before = hops.slice(0, -1);
  const [last, target] = hops.slice(-2);
  if (last === undefined || target === undefined) return [];
  const end = `[${target.address ?? target.settings.hostname}]:${target.settings.port}`;
  const words = [...connectionWords(before, options), "-W", end, "--", last.destination];
  return [`ProxyCommand=${words.map((word) => quoteWord(word.replaceAll("%", "%%"))).join(" ")}`];
}
