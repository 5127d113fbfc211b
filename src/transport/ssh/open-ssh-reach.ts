import { lookup } from "node:dns/promises";
import type { Unreachable } from "#rollout/index.js";
import { openReach } from "../open-reach.js";
import type { HostId, Opened, Purpose, Reach } from "../reach.js";
import type { ShellSession } from "../shell-session.js";
import { findWay, type Way } from "./find-way.js";
import { say } from "./messages.js";
import { openAnywhere } from "./open-anywhere.js";
import type { SshOptions } from "./ssh-words.js";
import { Turnstile } from "./turnstile.js";

/** How hosts are reached over SSH. */
export interface SshReachOptions {
  /** What `ssh` is given to reach a host, such as `root@nl-k8s-01.lan`; null where the fleet says nothing. */
  readonly destinationOf: (host: HostId) => string | null;
  /** A configuration file instead of the user's own (`ssh -F`). */
  readonly configFile?: string | null;
  /** A key of a host that nobody knows yet is taken and kept (`accept-new`); one that has changed is refused all the same. */
  readonly acceptsNewHostKeys?: boolean;
  /** Other addresses of a host, which it has before or after a change: tried when the one that it was found at does not answer. */
  readonly addressesOf?: (host: HostId) => readonly string[];
  /** Words before `ssh`, such as those that enter a network namespace. */
  readonly prefix?: readonly string[];
  /** The addresses of a name; missing: as this machine resolves it. */
  readonly lookUp?: (name: string) => Promise<readonly string[]>;
  /** How long one address may take to answer; missing: 5 s. */
  readonly connectSeconds?: number;
  /** A host that says nothing for three times as long is gone, and its commands are `lost`; missing: 3 s. */
  readonly aliveSeconds?: number;
}

/**
 * A name may come from a fleet file that somebody else wrote, and a configuration may hand it to a shell (`ProxyCommand`, `Match exec`): these are
 * the signs that OpenSSH refuses since 9.6, and a dash at the beginning would be an option.
 */
const DESTINATION = /^(?!-)(?!.*@-)[^\s\p{Cc}'"`$\\;&<>|(){}]+$/u;

/** An sshd drops logins from its tenth on while they wait (sshd_config(5), MaxStartups); several hosts may share one on the way. */
const AT_ONCE = 8;

/**
 * Reaches hosts by the system's OpenSSH with the user's own configuration, keys and agent. Each host's address is looked up once, at its first
 * opening; later ones go to the same, and to `addressesOf`. Nothing is asked of a person.
 */
export function openSshReach(options: SshReachOptions): Reach {
  const ssh: SshOptions = {
    configFile: options.configFile ?? null,
    acceptsNewHostKeys: options.acceptsNewHostKeys ?? false,
    connectSeconds: options.connectSeconds ?? 5,
    aliveSeconds: options.aliveSeconds ?? 3,
  };
  const prefix = options.prefix ?? [];
  const words = [...prefix, "ssh", ...(ssh.configFile === null ? [] : ["-F", ssh.configFile])];
  const lookUp = options.lookUp ?? lookUpHere;
  const ways = new Map<HostId, Way>();
  const doors = new Turnstile(AT_ONCE);

  const wayTo = async (host: HostId): Promise<Way | Unreachable> => {
    const known = ways.get(host);
    if (known !== undefined) return known;
    const destination = options.destinationOf(host);
    if (destination === null) return say.noDestination(host);
    if (!DESTINATION.test(destination)) return say.noDestinationWord(host, destination);
    return findWay({ words, lookUp }, host, destination);
  };

  const open = async (host: HostId, purpose: Purpose): Promise<Opened<ShellSession>> => {
    const way = await wayTo(host);
    if ("why" in way) return { ok: false, error: way };
    const others = (options.addressesOf?.(host) ?? []).filter(
      (address) => DESTINATION.test(address) && !way.addresses.includes(address),
    );
    const all = { ...way, addresses: [...way.addresses, ...others] };
    const { opened, address } = await openAnywhere({ way: all, ssh, prefix, host, purpose });
    const isPinned = address !== undefined;
    if (isPinned) ways.set(host, { ...all, addresses: putFirst(address, all.addresses) });
    return opened;
  };

  return openReach((host, purpose) => doors.pass(() => open(host, purpose)));
}

function putFirst(first: string | null, addresses: readonly (string | null)[]): readonly (string | null)[] {
  return [first, ...addresses.filter((address) => address !== first)];
}

async function lookUpHere(name: string): Promise<readonly string[]> {
  try {
    return (await lookup(name, { all: true })).map(({ address }) => address);
  } catch {
    return [];
  }
}
