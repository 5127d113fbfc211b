import { buildSnapshotWorld, type Domain, type World } from "#dataplane/index.js";
import type { IPv4 } from "#ip/index.js";
import type { Address, Host, Link, LinkName, Snapshot } from "#model/index.js";

/** A host's link as a member of a broadcast domain. */
export interface Member {
  readonly host: Host;
  readonly link: Link;
}

/** An address with the host and link that have it. */
export interface Placed extends Member {
  readonly address: Address;
}

/** A snapshot as the rules look at it: who hears whom, who owns what. */
export interface Topology {
  readonly world: World;
  /** The members of each broadcast domain, in the order of hosts and links; a domain may have one member. */
  readonly domains: readonly (readonly Member[])[];
  /** The members that hear this link, itself included (the same array for each of them), or none where it is down, unplugged or no Ethernet link. */
  readonly neighboursOf: (host: Host, link: LinkName) => readonly Member[];
  readonly ownersOf: (address: IPv4) => readonly Host[];
}

const known = new WeakMap<Snapshot, Topology>();

/** Indexes a snapshot once, for as long as the value lives. */
export function topologyOf(snapshot: Snapshot): Topology {
  const found = known.get(snapshot);
  if (found !== undefined) return found;
  const built = buildTopology(snapshot);
  known.set(snapshot, built);
  return built;
}

/** The addresses of domain members that take part in the segment: 127.0.0.0/8 and host scope are left out. */
export function addressesOf(members: readonly Member[]): readonly Placed[] {
  return members.flatMap(({ host, link }) =>
    host.addresses
      .filter((address) => address.link === link.name && address.scope !== "host")
      .map((address) => ({ host, link, address })),
  );
}

/** Every address of the snapshot but 127.0.0.0/8 and host scope, with its place. */
export function allAddresses(snapshot: Snapshot): readonly Placed[] {
  return [...snapshot.hosts.values()].flatMap((host) =>
    addressesOf(host.links.map((link) => ({ host, link }))),
  );
}

function buildTopology(snapshot: Snapshot): Topology {
  const world = buildSnapshotWorld(snapshot);
  const layer2 = world.layer2(() => 0);
  const members = new Map<Domain, Member[]>();
  const domainByLink = new Map<Link, Domain>();
  [...snapshot.hosts.values()].forEach((host, index) => {
    for (const link of host.links) {
      const domain = layer2.domainOf(index, link.name);
      if (domain === null || !isLeg(domain, index, link)) continue;
      const heard = members.get(domain) ?? [];
      members.set(domain, heard);
      heard.push({ host, link });
      domainByLink.set(link, domain);
    }
  });
  return {
    world,
    domains: [...members.values()],
    neighboursOf: (host, name) => {
      const link = host.links.find((one) => one.name === name);
      const domain = link === undefined ? undefined : domainByLink.get(link);
      return (domain === undefined ? undefined : members.get(domain)) ?? [];
    },
    ownersOf: (address) =>
      (world.owners.get(address) ?? []).flatMap((index) => {
        const id = world.hosts[index]?.id;
        return (id === undefined ? undefined : snapshot.hosts.get(id)) ?? [];
      }),
  };
}

/** Ports of a bridge hear frames but hold no layer 3 of their own. */
function isLeg(domain: Domain, host: number, link: Link): boolean {
  return (domain.byHost.get(host) ?? []).some((leg) => leg.link === link.name && leg.mac === link.mac);
}
