import {
  bootSteps,
  type DeclaredLink,
  networkdAddress,
  networkdPool,
  networkdRoute,
  rankRules,
} from "#formats/systemd/index.js";
import { prefix } from "#ip/index.js";
import {
  type DhcpRange,
  emptyConfiguration,
  type HostConfiguration,
  type Issue,
  linkName,
} from "#model/index.js";
import type { NetdevDocument, NetworkDocument, NetworkRoute } from "./document.js";
import { networkdIssue } from "./messages.js";
import { type CreatedLink, createdLinks } from "./netdev-links.js";
import { type Assignment, assignFiles } from "./select.js";

interface Converting {
  readonly created: ReadonlyMap<string, CreatedLink>;
  readonly netdevs: ReadonlyMap<string, NetdevDocument>;
  readonly isFolder: boolean;
  readonly issues: Issue[];
}

/** Turns the documents of one host, in the order of their file names, into what a cold boot does. */
export function convertNetworkd(given: {
  readonly networks: readonly NetworkDocument[];
  readonly netdevs: readonly NetdevDocument[];
  /** Whether all files of the host are there, so that a missing one is worth a word. */
  readonly isFolder: boolean;
}): HostConfiguration {
  const issues: Issue[] = [];
  const assignments = assignFiles({ ...given, issues });
  const converting: Converting = {
    created: createdLinks(given.netdevs, assignments, issues),
    netdevs: new Map(given.netdevs.map((netdev) => [netdev.name, netdev])),
    isFolder: given.isFolder,
    issues,
  };
  const managed = assignments.filter(({ network }) => network?.isUnmanaged !== true);
  const assigned = new Set(assignments.map(({ link }) => link));
  const peers = [...converting.created.keys()]
    .filter((link) => !assigned.has(link))
    .map((link) => ({ link, network: null }));
  const documents = managed.flatMap(({ network }) => network ?? []);
  return {
    ...emptyConfiguration(),
    steps: bootSteps({
      links: [...managed, ...peers].flatMap((assignment) => convertLink(assignment, converting) ?? []),
      rules: rankRules([...new Set(documents)].flatMap(({ rules }) => rules)),
      sysctls: documents.flatMap(({ isForwarding }) =>
        isForwarding === null
          ? []
          : [{ value: { key: "ip_forward", value: 1 }, source: isForwarding.source }],
      ),
    }),
    dynamicLinks: managed.flatMap(dynamicLinks),
    ipv6: managed.flatMap(({ link, network }) =>
      (network?.ipv6 ?? []).map((fact) => ({ ...fact, link: linkName(link) })),
    ),
    dhcpRanges: managed.flatMap((assignment) => convertPool(assignment, issues) ?? []),
    issues,
  };
}

function dynamicLinks({ link, network }: Assignment): HostConfiguration["dynamicLinks"] {
  const metric = network?.dhcpMetric ?? null;
  return (network?.dynamic ?? []).map(({ value, source }) => ({
    link: linkName(link),
    protocol: value,
    source,
    ...(value === "dhcp" && metric !== null ? { metric } : {}),
  }));
}

function convertLink({ link, network }: Assignment, converting: Converting): DeclaredLink | null {
  const created = converting.created.get(link) ?? null;
  const isPlannedNetdev = converting.netdevs.has(link) && created === null;
  if (isPlannedNetdev || (network === null && created === null)) return null;
  const name = linkName(link);
  const source = created?.netdev.source ?? network?.source ?? { file: "", line: 1, column: 1 };
  return {
    name,
    unit: `systemd-networkd ${network?.name ?? link}`,
    source,
    created: created?.type ?? null,
    mtu: network?.mtu ?? created?.netdev.mtu ?? null,
    mac: network?.mac ?? created?.netdev.mac ?? null,
    master: masterOf(network, converting),
    // networkd brings a link up only where a .network file is for it.
    activation: network === null ? "untouched" : network.activation,
    sysctls: (network?.linkSysctls ?? []).map(({ value, source: place }) => ({
      value: { key: `conf.${link.replaceAll(".", "/")}.${value.key}`, value: value.value },
      source: place,
    })),
    addresses: (network?.addresses ?? []).map(({ broadcast, scope, ...address }) =>
      networkdAddress({ address: { ...address, link: name }, broadcast, scope }),
    ),
    routes: (network?.routes ?? []).map((route) =>
      convertRoute(route, link, tableOf(link, network, converting)),
    ),
  };
}

function masterOf(network: NetworkDocument | null, converting: Converting): DeclaredLink["master"] {
  const master = network?.master ?? null;
  if (master === null) return null;
  if (converting.isFolder && !converting.created.has(master.value)) {
    converting.issues.push(networkdIssue("unknown-master", master.source, master.value));
  }
  return { value: linkName(master.value), source: master.source };
}

/** networkd puts the routes of a VRF, and of its ports, into the VRF's table unless they name one. */
function tableOf(link: string, network: NetworkDocument | null, { netdevs }: Converting): number | null {
  const own = (netdevs.get(link) ?? netdevs.get(network?.master?.value ?? ""))?.own;
  return own?.kind === "vrf" ? own.table : null;
}

const WITHOUT_DEVICE: ReadonlySet<string> = new Set(["blackhole", "unreachable", "prohibit", "throw"]);

function convertRoute(
  route: NetworkRoute,
  link: string,
  ownTable: number | null,
): DeclaredLink["routes"][number] {
  const { type, table, scope, viaLink, ...rest } = route;
  const device = WITHOUT_DEVICE.has(type) ? null : linkName(viaLink ?? link);
  return networkdRoute({ route: { ...rest, link: device }, type, table: table ?? ownTable, scope });
}

function convertPool({ link, network }: Assignment, issues: Issue[]): DhcpRange | null {
  const pool = network?.pool ?? null;
  if (network === null || pool === null) return null;
  const server = pool.server ?? network.addresses[0] ?? null;
  if (server === null) {
    issues.push(networkdIssue("pool-without-address", pool.source));
    return null;
  }
  const range = networkdPool({ ip: server.ip, length: server.length, offset: pool.offset, size: pool.size });
  if (range === null) {
    issues.push(networkdIssue("pool-outside", pool.source, link, String(pool.offset), String(pool.size)));
    return null;
  }
  return { link: linkName(link), network: prefix(server.ip, server.length), ...range, source: pool.source };
}
