import type { Unreachable } from "#rollout/index.js";
import type { FailedStart } from "../greet-shell.js";
import type { HostId } from "../reach.js";
import { say } from "./messages.js";

/** Why one attempt failed, and whether the same attempt may do better in a moment. */
export interface SshFailure {
  readonly unreachable: Unreachable;
  readonly isDropped: boolean;
}

type Telling = (host: HostId, line: string) => Unreachable;

/** What OpenSSH says and what it means, the most telling first; the texts are those of OpenSSH 7.6 to 10. */
const MEANINGS: readonly (readonly [RegExp, Telling])[] = [
  [/^@?.*(?:REMOTE HOST IDENTIFICATION HAS CHANGED|Host key for .+ has changed).*$/m, say.keyChanged],
  [/^.*REVOKED HOST KEY DETECTED.*$/m, say.keyRevoked],
  [/^No .+ host key is known for .+$/m, say.keyUnknown],
  [/^Host key verification failed.*$/m, say.keyRefused],
  [
    /^.*(?:Bad configuration option|Bad owner or permissions on|terminating, \d+ bad configuration).*$/m,
    say.configuration,
  ],
  [/^(?:Can't open user config file|.*: no argument after keyword).*$/m, say.configuration],
  [/^spawn .+ ENOENT$/m, say.noProgram],
  [/^.*Permission denied \(.*$/m, say.denied],
  [/^.*Too many authentication failures.*$/m, say.denied],
  [/^.*Could not resolve hostname.*$/m, say.noName],
  [/^.*(?:[Cc]onnection timed out|Connection to .+ timed out|Operation timed out).*$/m, say.timedOut],
  [/^.*Connection refused.*$/m, say.refused],
  [
    /^.*(?:No route to host|Network is unreachable|Host is down|Cannot assign requested address).*$/m,
    say.noRoute,
  ],
  [/^.*Unable to negotiate with.*$/m, say.noAlgorithm],
];

/** A server that has too many connections waiting to log in ends some (sshd_config(5), MaxStartups), as one does that is just starting. */
const DROPPED =
  /^.*(?:kex_exchange_identification|ssh_exchange_identification|Connection (?:closed|reset) by|Connection closed|banner exchange).*$/m;

/** Reads why OpenSSH gave no shell. Never throws; words that are not known are shown as they are. */
export function readSshFailure(host: HostId, failed: FailedStart): SshFailure {
  if (failed.kind === "timed-out")
    return { unreachable: say.noGreeting(host, failed.afterMs), isDropped: false };
  const text = failed.end.stderr.replaceAll("\r", "");
  for (const [pattern, tell] of MEANINGS) {
    const line = pattern.exec(text)?.[0];
    if (line !== undefined) return { unreachable: tell(host, line.trim()), isDropped: false };
  }
  const dropped = DROPPED.exec(text)?.[0];
  if (dropped !== undefined) return { unreachable: say.dropped(host, dropped.trim()), isDropped: true };
  return { unreachable: say.other(host, failed.end), isDropped: false };
}
