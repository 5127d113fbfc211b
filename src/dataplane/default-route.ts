import type { Route } from "#model/index.js";
import { cachedMac, type Run, stateOf } from "./run.js";

/**
 * Chooses among default routes of one metric, for what the host sends itself (not for what it forwards): the first, unless
 * its gateway is in the cache and it was the last choice. The last choice is the kernel's own memory,
 * which no command shows, so all values are possible; net/ipv4/fib_semantics.c, fib_select_default and fib_detect_death.
 */
export function selectDefault(run: Run, host: number, rivals: readonly Route[]): Route | null {
  if (rivals.length < 2) return null;
  const isCached = rivals.map((rival) => isGatewayCached(run, host, rival));
  const last =
    run.lastDefault.get(host) ?? (isCached[0] === true ? run.chooser.choose(rivals.length + 1) - 1 : -1);
  const chosen = rivals.findIndex((_, order) => isCached[order] !== true || order !== last);
  run.lastDefault.set(host, chosen);
  return rivals[chosen] ?? null;
}

function isGatewayCached(run: Run, host: number, { link, gateway }: Route): boolean {
  const out = link === null ? undefined : stateOf(run, host).linkByName.get(link);
  return out !== undefined && gateway !== null && cachedMac(run, host, out, gateway) !== null;
}
