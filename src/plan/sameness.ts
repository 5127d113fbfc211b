import { formatIPv4, formatPrefix } from "#ip/index.js";
import {
  type Address,
  type FdbEntry,
  type Host,
  type Link,
  LOCAL_TABLE,
  type Neighbour,
  type Route,
  type Rule,
} from "#model/index.js";
import { sysctlKeys, sysctlValue } from "./sysctl-value.js";

/**
 * What makes two kernel facts the same fact, as text: where they were written and by which protocol they came is left out.
 * Cache entries that come and go by themselves are not part of a host's configuration and have no name here.
 */
export function linkIdentity(link: Link): string {
  const { name, type, mac, mtu, isUp, master, bridgeVlans } = link;
  return JSON.stringify([name, type, mac, mtu, isUp, master, ...vlanIdentity(bridgeVlans)]);
}

function vlanIdentity(vlans: Link["bridgeVlans"]): readonly unknown[] {
  const sorted = (ids: readonly number[]): readonly number[] => [...ids].sort((a, b) => a - b);
  return vlans === undefined ? [] : [vlans.pvid, sorted(vlans.untagged), sorted(vlans.tagged)];
}

/** An address on a link. Its flags and lifetime do not make it another one. */
export function addressIdentity(address: Address): string {
  const peer = address.peer === null ? "" : ` peer ${formatIPv4(address.peer)}`;
  return `${address.link} ${formatIPv4(address.ip)}/${address.length}${peer} ${address.scope}`;
}

/** A route with all that decides where a packet goes. */
function routeIdentity(route: Route): string {
  return [
    ...(route.type === "unicast" ? [] : [route.type]),
    formatPrefix(route.destination),
    ...(route.gateway === null ? [] : ["via", formatIPv4(route.gateway)]),
    ...(route.link === null ? [] : ["dev", route.link]),
    `table ${route.table} metric ${route.metric} scope ${route.scope}`,
    ...(route.preferredSource === null ? [] : ["src", formatIPv4(route.preferredSource)]),
    ...(route.isOnlink ? ["onlink"] : []),
  ].join(" ");
}

/** A key for comparing routes: two have the same exactly where `routeIdentity` is the same, and it takes a fraction of the time. */
export function routeKey(route: Route): string {
  const { type, destination, gateway, link, table, metric, scope, preferredSource, isOnlink } = route;
  const ends = `${destination.address}/${destination.length} ${gateway} ${preferredSource}`;
  return `${type} ${ends} ${table} ${metric} ${scope} ${isOnlink} ${link}`;
}

/** The place of a route in its table: `ip route add` refuses a second one there, `replace` exchanges it. */
export function routeSlot(route: Route): string {
  const { table, destination, metric } = route;
  return `${table} ${destination.address}/${destination.length} ${metric}`;
}

/** A policy rule with all its selectors. */
export function ruleIdentity(rule: Rule): string {
  return JSON.stringify(rule);
}

/** An entry of the neighbour table, its state included. */
export function neighbourIdentity(entry: Neighbour): string {
  return `${entry.link} ${formatIPv4(entry.ip)} ${entry.mac ?? "-"} ${entry.isProxy ? "proxy" : entry.state}`;
}

/** A forwarding entry of a bridge or VXLAN link. */
export function fdbIdentity(entry: FdbEntry): string {
  const remote = entry.remote === null ? "-" : formatIPv4(entry.remote);
  return `${entry.link} ${entry.mac} ${remote} ${entry.master ?? "-"} ${entry.vlan ?? "-"}`;
}

/** Entries that stay until somebody removes them. */
export function isConfigured(entry: Neighbour): boolean {
  return entry.isProxy || entry.state === "permanent" || entry.state === "noarp";
}

/** What of `after` the host lacks and what it has besides, each as a line; empty where both hold the same. */
export function describeDifference(host: Host, after: Host): readonly string[] {
  return [
    ...compare("link", host.links.map(linkIdentity), after.links.map(linkIdentity)),
    ...compare("address", host.addresses.map(addressIdentity), after.addresses.map(addressIdentity)),
    ...compareRoutes(host.routes, after.routes),
    ...(host.rules === after.rules
      ? []
      : compare("rule", host.rules.map(ruleIdentity), after.rules.map(ruleIdentity))),
    ...compare(
      "neighbour",
      host.neighbours.filter(isConfigured).map(neighbourIdentity),
      after.neighbours.filter(isConfigured).map(neighbourIdentity),
    ),
    ...compare("fdb entry", staticFdb(host).map(fdbIdentity), staticFdb(after).map(fdbIdentity)),
    ...sysctlKeys(host, after)
      .filter((key) => sysctlValue(host, key) !== sysctlValue(after, key))
      .map((key) => `missing sysctl ${key}=${sysctlValue(after, key)}`),
    ...(after.etcdPeer === undefined || after.etcdPeer === host.etcdPeer
      ? []
      : [`missing etcd peer address ${formatIPv4(after.etcdPeer)}`]),
    ...misplacedRoutes(host, after).map((route) => `out of order route ${routeIdentity(route)}`),
  ];
}

/**
 * Routes that stand behind others of their prefix, table and metric in `after` and before them on the host: of several the
 * kernel takes the first. Moved to the end one after the other they are in the order of `after`.
 */
export function misplacedRoutes(host: Host, after: Host): readonly Route[] {
  const want = groupBySlot(after);
  if (want.size === 0) return [];
  const have = groupBySlot(host);
  return [...want].flatMap(([slot, routes]) => {
    const present = (have.get(slot) ?? []).map(routeIdentity);
    const wanted = routes.filter((route) => present.includes(routeIdentity(route)));
    let inPlace = 0;
    for (const identity of present) {
      const next = wanted[inPlace];
      if (next !== undefined && routeIdentity(next) === identity) inPlace += 1;
    }
    return wanted.slice(inPlace);
  });
}

/** Slots with several routes; what the table `local` holds is the kernel's own business. */
function groupBySlot(host: Host): ReadonlyMap<string, readonly Route[]> {
  const groups = new Map<string, Route[]>();
  for (const route of host.routes) {
    if (route.table === LOCAL_TABLE) continue;
    const slot = routeSlot(route);
    const group = groups.get(slot);
    if (group === undefined) groups.set(slot, [route]);
    else group.push(route);
  }
  return new Map([...groups].filter(([, routes]) => routes.length > 1));
}

/** Entries that were set, not learnt. */
export function staticFdb(host: Host): readonly FdbEntry[] {
  return host.fdb.filter((entry) => entry.remote !== null);
}

function compareRoutes(have: readonly Route[], want: readonly Route[]): readonly string[] {
  const [haveKeys, wantKeys] = [new Set(have.map(routeKey)), new Set(want.map(routeKey))];
  return [
    ...want
      .filter((route) => !haveKeys.has(routeKey(route)))
      .map((route) => `missing route ${routeIdentity(route)}`),
    ...have
      .filter((route) => !wantKeys.has(routeKey(route)))
      .map((route) => `left-over route ${routeIdentity(route)}`),
  ];
}

function compare(what: string, have: readonly string[], want: readonly string[]): readonly string[] {
  const [haveSet, wantSet] = [new Set(have), new Set(want)];
  return [
    ...want.filter((item) => !haveSet.has(item)).map((item) => `missing ${what} ${item}`),
    ...have.filter((item) => !wantSet.has(item)).map((item) => `left-over ${what} ${item}`),
  ];
}
