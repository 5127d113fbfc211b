import type { IPv4 } from "#ip/index.js";
import type { Host, HostId, Snapshot } from "#model/index.js";
import { type FlowResult, judgeFlow } from "./flow.js";
import type { FlowSize } from "./sized-flow.js";
import { buildSnapshotWorld, type World } from "./world.js";

/** Which flows to judge and how much to say of each. */
export interface MatrixOptions {
  /** Destinations besides the addresses that hosts own. */
  readonly extra?: readonly IPv4[];
  readonly isTraced?: boolean;
}

/** Every host to every address owned in the snapshot (127.0.0.0/8 left out), and to each extra one. */
export function judgeMatrix(snapshot: Snapshot, options: MatrixOptions = {}): readonly FlowResult[] {
  const world = buildSnapshotWorld(snapshot);
  const targets = [...new Set([...ownedAddresses(snapshot.hosts.values()), ...(options.extra ?? [])])];
  return world.hosts.flatMap((_, host) =>
    targets.map((to) => judgeFlow(world, { host, to }, options.isTraced ?? true)),
  );
}

/** One flow there and back. Throws a RangeError for a host that is not in the snapshot: the caller checks names. */
export function judgeOne(snapshot: Snapshot, from: HostId, to: IPv4, size?: FlowSize): FlowResult {
  const world: World = buildSnapshotWorld(snapshot);
  const host = world.indexOf.get(from);
  if (host === undefined) throw new RangeError(`no host \`${from}\` in the snapshot`);
  return judgeFlow(world, { host, to, ...(size === undefined ? {} : { size }) }, true);
}

/** The addresses of the hosts in order, without 127.0.0.0/8. */
export function ownedAddresses(hosts: Iterable<Host>): readonly IPv4[] {
  const owned = new Set<IPv4>();
  for (const host of hosts) {
    for (const address of host.addresses) {
      if (address.ip >>> 24 !== 127) owned.add(address.ip);
    }
  }
  return [...owned].sort((a, b) => a - b);
}
