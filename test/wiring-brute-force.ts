import { buildSnapshotWorld, judgeExits, judgeFlow, ownedAddresses } from "#dataplane/index.js";
import type { IPv4 } from "#ip/index.js";
import type { Host, Port, Segment, Snapshot } from "#model/index.js";
import type { HostChange } from "#plan/index.js";
import { joinFirstTwo, type WiringChange } from "./random-wiring.js";

/** What changes by itself: a host with its stages, a port with its segments, or two segments that are apart or joined. */
interface Mover {
  readonly stages: number;
}

/** One state of the fleet: how far each mover is. */
type Progress = readonly number[];

/** A change as movers, and the network in each state of them: the segments are written down anew for each, from what has moved so far. */
export interface WiringStates {
  readonly movers: readonly Mover[];
  readonly networkAt: (progress: Progress) => Snapshot;
}

/** `changes` are those of the hosts themselves. */
export function wiringStates(change: WiringChange, changes: readonly HostChange[]): WiringStates {
  const ports = change.kind === "moves" ? movedPorts(change) : [];
  const joints = change.kind === "moves" ? 0 : 1;
  const movers = [
    ...changes.map(({ stages }) => ({ stages: stages.length })),
    ...ports.map(() => ({ stages: 2 })),
    ...Array.from({ length: joints }, () => ({ stages: 2 })),
  ];
  const hostsAt = (progress: Progress): ReadonlyMap<Host["id"], Host> => {
    const moved = changes.flatMap(({ stages }, index) => stages[progress[index] ?? 0] ?? []);
    return new Map([...change.before.hosts, ...moved.map((host) => [host.id, host] as const)]);
  };
  const segmentsAt = (progress: Progress): readonly Segment[] => {
    const done = progress.slice(changes.length);
    if (change.kind === "moves")
      return plugIn(
        change,
        ports.filter((_, index) => done[index] === 1),
      );
    const apart = change.kind === "join" ? change.before.segments : change.after.segments;
    return (done[0] === 1) === (change.kind === "join") ? joinFirstTwo(apart) : apart;
  };
  return {
    movers,
    networkAt: (progress) => ({ hosts: hostsAt(progress), segments: segmentsAt(progress) }),
  };
}

function movedPorts({ before, after }: WiringChange): readonly Port[] {
  const all = [...before.segments, ...after.segments].flatMap(({ ports }) => ports);
  const unique = new Map(all.map((port) => [`${port.host} ${port.link}`, port]));
  return [...unique.values()].filter((port) => segmentOf(before, port) !== segmentOf(after, port));
}

function segmentOf({ segments }: Snapshot, { host, link }: Port): string | null {
  return (
    segments.find(({ ports }) => ports.some((port) => port.host === host && port.link === link))?.id ?? null
  );
}

/** Each segment with the ports that are in it: those that have moved as after, all others as before. */
function plugIn({ before, after }: WiringChange, moved: readonly Port[]): readonly Segment[] {
  const has = (port: Port): boolean =>
    moved.some(({ host, link }) => host === port.host && link === port.link);
  return before.segments.map(({ id, ports }) => ({
    id,
    ports: [
      ...ports.filter((port) => !has(port)),
      ...(after.segments.find((segment) => segment.id === id)?.ports ?? []).filter(has),
    ],
  }));
}

/** Says what is wrong with a network on the way, or null: the relational invariant in its plainest words. */
export function buildWiringJudge(
  { before, after }: WiringChange,
  given: { readonly last: Snapshot; readonly hosts: readonly Host[]; readonly outside: readonly IPv4[] },
): (network: Snapshot) => string | null {
  const targets = ownedAddresses(given.hosts);
  const judge = (network: Snapshot): ReadonlyMap<string, string> => judgeAll(network, targets);
  const leave = (network: Snapshot): ReadonlyMap<string, readonly string[]> =>
    exitsOf(network, given.outside);
  const [old, next, end] = [before, after, given.last].map(judge);
  const [oldExits, ...endExits] = [before, after, given.last].map(leave);
  return (network) => {
    for (const [flow, exits] of leave(network)) {
      if (oldExits?.get(flow)?.includes("loop") === true) continue;
      const allowed = [oldExits, ...endExits].flatMap((all) => all?.get(flow) ?? []);
      if (exits.includes("loop") || exits.some((exit) => !allowed.includes(exit)))
        return `${flow} leaves by ${exits}`;
    }
    for (const [flow, verdict] of judge(network)) {
      const before = old?.get(flow) ?? "";
      if (verdict.includes("loop") && !before.includes("loop")) return `${flow} loops`;
      const isWanted = [before, next?.get(flow), end?.get(flow)].every((each) => each === "delivered");
      if (isWanted && verdict !== "delivered") return `${flow} is ${verdict}`;
    }
    return null;
  };
}

function judgeAll(network: Snapshot, targets: readonly IPv4[]): ReadonlyMap<string, string> {
  const world = buildSnapshotWorld(network);
  return new Map(
    [...network.hosts.keys()].flatMap((id, host) =>
      targets.map((to) => [`${id} ${to}`, judgeFlow(world, { host, to }, false).verdicts.join()] as const),
    ),
  );
}

function exitsOf(network: Snapshot, outside: readonly IPv4[]): ReadonlyMap<string, readonly string[]> {
  const world = buildSnapshotWorld(network);
  return new Map(
    [...network.hosts.keys()].flatMap((id, host) =>
      outside.map((to) => {
        const exits = judgeExits(world, { host, to }).map((exit) => (exit === "self" ? id : exit));
        const loops = judgeFlow(world, { host, to }, false).verdicts.includes("loop") ? ["loop"] : [];
        return [`${id} ${to}`, [...exits, ...loops]] as const;
      }),
    ),
  );
}

/** A way through good states from nothing moved to all moved, one operation or one port at a time. */
export function hasSafeWiringOrder(
  { movers, networkAt }: WiringStates,
  judge: (network: Snapshot) => string | null,
): boolean {
  const seen = new Set<string>();
  const open: Progress[] = [movers.map(() => 0)];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const done = at;
    if (seen.has(done.join())) continue;
    seen.add(done.join());
    if (judge(networkAt(done)) !== null) continue;
    if (done.every((stage, index) => stage + 1 === movers[index]?.stages)) return true;
    const further = done.flatMap((stage, index) =>
      stage + 1 < (movers[index]?.stages ?? 1) ? [done.with(index, stage + 1)] : [],
    );
    open.push(...further);
  }
  return false;
}
