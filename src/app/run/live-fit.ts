import { renderOperation } from "#formats/iproute2/index.js";
import type { IPv4 } from "#ip/index.js";
import type { FdbEntry, Host, HostId, LinkName, Neighbour, Snapshot } from "#model/index.js";
import { describeDifference, findDifference } from "#plan/index.js";

/** A host whose live state is not the one that the plan starts from. */
export interface Misfit {
  readonly host: HostId;
  /** What would make it so, as commands; or what differs, in words, where no command does. */
  readonly lines: readonly string[];
}

/** Links that container networks and machines make and remove as they run, by the beginning of their names. */
export const COMING_AND_GOING =
  /^(?:cni|flannel|veth|docker|br-[0-9a-f]{12}$|cali|kube-|lxc|cilium|tap|fwbr|fwpr|fwln|vnet|nodelocaldns)/;

/**
 * Sysctls that decide where a packet goes, whether the plan states them or takes the kernel's default. Others count where the plan states
 * them: those of redirects follow forwarding by themselves (net/ipv4/devinet.c, inet_forward_change).
 */
const DECIDING =
  /^(?:ip_forward|conf\..+\.(?:forwarding|rp_filter|arp_ignore|arp_announce|arp_filter|proxy_arp|proxy_arp_pvlan|accept_local|route_localnet|promote_secondaries))$/;

/**
 * Compares what hosts have now with what the plan starts from: links, addresses, routes, rules, sysctls and neighbours that were set. Left out
 * is what comes and goes by itself: learnt neighbours, links of containers and machines, virtual addresses. Ethernet addresses
 * are left out too, as those of the plan may be made up. A host that the plan knows nothing of is not compared.
 */
export function findMisfits(live: Snapshot, planned: Snapshot, moving: ReadonlySet<IPv4>): readonly Misfit[] {
  return [...planned.hosts.values()].flatMap((wanted) => {
    const found = live.hosts.get(wanted.id);
    if (found === undefined || wanted.links.length === 0) return [];
    const lines = compareHost(comparable(found, wanted, moving), plain(wanted, moving));
    return lines.length === 0 ? [] : [{ host: wanted.id, lines }];
  });
}

function compareHost(found: Host, wanted: Host): readonly string[] {
  const dark = wanted.links.filter(
    ({ name, hasCarrier }) =>
      hasCarrier &&
      !COMING_AND_GOING.test(name) &&
      found.links.some((link) => link.name === name && !link.hasCarrier),
  );
  const carriers = dark.map(({ name }) => `# \`${name}\` has no carrier`);
  if (describeDifference(found, wanted).length === 0) return carriers;
  const difference = findDifference(found, wanted);
  if (difference.kind === "not-found")
    return [...carriers, ...difference.remaining.map((line) => `# ${line}`)];
  return [...carriers, ...difference.operations.map(renderOperation)];
}

/** What of a live host can be held against the plan. */
function comparable(found: Host, wanted: Host, moving: ReadonlySet<IPv4>): Host {
  const kept = keptLinks(found, wanted);
  const known = new Map(wanted.links.map((link) => [link.name, link]));
  const host = plain(found, moving);
  return {
    ...host,
    links: host.links
      .filter(({ name }) => known.has(name))
      .map((link) => {
        const { bridgeVlans, ...rest } = link;
        const twin = known.get(link.name);
        const vlans = twin?.bridgeVlans === undefined || bridgeVlans === undefined ? {} : { bridgeVlans };
        return { ...rest, mac: twin?.mac ?? null, ...vlans };
      }),
    addresses: host.addresses.filter(({ link }) => kept.has(link)),
    routes: host.routes.filter(({ link }) => link === null || kept.has(link)),
    neighbours: host.neighbours.filter(({ link }) => kept.has(link)).map((entry) => withMacOf(entry, wanted)),
    fdb: host.fdb.filter(({ link }) => known.has(link)).map((entry) => withFdbMacOf(entry, wanted)),
    sysctls: new Map([...found.sysctls].filter(([key]) => wanted.sysctls.has(key) || decides(key, wanted))),
  };
}

/** Both sides without what moves; an etcd's peer address is no fact of the kernel. */
function plain(host: Host, moving: ReadonlySet<IPv4>): Host {
  const { etcdPeer: _, ...rest } = host;
  return {
    ...rest,
    neighbours: host.neighbours.filter((entry) => !isMadeByKernel(entry)),
    addresses: host.addresses.filter(({ ip }) => !moving.has(ip)),
    routes: host.routes.filter(
      ({ type, destination }) =>
        !(type === "local" && destination.length === 32 && moving.has(destination.address)),
    ),
  };
}

/** Links of the plan, and others with a name of their own: an address on one of those is a fact that the plan does not know. */
function keptLinks(found: Host, wanted: Host): ReadonlySet<LinkName> {
  const known = new Set(wanted.links.map(({ name }) => name));
  return new Set(
    found.links.flatMap(({ name }) => (known.has(name) || !COMING_AND_GOING.test(name) ? [name] : [])),
  );
}

/** Of the links that the plan knows and nobody makes and removes meanwhile; which address is promoted matters where there are several. */
function decides(key: string, { links, addresses }: Host): boolean {
  if (!DECIDING.test(key)) return false;
  const [, owner, name] = /^conf\.(.+)\.([a-z0-9_]+)$/.exec(key) ?? [];
  if (owner === undefined) return true;
  if (owner === "all") return name !== "promote_secondaries";
  return links.some((link) => {
    if (link.name.replaceAll(".", "/") !== owner || link.name === "lo") return false;
    if (COMING_AND_GOING.test(link.name)) return false;
    return name !== "promote_secondaries" || addresses.filter((each) => each.link === link.name).length > 1;
  });
}

/** Tunnels get an Ethernet address by chance when they are made: that of the plan's is as good. */
function withMacOf(entry: Neighbour, wanted: Host): Neighbour {
  const isTunnel = wanted.links.some(({ name, type }) => name === entry.link && type.kind === "vxlan");
  const twin = wanted.neighbours.find(({ link, ip }) => link === entry.link && ip === entry.ip);
  return isTunnel && twin !== undefined && entry.mac !== null ? { ...entry, mac: twin.mac } : entry;
}

function withFdbMacOf(entry: FdbEntry, wanted: Host): FdbEntry {
  const twin = wanted.fdb.find(({ link, remote }) => link === entry.link && remote === entry.remote);
  return entry.remote !== null && twin !== undefined ? { ...entry, mac: twin.mac } : entry;
}

/** Entries that nobody has to be asked for: loopback, multicast and broadcast (net/ipv4/arp.c, arp_constructor). */
function isMadeByKernel({ link, ip, mac, state }: Neighbour): boolean {
  return state === "noarp" && (link === "lo" || ip >>> 28 === 0xe || mac === "ff:ff:ff:ff:ff:ff");
}
