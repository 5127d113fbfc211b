/** What OpenSSH would use for one destination. */
export interface SshSettings {
  readonly hostname: string;
  readonly user: string;
  readonly port: number;
  /** The name under which the host's key is known, where it is not the host's own. */
  readonly hostKeyAlias: string | null;
  /** Destinations on the way, in order. */
  readonly jumps: readonly string[];
  /** A command of the user's own makes the connection. */
  readonly hasProxyCommand: boolean;
}

/**
 * Reads the output of `ssh -G DESTINATION` (ssh(1)): one keyword and its value a line. Null where it names no host.
 *
 * @example parseSettings("hostname a.lan\nport 22\nuser ops\n")?.hostname // "a.lan"
 */
export function parseSettings(text: string): SshSettings | null {
  const values = new Map<string, string>();
  for (const line of text.split("\n")) {
    const at = line.indexOf(" ");
    if (at > 0 && !values.has(line.slice(0, at))) values.set(line.slice(0, at), line.slice(at + 1).trim());
  }
  const given = (key: string): string | null => {
    const value = values.get(key);
    return value === undefined || value === "" || value === "none" ? null : value;
  };
  const hostname = given("hostname");
  if (hostname === null) return null;
  return {
    hostname,
    user: given("user") ?? "",
    port: Number(given("port") ?? "22"),
    hostKeyAlias: given("hostkeyalias"),
    jumps: (given("proxyjump") ?? "").split(",").filter((jump) => jump !== ""),
    hasProxyCommand: given("proxycommand") !== null,
  };
}

/** A destination of a list of jumps as `ssh` takes it alone: `user@host:port` has to be a URI there, and `[host]` has no brackets. */
export function jumpDestination(jump: string): string {
  if (jump.startsWith("ssh://")) return jump;
  if (/^(?:[^@]*@)?(?:\[[^\]]*\]|[^:]*):\d+$/.test(jump)) return `ssh://${jump}`;
  return jump.replace(/\[([^\]]*)\]$/, "$1");
}

/** The name under which OpenSSH looks the key up in `known_hosts` when it is not told another: sshd(8), SSH_KNOWN_HOSTS FILE FORMAT. */
export function knownAs({ hostname, port, hostKeyAlias }: SshSettings): string {
  const name = hostname.toLowerCase();
  return hostKeyAlias ?? (port === 22 ? name : `[${name}]:${port}`);
}
