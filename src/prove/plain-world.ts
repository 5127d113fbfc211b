import type { CompiledHost, CompiledLink, World } from "#dataplane/index.js";
import type { IPv4 } from "#ip/index.js";

/** Which hosts of a world do the same with every packet for a destination, and what is true of their addresses. */
export interface Plainness {
  /** No MAC twice, nobody twice on a segment, nobody who may answer for others, one layer 2. */
  readonly isWorldPlain: boolean;
  /** The host looks at no source, keeps no cache entry, and has plain links only, in all its stages. */
  readonly isPlain: (host: number) => boolean;
  /** The only host that has the address in any stage, if it has it in all of them and answers; else null. */
  readonly ownerOf: (address: IPv4) => number | null;
  /** Whether each thing that was learnt is the address of its only owner. */
  readonly isTrue: (learnt: ReadonlyMap<string, string>) => boolean;
}

/** Judges a world; single hosts when they are first asked for. */
export function judgePlainness(world: World): Plainness {
  const macs = indexMacs(world);
  const known = new Map<number, boolean>();
  const isPlain = (host: number): boolean => {
    const found = known.get(host) ?? world.hosts[host]?.stages.every(isPlainHost) ?? false;
    known.set(host, found);
    return found;
  };
  return {
    isWorldPlain: macs !== null && world.proxies.length === 0 && world.layer2Varying.length === 0,
    isPlain,
    ownerOf: (address) => findOwner(world, address),
    isTrue: (learnt) =>
      [...learnt].every(([key, mac]) => {
        const owners = world.owners.get(addressOf(key)) ?? [];
        return owners.length === 1 && owners[0] !== undefined && macs?.get(mac) === owners[0];
      }),
  };
}

/** The key of a learnt entry is `HOST ADDRESS LINK`. */
function addressOf(key: string): IPv4 {
  return Number(key.split(" ")[1]) as IPv4;
}

function findOwner(world: World, address: IPv4): number | null {
  const owners = world.owners.get(address) ?? [];
  const [owner] = owners;
  if (owner === undefined || owners.length > 1) return null;
  const stages = world.hosts[owner]?.stages ?? [];
  const isAlwaysOwn = stages.every((stage) => stage.ownAddresses.has(address) && !stage.ignoresEcho);
  return isAlwaysOwn ? owner : null;
}

/** Whose each MAC is; null where two links have one. */
function indexMacs(world: World): ReadonlyMap<string, number> | null {
  const places = new Map<string, string>();
  const hosts = new Map<string, number>();
  for (const [host, { stages }] of world.hosts.entries()) {
    for (const { name, mac } of stages.flatMap((stage) => stage.host.links)) {
      if (mac === null) continue;
      const place = `${host} ${name}`;
      if ((places.get(mac) ?? place) !== place) return null;
      places.set(mac, place);
      hosts.set(mac, host);
    }
  }
  return hosts;
}

function isPlainHost(state: CompiledHost): boolean {
  return (
    !state.isUncertain &&
    !state.needsFullSourceCheck &&
    state.host.neighbours.length === 0 &&
    state.host.fdb.length === 0 &&
    !hasRivalDefaults(state) &&
    state.links.every(isPlainLink)
  );
}

function isPlainLink(link: CompiledLink): boolean {
  const isPlainKind = link.link.type.kind === "ethernet" || link.link.type.kind === "loopback";
  return (
    isPlainKind &&
    link.link.master === null &&
    !link.link.isNoArp &&
    link.rpFilter === 0 &&
    link.arpIgnore === 0 &&
    !link.filtersArp &&
    !link.acceptsLocal &&
    !link.routesLocalnet
  );
}

function hasRivalDefaults({ host }: CompiledHost): boolean {
  const defaults = host.routes.filter((route) => route.destination.length === 0 && route.gateway !== null);
  return new Set(defaults.map((route) => `${route.table} ${route.metric}`)).size < defaults.length;
}
