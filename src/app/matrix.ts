import {
  buildSnapshotWorld,
  type FlowResult,
  type FlowSize,
  judgeFlow,
  ownedAddresses,
  parseFlowSize,
} from "#dataplane/index.js";
import { formatIPv4, type IPv4, parseIPv4 } from "#ip/index.js";
import { err, type HostId, ok, type Result, type Snapshot } from "#model/index.js";
import type { Failure } from "./failure.js";
import { say } from "./messages.js";
import { type Network, type NetworkSource, openWholeNetwork } from "./network.js";

/** Every host to every address, judged while it is read: a large fleet's matrix fits in no memory. */
export interface Matrix {
  readonly network: Network;
  readonly hosts: readonly HostId[];
  /** Destinations with the hosts that own them. */
  readonly targets: readonly { readonly address: string; readonly owners: readonly HostId[] }[];
  /** Host by host, each to all targets in order, with their hops. */
  readonly flows: Iterable<FlowResult>;
}

/** What of a matrix is wanted. */
export interface MatrixRequest {
  readonly source: NetworkSource;
  /** Destinations besides the addresses that hosts own, as the operator wrote them. */
  readonly to: readonly string[];
  /** How large the packets are, as the operator wrote it; null: small. */
  readonly size: string | null;
}

/** Judges every host of the network to every address owned in it, and to each one asked for. */
export function matrix(request: MatrixRequest): Result<Matrix, Failure> {
  const extra: IPv4[] = [];
  for (const text of request.to) {
    const address = parseIPv4(text);
    if (address === null) return err(say.notAnAddress(text));
    extra.push(address);
  }
  const size = request.size === null ? undefined : parseFlowSize(request.size);
  if (size === null) return err(say.notASize(request.size ?? ""));
  const network = openWholeNetwork(request.source);
  if (!network.ok) return network;
  const { snapshot } = network.value;
  const targets = [...new Set([...ownedAddresses(snapshot.hosts.values()), ...extra])];
  const owners = ownersOf(snapshot);
  return ok({
    network: network.value,
    hosts: [...snapshot.hosts.keys()],
    targets: targets.map((target) => ({ address: formatIPv4(target), owners: owners.get(target) ?? [] })),
    flows: { [Symbol.iterator]: () => judgeAll(snapshot, targets, size) },
  });
}

function* judgeAll(
  snapshot: Snapshot,
  targets: readonly IPv4[],
  size: FlowSize | undefined,
): Generator<FlowResult, void> {
  const sized = size === undefined ? {} : { size };
  const world = buildSnapshotWorld(snapshot);
  for (let host = 0; host < world.hosts.length; host++) {
    for (const to of targets) yield judgeFlow(world, { host, to, ...sized }, true);
  }
}

function ownersOf(snapshot: Snapshot): ReadonlyMap<IPv4, readonly HostId[]> {
  const owners = new Map<IPv4, HostId[]>();
  for (const host of snapshot.hosts.values()) {
    for (const ip of new Set(host.addresses.map((address) => address.ip))) {
      const known = owners.get(ip);
      if (known === undefined) owners.set(ip, [host.id]);
      else known.push(host.id);
    }
  }
  return owners;
}
