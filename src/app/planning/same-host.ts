import type { Host } from "#model/index.js";

/**
 * Whether two states of a host are the same to every packet: all facts in the same order. Where they were written and by which
 * protocol they came makes no difference.
 */
export function holdsTheSame(a: Host | undefined, b: Host | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined) return false;
  return factsOf(a) === factsOf(b);
}

function factsOf(host: Host): string {
  const { links, addresses, routes, rules, neighbours, fdb, sysctls, unmodelled } = host;
  const settings = [...sysctls].sort(([a], [b]) => (a < b ? -1 : 1));
  const open = unmodelled.map(({ code, message }) => [code, message]);
  return JSON.stringify(
    [links, addresses, routes, rules, neighbours, fdb, settings, open],
    (key, value: unknown) => (key === "source" || key === "protocol" ? undefined : value),
  );
}
