import type { FleetSpecification, HostSpecification } from "./fleet-specification.js";

/** Says whether a smaller fleet still shows what is looked for. */
export type StillShows = (fleet: FleetSpecification) => Promise<boolean>;

const LISTS = [
  "mtus",
  "sysctls",
  "routes",
  "rules",
  "neighbours",
  "fdb",
  "addresses",
  "down",
  "vxlans",
  "bridges",
  "ports",
] as const;
type List = (typeof LISTS)[number];

/** Deletes hosts, then lines in ever smaller pieces, as long as the fleet still shows the fault; the result has no line to spare. */
export async function shrinkFleet(
  fleet: FleetSpecification,
  keep: readonly string[],
  stillShows: StillShows,
): Promise<FleetSpecification> {
  let smallest = fleet;
  for (let before = ""; before !== JSON.stringify(smallest); ) {
    before = JSON.stringify(smallest);
    smallest = await withoutHosts(smallest, keep, stillShows);
    smallest = await withoutLines(smallest, stillShows);
  }
  const used = new Set(smallest.hosts.flatMap((host) => host.ports.map((port) => port.segment)));
  return { ...smallest, segments: smallest.segments.filter((segment) => used.has(segment)) };
}

async function withoutHosts(
  fleet: FleetSpecification,
  keep: readonly string[],
  stillShows: StillShows,
): Promise<FleetSpecification> {
  let smallest = fleet;
  for (const host of fleet.hosts) {
    if (keep.includes(host.name)) continue;
    const smaller = { ...smallest, hosts: smallest.hosts.filter((other) => other.name !== host.name) };
    if (await stillShows(smaller)) smallest = smaller;
  }
  return smallest;
}

async function withoutLines(fleet: FleetSpecification, stillShows: StillShows): Promise<FleetSpecification> {
  let smallest = fleet;
  for (const { name } of fleet.hosts) {
    for (const list of LISTS) smallest = await withoutItems(smallest, { name, list }, stillShows);
  }
  return smallest;
}

/** Halves, quarters, single items. */
async function withoutItems(
  fleet: FleetSpecification,
  place: { readonly name: string; readonly list: List },
  stillShows: StillShows,
): Promise<FleetSpecification> {
  let smallest = fleet;
  const lengthOf = (): number =>
    smallest.hosts.find((host) => host.name === place.name)?.[place.list]?.length ?? 0;
  for (let size = lengthOf(); size >= 1; size = Math.floor(size / 2)) {
    for (let start = 0; start < lengthOf(); ) {
      const smaller = cut(smallest, place, { start, size });
      if (await stillShows(smaller)) smallest = smaller;
      else start += size;
    }
  }
  return smallest;
}

function cut(
  fleet: FleetSpecification,
  place: { readonly name: string; readonly list: List },
  piece: { readonly start: number; readonly size: number },
): FleetSpecification {
  const shorter = (host: HostSpecification): HostSpecification => {
    const items = host[place.list] ?? [];
    return {
      ...host,
      [place.list]: [...items.slice(0, piece.start), ...items.slice(piece.start + piece.size)],
    };
  };
  return { ...fleet, hosts: fleet.hosts.map((host) => (host.name === place.name ? shorter(host) : host)) };
}
