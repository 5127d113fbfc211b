import type { IPv4 } from "#ip/index.js";
import { type Host, LOCAL_TABLE, type Route } from "#model/index.js";
import type { CompiledHost } from "./compiled-host.js";

/** What a host takes for its own in any of its stages: its addresses and local routes to a single one. An address may come several times. */
export function eachLocalAddress(stages: readonly CompiledHost[], visit: (address: IPv4) => void): void {
  let last: Host | null = null;
  for (const { host } of stages) {
    if (host.addresses !== last?.addresses) for (const { ip } of host.addresses) visit(ip);
    if (host.routes !== last?.routes) visitRoutes(host.routes, visit);
    last = host;
  }
}

function isOwnAddress({ table, type, destination }: Route): boolean {
  return table === LOCAL_TABLE && type === "local" && destination.length === 32;
}

function visitRoutes(routes: readonly Route[], visit: (address: IPv4) => void): void {
  for (const route of routes) if (isOwnAddress(route)) visit(route.destination.address);
}

/** Whether it may answer for addresses that no such index has: as a proxy, or for a local network. */
export function mayAnswerForOthers(compiled: CompiledHost): boolean {
  return compiled.mayAnswerForOthers;
}
