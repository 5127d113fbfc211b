import type { Unreachable } from "#rollout/index.js";
import type { HostId } from "../reach.js";
import { askSettings } from "./ask-settings.js";
import { say } from "./messages.js";
import { jumpDestination, type SshSettings } from "./settings.js";
import type { Hop } from "./ssh-words.js";

/** How a host is reached from here on, whatever names mean later. */
export interface Way {
  /** The hosts before it; the first one's address is pinned. */
  readonly before: readonly Hop[];
  readonly destination: string;
  readonly settings: SshSettings;
  /** Its addresses, best first; null in place of one: as OpenSSH, or the last host before it, finds the name. */
  readonly addresses: readonly (string | null)[];
}

/** What finding a way needs. */
export interface WayFinder {
  /** The words of `ssh` with the configuration file. */
  readonly words: readonly string[];
  /** The addresses of a name; empty where it has none. */
  readonly lookUp: (name: string) => Promise<readonly string[]>;
}

/** More than this is a circle in the configuration. */
const MOST_HOPS = 8;

/** Asks the user's configuration for the way to a destination, once, and looks its names up. */
export async function findWay(
  finder: WayFinder,
  host: HostId,
  destination: string,
): Promise<Way | Unreachable> {
  const settings = await askSettings(host, finder.words, destination);
  if ("why" in settings) return settings;
  const before = await findHops(finder, host, settings);
  if ("why" in before) return before;
  const isFoundElsewhere = before.length > 0 || settings.hasProxyCommand;
  const found = isFoundElsewhere ? [] : await finder.lookUp(settings.hostname);
  return { before, destination, settings, addresses: found.length > 0 ? found : [null] };
}

/** The jumps of one host, and those of the first of them before it: only that one is connected to from here. */
async function findHops(
  finder: WayFinder,
  host: HostId,
  settings: SshSettings,
): Promise<readonly Hop[] | Unreachable> {
  const hops: Hop[] = [];
  let jumps = settings.jumps;
  while (jumps.length > 0) {
    const found: Hop[] = [];
    for (const jump of jumps) {
      const destination = jumpDestination(jump);
      const asked = await askSettings(host, finder.words, destination);
      if ("why" in asked) return asked;
      found.push({ destination, settings: asked, address: null });
    }
    hops.unshift(...found);
    if (hops.length > MOST_HOPS) return say.tooManyJumps(host, MOST_HOPS);
    jumps = found[0]?.settings.jumps ?? [];
  }
  return pinFirst(finder, hops);
}

async function pinFirst(finder: WayFinder, hops: readonly Hop[]): Promise<readonly Hop[]> {
  const [first, ...rest] = hops;
  if (first === undefined || first.settings.hasProxyCommand) return hops;
  const [address = null] = await finder.lookUp(first.settings.hostname);
  return [{ ...first, address }, ...rest];
}
