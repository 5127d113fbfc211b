import { type FlowResult, judgeFlow } from "#dataplane/index.js";
import { contains, type IPv4, type Prefix } from "#ip/index.js";
import { type Host, type Link, LOCAL_TABLE, type Route, type Snapshot } from "#model/index.js";
import { grouped } from "./evidence.js";
import { topologyOf } from "./topology.js";

/**
 * One flow for each kind of pair: hosts that can be swapped without changing anything but names make one class, and the
 * first of each class sends to the addresses of the first two of every class. Every other pair is the image of one of
 * these under such a swap, so its verdict is the same.
 */
export function representativeFlows(snapshot: Snapshot): readonly FlowResult[] {
  const { world } = topologyOf(snapshot);
  const shapeOf = describeShapes(snapshot);
  const classes = grouped(snapshot.hosts.values(), shapeOf);
  const targets = classes.flatMap((hosts) => hosts.slice(0, 2).flatMap(outsideLoopback));
  return classes.flatMap(([sender]) => {
    const host = sender === undefined ? undefined : world.indexOf.get(sender.id);
    if (host === undefined) return [];
    return [...new Set(targets)].sort((a, b) => a - b).map((to) => judgeFlow(world, { host, to }, true));
  });
}

function outsideLoopback(host: Host): readonly IPv4[] {
  return host.addresses.map((address) => address.ip).filter((ip) => ip >>> 24 !== 127);
}

/** A text that is equal for two hosts only if they can be swapped. */
function describeShapes(snapshot: Snapshot): (host: Host) => string {
  const signatureOf = describeAddresses(snapshot);
  const isNamed = namedMacs(snapshot);
  const { domains, neighboursOf } = topologyOf(snapshot);
  const linkShape = (host: Host, link: Link): unknown => {
    const { mac, source: _, ...rest } = link;
    const named = mac === null || isNamed.has(mac) ? mac : "a MAC of its own";
    const heard = neighboursOf(host, link.name);
    const isAlone = heard.every((member) => member.host.id === host.id);
    return [rest, named, isAlone ? "alone" : domains.indexOf(heard)];
  };
  return (host) => {
    const isSingle = host.neighbours.length + host.fdb.length + host.unmodelled.length > 0;
    const own = new Map(host.addresses.map((address, index) => [address.ip, index]));
    const hideOwn = (ip: IPv4 | null): unknown =>
      ip === null ? null : own.has(ip) ? ["own", own.get(ip)] : ip;
    return JSON.stringify([
      isSingle ? host.id : "",
      host.links.map((link) => linkShape(host, link)),
      host.addresses.map(({ ip, source: _, ...rest }) => [rest, signatureOf(ip)]),
      host.routes.map(({ source: _, destination, ...rest }) => [
        { ...rest, gateway: hideOwn(rest.gateway), preferredSource: hideOwn(rest.preferredSource) },
        destination.length,
        hideOwn(destination.address),
      ]),
      host.rules,
      [...host.sysctls].sort(([a], [b]) => (a < b ? -1 : 1)),
    ]);
  };
}

/** Which networks of the fleet hold an address: two addresses with one signature are alike to every look-up. */
function describeAddresses(snapshot: Snapshot): (ip: IPv4) => string {
  const networks = new Map<string, Prefix>();
  const add = (network: Prefix): void => {
    networks.set(`${network.address}/${network.length}`, network);
  };
  const owners = topologyOf(snapshot).ownersOf;
  for (const host of snapshot.hosts.values()) {
    for (const route of host.routes.filter((one) => !isOwnAddress(one, owners))) add(route.destination);
    for (const ip of mentioned(host)) add({ address: ip, length: 32 });
    for (const rule of host.rules) {
      for (const selector of [rule.from, rule.to]) if (selector !== null) add(selector);
    }
  }
  const all = [...networks];
  return (ip) => all.flatMap(([key, network]) => (contains(network, ip) ? [key] : [])).join();
}

/** The local route of an address that one host alone has says nothing that tells it from its neighbours. */
function isOwnAddress(route: Route, owners: (ip: IPv4) => readonly Host[]): boolean {
  return (
    route.table === LOCAL_TABLE &&
    route.type === "local" &&
    route.destination.length === 32 &&
    owners(route.destination.address).length === 1
  );
}

/** Addresses that a host names one by one. */
function mentioned(host: Host): readonly IPv4[] {
  return [
    ...host.routes.map((route) => route.gateway),
    ...host.neighbours.map((entry) => entry.ip),
    ...host.fdb.map((entry) => entry.remote),
    ...host.links.map(({ type }) => (type.kind === "vxlan" ? type.local : null)),
  ].filter((ip) => ip !== null);
}

/** MAC addresses that some host names, or that two links have. */
function namedMacs(snapshot: Snapshot): ReadonlySet<string> {
  const hosts = [...snapshot.hosts.values()];
  const links = hosts.flatMap((host) => host.links.flatMap((link) => link.mac ?? []));
  const shared = grouped(links, (mac) => mac).flatMap((group) => (group.length > 1 ? group.slice(0, 1) : []));
  const entries = hosts.flatMap((host) =>
    [...host.neighbours, ...host.fdb].flatMap((entry) => entry.mac ?? []),
  );
  return new Set([...shared, ...entries]);
}
