import type { IPv4 } from "#ip/index.js";
import { type Host, type HostId, LOCAL_TABLE, type Segment, type Snapshot } from "#model/index.js";
import { type CompiledHost, compileHost } from "./compiled-host.js";
import { buildLayer2, type Layer2, layer2Shape } from "./layer2.js";

/** One host with the states that it may be in: one for a snapshot, several while a change is under way. */
export interface StagedHost {
  readonly id: HostId;
  /** At least one. */
  readonly stages: readonly Host[];
}

/** Hosts with their possible states and an index of who may own or answer for what; shared by all walks through it. */
export interface World {
  readonly hosts: readonly WorldHost[];
  readonly indexOf: ReadonlyMap<HostId, number>;
  /** Hosts that have the address as a local one in some stage. */
  readonly owners: ReadonlyMap<IPv4, readonly number[]>;
  /** Hosts that have local networks (an address range of type local) or may answer ARP for others in some stage. */
  readonly proxies: readonly number[];
  /** Hosts whose stages differ in what layer 2 is made of. */
  readonly layer2Varying: readonly number[];
  /** The broadcast domains with each varying host in the given stage (by host index). */
  readonly layer2: (stageOf: (host: number) => number) => Layer2;
}

/** A host of the world. */
export interface WorldHost {
  readonly id: HostId;
  readonly stages: readonly CompiledHost[];
}

/** The world of one snapshot. */
export function buildSnapshotWorld(snapshot: Snapshot): World {
  const hosts = [...snapshot.hosts.values()].map((host) => ({
    id: host.id,
    stages: [host],
  }));
  return buildWorld(hosts, snapshot.segments);
}

/** Indexes hosts, each with its possible states. */
export function buildWorld(staged: readonly StagedHost[], segments: readonly Segment[]): World {
  const hosts = staged.map(({ id, stages }) => ({
    id,
    stages: stages.map(compileHost),
  }));
  const layer2Varying = hosts.flatMap((host, index) =>
    new Set(host.stages.map(layer2Shape)).size > 1 ? [index] : [],
  );
  return {
    hosts,
    indexOf: new Map(hosts.map((host, index) => [host.id, index])),
    owners: indexOwners(hosts),
    proxies: hosts.flatMap((host, index) => (host.stages.some(mayAnswerForOthers) ? [index] : [])),
    layer2Varying,
    layer2: cacheLayer2(hosts, segments, layer2Varying),
  };
}

function cacheLayer2(
  hosts: readonly WorldHost[],
  segments: readonly Segment[],
  varying: readonly number[],
): World["layer2"] {
  const known = new Map<string, Layer2>();
  const isVarying = new Set(varying);
  return (stageOf) => {
    const key = varying.map(stageOf).join();
    const found = known.get(key);
    if (found !== undefined) return found;
    const states = hosts.flatMap(
      (host, index) => host.stages[isVarying.has(index) ? stageOf(index) : 0] ?? [],
    );
    const built = buildLayer2(states, segments);
    known.set(key, built);
    return built;
  };
}

function indexOwners(hosts: readonly WorldHost[]): ReadonlyMap<IPv4, readonly number[]> {
  const owners = new Map<IPv4, number[]>();
  hosts.forEach((host, index) => {
    const local = new Set(host.stages.flatMap((stage) => [...localAddresses(stage)]));
    for (const address of local) owners.set(address, [...(owners.get(address) ?? []), index]);
  });
  return owners;
}

function localAddresses({ host, ownAddresses }: CompiledHost): ReadonlySet<IPv4> {
  const local = new Set(ownAddresses);
  for (const route of host.routes) {
    if (route.table === LOCAL_TABLE && route.type === "local" && route.destination.length === 32)
      local.add(route.destination.address);
  }
  return local;
}

function mayAnswerForOthers(compiled: CompiledHost): boolean {
  const hasLocalNetwork = compiled.host.routes.some(
    (route) =>
      route.type === "local" &&
      (route.destination.length < 32 || route.table !== LOCAL_TABLE) &&
      route.destination.address >>> 24 !== 127,
  );
  return (
    hasLocalNetwork ||
    compiled.hasUnknownSysctls ||
    compiled.proxyEntries.size > 0 ||
    compiled.links.some((link) => link.isArpProxy || link.isPvlanProxy)
  );
}
