import type { IPv4 } from "#ip/index.js";
import type { HostId, Segment, Snapshot } from "#model/index.js";
import { type CompiledHost, compileHost } from "./compiled-host.js";
import { type Layer2, shareLayer2, variesInLayer2 } from "./layer2.js";
import { buildMemory, type Memory } from "./memory.js";
import { eachLocalAddress, mayAnswerForOthers } from "./owners.js";
import { findPlugSwitches, plugIn, readPlugs, type UnpluggedLayer2 } from "./plug-switch.js";
import type { Recollection } from "./recollection.js";
import type { StagedHost } from "./staged-host.js";

export type { StagedHost };

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
  /** What hosts may have kept in their caches on the way to their stages; null where none has a way behind it. */
  readonly memory: Memory | null;
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

/** Indexes hosts, each with its possible states. Where `only` is given, they remember these entries and no others. */
export function buildWorld(
  staged: readonly StagedHost[],
  segments: readonly Segment[],
  only: readonly Recollection[] | null = null,
): World {
  const hosts = staged.map(({ id, stages }) => ({
    id,
    stages: stages.map(compileHost),
  }));
  const layer2Varying = hosts.flatMap((host, index) => (variesInLayer2(host.stages) ? [index] : []));
  return {
    hosts,
    indexOf: new Map(hosts.map((host, index) => [host.id, index])),
    owners: indexOwners(hosts),
    proxies: hosts.flatMap((host, index) => (host.stages.some(mayAnswerForOthers) ? [index] : [])),
    layer2Varying,
    layer2: layOut(hosts, segments, layer2Varying),
    memory: buildMemory(staged, segments, only),
  };
}

/** Where switch ports move, each is asked for its place only where that matters; else every varying host is asked at once. */
function layOut(
  hosts: readonly WorldHost[],
  segments: readonly Segment[],
  varying: readonly number[],
): World["layer2"] {
  const askAll = cacheLayer2(hosts, segments, varying);
  const switches = new Map(
    findPlugSwitches(hosts, segments, varying).map((each) => [each.host, each] as const),
  );
  if (switches.size === 0) return askAll;
  const others = varying.filter((host) => !switches.has(host));
  const isVarying = new Set(others);
  const known = new Map<string, UnpluggedLayer2 | null>();
  return (stageOf) => {
    const key = others.map(stageOf).join();
    let unplugged = known.get(key);
    if (unplugged === undefined) {
      const states = hosts.flatMap(
        ({ stages }, host) =>
          switches.get(host)?.unplugged ?? stages[isVarying.has(host) ? stageOf(host) : 0] ?? [],
      );
      unplugged = readPlugs(shareLayer2(states, segments), [...switches.values()]);
      known.set(key, unplugged);
    }
    return unplugged === null ? askAll(stageOf) : plugIn(unplugged, stageOf);
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
    const built = shareLayer2(states, segments);
    known.set(key, built);
    return built;
  };
}

function indexOwners(hosts: readonly WorldHost[]): ReadonlyMap<IPv4, readonly number[]> {
  const owners = new Map<IPv4, number[]>();
  hosts.forEach(({ stages }, index) => {
    eachLocalAddress(stages, (address) => {
      const known = owners.get(address);
      if (known === undefined) owners.set(address, [index]);
      else if (known.at(-1) !== index) known.push(index);
    });
  });
  return owners;
}
