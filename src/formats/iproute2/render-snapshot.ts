import { formatIPv4, formatPrefix, type Prefix } from "#ip/index.js";
import type {
  Address,
  FdbEntry,
  Host,
  Link,
  Neighbour,
  Route,
  Rule,
  Segment,
  Snapshot,
} from "#model/index.js";
import { renderPortVlans } from "./render-port-vlans.js";
import { tableName } from "./render-words.js";

/** Writes a snapshot directory that `readSnapshot` reads as the same snapshot; `unmodelled` notes and sources are not written. */
export function renderSnapshot(snapshot: Snapshot): ReadonlyMap<string, string> {
  const files = new Map([["wiring.json", renderJson(wiringOf(snapshot.segments))]]);
  for (const host of snapshot.hosts.values()) {
    for (const [file, text] of renderHost(host)) files.set(`hosts/${host.id}/${file}`, text);
  }
  return files;
}

function wiringOf(segments: readonly Segment[]): unknown {
  return {
    segments: Object.fromEntries(
      segments.map(({ id, ports }) => [id, ports.map(({ host, link }) => [host, link])]),
    ),
  };
}

function renderHost(host: Host): readonly (readonly [string, string])[] {
  const isProxy = ({ isProxy }: Neighbour): boolean => isProxy;
  return [
    ["addr.json", renderJson(host.links.map((link) => rawLink(link, host.addresses)))],
    ["route.json", renderJson(host.routes.map(rawRoute))],
    ["rule.json", renderJson(host.rules.map(rawRule))],
    ["neigh.json", renderJson(host.neighbours.filter((entry) => !isProxy(entry)).map(rawNeighbour))],
    ["proxy-neigh.json", renderJson(host.neighbours.filter(isProxy).map(rawProxy))],
    ["fdb.json", renderJson(host.fdb.map(rawFdbEntry))],
    ...renderPortVlans(host.links),
    ["sysctl.txt", renderSysctls(host.sysctls)],
    ...(host.etcdPeer === undefined
      ? []
      : [["etcd.json", renderJson({ peer: formatIPv4(host.etcdPeer) })] as const]),
  ];
}

function renderJson(value: unknown): string {
  return `${JSON.stringify(value, null, 1)}\n`;
}

function renderSysctls(sysctls: Host["sysctls"]): string {
  // An empty file would be one that nothing is known of.
  if (sysctls.size === 0) return "# none was set\n";
  return [...sysctls].map(([key, value]) => `net.ipv4.${key} = ${value}\n`).join("");
}

function rawLink(link: Link, addresses: readonly Address[]): unknown {
  const isLoopback = link.type.kind === "loopback";
  return {
    ifname: link.name,
    flags: flagsOf(link),
    mtu: link.mtu,
    ...(link.type.kind === "vlan" ? { link: link.type.lower } : {}),
    ...(link.master === null ? {} : { master: link.master }),
    link_type: linkType(link),
    ...(link.mac === null ? {} : { address: link.mac }),
    promiscuity: 0,
    ...(isLoopback || link.type.kind === "ethernet" ? {} : { linkinfo: linkInfo(link) }),
    addr_info: addresses.filter((address) => address.link === link.name).map(rawAddress),
  };
}

function linkType(link: Link): string {
  if (link.type.kind === "loopback") return "loopback";
  return link.mac === null && link.type.kind === "other" ? "none" : "ether";
}

function flagsOf(link: Link): readonly string[] {
  return [
    ...(link.type.kind === "loopback" ? ["LOOPBACK"] : []),
    ...(link.isNoArp ? ["NOARP"] : []),
    ...(link.isUp ? ["UP"] : []),
    ...(link.hasCarrier ? ["LOWER_UP"] : []),
  ];
}

function linkInfo({ type }: Link): unknown {
  switch (type.kind) {
    case "loopback":
    case "ethernet":
    case "dummy":
      return { info_kind: type.kind };
    case "bridge":
      return { info_kind: "bridge", info_data: { vlan_filtering: type.isVlanAware ? 1 : 0 } };
    case "vlan":
      return { info_kind: "vlan", info_data: { protocol: "802.1Q", id: type.id } };
    case "bond":
      return { info_kind: "bond", info_data: { mode: type.mode } };
    case "vxlan":
      return {
        info_kind: "vxlan",
        info_data: {
          id: type.id,
          ...(type.local === null ? {} : { local: formatIPv4(type.local) }),
          ...(type.lower === null ? {} : { link: type.lower }),
          port: type.port,
          learning: type.isLearning,
        },
      };
    case "other":
      return { info_kind: type.name };
  }
}

function rawAddress(address: Address): unknown {
  return {
    family: "inet",
    local: formatIPv4(address.ip),
    ...(address.peer === null ? {} : { address: formatIPv4(address.peer) }),
    prefixlen: address.length,
    ...(address.broadcast === null ? {} : { broadcast: formatIPv4(address.broadcast) }),
    scope: address.scope,
    ...(address.isSecondary ? { secondary: true } : {}),
    ...(address.hasNoPrefixRoute ? { noprefixroute: true } : {}),
    label: address.link,
  };
}

function rawRoute(route: Route): unknown {
  return {
    type: route.type,
    dst: prefixText(route.destination),
    ...(route.gateway === null ? {} : { gateway: formatIPv4(route.gateway) }),
    ...(route.link === null ? {} : { dev: route.link }),
    table: tableName(route.table),
    protocol: route.protocol,
    scope: route.scope,
    ...(route.preferredSource === null ? {} : { prefsrc: formatIPv4(route.preferredSource) }),
    ...(route.metric === 0 ? {} : { metric: route.metric }),
    flags: [...(route.isOnlink ? ["onlink"] : []), ...(route.isDead ? ["dead"] : [])],
  };
}

function prefixText(network: Prefix): string {
  if (network.length === 0) return "default";
  return network.length === 32 ? formatIPv4(network.address) : formatPrefix(network);
}

function rawRule(rule: Rule): unknown {
  const { action } = rule;
  if (action.kind === "unmodelled") return rawUnmodelled(rule.priority, action.text);
  return {
    priority: rule.priority,
    ...(rule.isInverted ? { not: null } : {}),
    ...(rule.from === null
      ? { src: "all" }
      : { src: formatIPv4(rule.from.address), srclen: rule.from.length }),
    ...(rule.to === null ? {} : { dst: formatIPv4(rule.to.address), dstlen: rule.to.length }),
    ...(rule.incoming === null ? {} : { iif: rule.incoming }),
    ...(rule.outgoing === null ? {} : { oif: rule.outgoing }),
    ...(rule.mark === null ? {} : { fwmark: hex(rule.mark.value), fwmask: hex(rule.mark.mask) }),
    ...rawAction(action),
  };
}

/** The reader keeps such a rule as the JSON text it came from. */
function rawUnmodelled(priority: number, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return { priority, unmodelled: text };
  }
}

function rawAction(action: Rule["action"]): Readonly<Record<string, unknown>> {
  if (action.kind !== "lookup") return { action: action.kind };
  const suppressed = action.suppressPrefixLength;
  return {
    table: tableName(action.table),
    ...(suppressed === null ? {} : { suppress_prefixlen: suppressed }),
  };
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}

function rawNeighbour(entry: Neighbour): unknown {
  return {
    dst: formatIPv4(entry.ip),
    dev: entry.link,
    ...(entry.mac === null ? {} : { lladdr: entry.mac }),
    state: [entry.state.toUpperCase()],
  };
}

function rawProxy(entry: Neighbour): unknown {
  return { dst: formatIPv4(entry.ip), dev: entry.link, proxy: null };
}

function rawFdbEntry(entry: FdbEntry): unknown {
  return {
    mac: entry.mac,
    ifname: entry.link,
    ...(entry.remote === null ? {} : { dst: formatIPv4(entry.remote) }),
    ...(entry.vlan === null ? {} : { vlan: entry.vlan }),
    flags: [...(entry.master === null ? ["self"] : []), ...(entry.isSticky === true ? ["sticky"] : [])],
    ...(entry.master === null ? {} : { master: entry.master }),
    state: entry.isPermanent ? (entry.isStatic === true ? "static" : "permanent") : "",
  };
}
