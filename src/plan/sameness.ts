import { formatIPv4, formatPrefix } from "#ip/index.js";
import type { Address, FdbEntry, Host, Link, Neighbour, Route, Rule } from "#model/index.js";

/**
 * What makes two kernel facts the same fact, as text: where they were written and by which protocol they came is left out.
 * Cache entries that come and go by themselves are not part of a host's configuration and have no name here.
 */
export function linkIdentity(link: Link): string {
  return JSON.stringify([link.name, link.type, link.mac, link.mtu, link.isUp, link.master]);
}

export function addressIdentity(address: Address): string {
  const peer = address.peer === null ? "" : ` peer ${formatIPv4(address.peer)}`;
  return `${address.link} ${formatIPv4(address.ip)}/${address.length}${peer} ${address.scope}`;
}

export function routeIdentity(route: Route): string {
  return [
    route.table,
    route.type,
    formatPrefix(route.destination),
    route.gateway ?? "-",
    route.link ?? "-",
    route.metric,
    route.scope,
    route.preferredSource ?? "-",
    route.isOnlink ? "onlink" : "",
  ].join(" ");
}

/** The place of a route in its table: `ip route add` refuses a second one there, `replace` exchanges it. */
export function routeSlot(route: Route): string {
  return `${route.table} ${formatPrefix(route.destination)} ${route.metric}`;
}

export function ruleIdentity(rule: Rule): string {
  return JSON.stringify(rule);
}

export function neighbourIdentity(entry: Neighbour): string {
  return `${entry.link} ${formatIPv4(entry.ip)} ${entry.mac ?? "-"} ${entry.isProxy ? "proxy" : entry.state}`;
}

export function fdbIdentity(entry: FdbEntry): string {
  return `${entry.link} ${entry.mac} ${entry.remote ?? "-"} ${entry.master ?? "-"} ${entry.vlan ?? "-"}`;
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
    ...compare("route", host.routes.map(routeIdentity), after.routes.map(routeIdentity)),
    ...compare("rule", host.rules.map(ruleIdentity), after.rules.map(ruleIdentity)),
    ...compare(
      "neighbour",
      host.neighbours.filter(isConfigured).map(neighbourIdentity),
      after.neighbours.filter(isConfigured).map(neighbourIdentity),
    ),
    ...compare("fdb entry", staticFdb(host).map(fdbIdentity), staticFdb(after).map(fdbIdentity)),
    ...compare("sysctl", [...host.sysctls].map(String), [...after.sysctls].map(String)),
  ];
}

/** Entries that were set, not learnt. */
export function staticFdb(host: Host): readonly FdbEntry[] {
  return host.fdb.filter((entry) => entry.remote !== null);
}

function compare(what: string, have: readonly string[], want: readonly string[]): readonly string[] {
  const [haveSet, wantSet] = [new Set(have), new Set(want)];
  return [
    ...want.filter((item) => !haveSet.has(item)).map((item) => `missing ${what} ${item}`),
    ...have.filter((item) => !wantSet.has(item)).map((item) => `left-over ${what} ${item}`),
  ];
}
