import type { StagedHost } from "#dataplane/index.js";
import type { IPv4, Mac } from "#ip/index.js";
import type { Host, LinkName, Neighbour, Segment } from "#model/index.js";
import type { HostChange } from "#plan/index.js";
import type { Judge } from "./brute-force.js";

/** A change to order, with all stages of all its hosts. */
export interface Ordering {
  readonly staged: readonly StagedHost[];
  readonly changes: readonly HostChange[];
  readonly segments: readonly Segment[];
  readonly judge: Judge;
}

/** An entry that a host may have learnt. */
interface Entry {
  readonly host: number;
  readonly link: LinkName;
  readonly ip: IPv4;
  readonly mac: Mac;
}

/** Beyond this many old entries only none, each alone and all together are tried. */
const MAX_COMBINED = 5;

/**
 * A way through good states from nothing done to all done, one operation of one host at a time, where each state is good with any of the
 * neighbour entries that hosts have learnt on the way and not flushed since. Proxies and redirects teach nothing here, and bridges join nothing.
 */
export function hasSafeOrderRemembering({ staged, changes, segments, judge }: Ordering): boolean {
  const operations = staged.map(({ id }) => changes.find(({ host }) => host === id)?.operations ?? []);
  const seen = new Set<string>();
  const open = [{ done: staged.map(() => 0), learnt: new Map<string, Entry>() }];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const { done } = at;
    const state = staged
      .map(({ stages }, host) => stages[done[host] ?? 0])
      .filter((host) => host !== undefined);
    const now = new Map(claimsIn(state, segments).map((entry) => [nameOf(entry), entry]));
    const learnt = new Map([...at.learnt, ...now]);
    const old = [...learnt.values()].filter((entry) => !now.has(nameOf(entry)));
    const key = `${done.join()} ${[...learnt.keys()].sort().join(";")}`;
    if (seen.has(key)) continue;
    seen.add(key);
    if (combinations(old).some((entries) => judge(remembering(state, entries)) !== null)) continue;
    if (done.every((stage, host) => stage === operations[host]?.length)) return true;
    for (const [host, stage] of done.entries()) {
      const operation = operations[host]?.[stage];
      if (operation === undefined) continue;
      const isForgotten = (entry: Entry): boolean =>
        operation.kind === "neighbour-flush" &&
        entry.host === host &&
        (operation.link === null || operation.link === entry.link);
      open.push({
        done: done.with(host, stage + 1),
        learnt: new Map([...learnt].filter(([, entry]) => !isForgotten(entry))),
      });
    }
  }
  return false;
}

/** Who has an address may teach it by every link of his on the segment. */
function claimsIn(state: readonly Host[], segments: readonly Segment[]): readonly Entry[] {
  return segments.flatMap(({ ports }) =>
    ports.flatMap((to) =>
      ports.flatMap((from): readonly Entry[] => {
        const owner = state.find(({ id }) => id === from.host);
        const host = state.findIndex(({ id }) => id === to.host);
        const mac = owner?.links.find(({ name }) => name === from.link)?.mac ?? null;
        if (owner === undefined || host < 0 || mac === null || from.host === to.host) return [];
        return owner.addresses.map(({ ip }) => ({ host, link: to.link, ip, mac }));
      }),
    ),
  );
}

function nameOf({ host, link, ip, mac }: Entry): string {
  return `${host} ${link} ${ip} ${mac}`;
}

function combinations(entries: readonly Entry[]): readonly (readonly Entry[])[] {
  if (entries.length > MAX_COMBINED) return [[], ...entries.map((entry) => [entry]), entries];
  return entries.reduce<readonly (readonly Entry[])[]>(
    (sets, entry) => sets.flatMap((set) => [set, [...set, entry]]),
    [[]],
  );
}

/** A permanent entry stays as it is. */
function remembering(state: readonly Host[], entries: readonly Entry[]): readonly StagedHost[] {
  return state.map((host, index) => {
    const old = entries.filter((entry) => entry.host === index && !isPinned(host, entry));
    const neighbours = old.map(
      ({ link, ip, mac }): Neighbour => ({ link, ip, mac, state: "stale", isProxy: false }),
    );
    return { id: host.id, stages: [{ ...host, neighbours: [...host.neighbours, ...neighbours] }] };
  });
}

function isPinned({ neighbours }: Host, { link, ip }: Entry): boolean {
  return neighbours.some((entry) => entry.link === link && entry.ip === ip && entry.state === "permanent");
}
