import type { IPv4 } from "#ip/index.js";
import type { HostId } from "#model/index.js";
import type { FlowKey } from "./flow.js";
import type { World } from "./world.js";

/** A flow, named as an operator would: from a host to an address. */
export interface Flow {
  readonly from: HostId;
  readonly to: IPv4;
}

/** One flow that stands for all that differ from it by an exchange of interchangeable hosts. */
export interface FlowKind<D> {
  readonly flow: Flow;
  readonly key: FlowKey;
  /** What the caller said of the flow. */
  readonly demand: D;
  readonly count: number;
}

/** The kinds of flows of a fleet. */
export interface FoldedFlows<D> {
  readonly kinds: readonly FlowKind<D>[];
  /** The kind of any flow, or null where its demand is null or its ends are not of the fleet. */
  readonly kindOf: (flow: Flow) => FlowKind<D> | null;
}

/** What is folded: the hosts of a world with their classes in the same order. */
export interface FoldInput<D> {
  readonly world: World;
  readonly classes: readonly string[];
  /** Destinations that no host owns: each is a group of its own. */
  readonly outside?: readonly IPv4[];
  /** null: the flow is left out. Must not tell hosts of one class apart. */
  readonly demandOf: (flow: Flow) => D | null;
}

/**
 * One flow for each pair of classes, address of the target's and relation of the ends (one host or two). A pair of classes
 * costs the same however many hosts are in them.
 */
export function foldFlows<D>({ world, classes, outside = [], demandOf }: FoldInput<D>): FoldedFlows<D> {
  const groups = groupHosts(classes);
  const targets = [...collectTargets(world, classes), ...outside.map(unowned)];
  const kinds = new Map<string, FlowKind<D>>();
  for (const [name, members] of groups) {
    for (const target of targets) {
      for (const { from, count } of senders(members, target)) {
        const host = world.hosts[from];
        const demand = host === undefined ? null : demandOf({ from: host.id, to: target.to });
        if (host === undefined || demand === null) continue;
        const flow = { from: host.id, to: target.to };
        kinds.set(kindName(name, target, from), {
          flow,
          key: { host: from, to: target.to },
          demand,
          count,
        });
      }
    }
  }
  const known = new Set(outside);
  const ownedTarget = nameTargets(world, classes);
  const targetOf = (to: IPv4): Target | null => ownedTarget(to) ?? (known.has(to) ? unowned(to) : null);
  return {
    kinds: [...kinds.values()],
    kindOf: ({ from, to }) => {
      const host = world.indexOf.get(from);
      const target = targetOf(to);
      if (host === undefined || target === null) return null;
      return kinds.get(kindName(classes[host] ?? "", target, host)) ?? null;
    },
  };
}

/** An address as a destination: `group` names what is the same about it and others. */
interface Target {
  readonly to: IPv4;
  readonly group: string;
  /** The owner, where there is just one. */
  readonly owner: number | null;
  /** A second host of the owner's class, where there is one: the flow between two of a class goes to it. */
  readonly size: number;
}

function unowned(to: IPv4): Target {
  return { to, group: `address ${to}`, owner: null, size: 1 };
}

function groupHosts(classes: readonly string[]): ReadonlyMap<string, readonly number[]> {
  const groups = new Map<string, number[]>();
  classes.forEach((name, index) => {
    const members = groups.get(name);
    if (members === undefined) groups.set(name, [index]);
    else members.push(index);
  });
  return groups;
}

/** The first target of each group. */
function collectTargets(world: World, classes: readonly string[]): readonly Target[] {
  const sizes = groupHosts(classes);
  const targets = new Map<string, Target>();
  const targetOf = nameTargets(world, classes);
  for (const to of world.owners.keys()) {
    const target = targetOf(to);
    if (target === null || targets.has(target.group)) continue;
    const size = target.owner === null ? 1 : (sizes.get(classes[target.owner] ?? "")?.length ?? 1);
    targets.set(target.group, { ...target, size });
  }
  return [...targets.values()];
}

/** A group is a class and the place of the address among its owner's; an address of several owners is a group of its own. */
function nameTargets(world: World, classes: readonly string[]): (to: IPv4) => Target | null {
  const positions = addressPositions(world);
  return (to) => {
    const owners = world.owners.get(to);
    if (owners === undefined || to >>> 24 === 127) return null;
    const [owner] = owners;
    const position = positions.get(to);
    if (owner === undefined || owners.length > 1 || position === undefined) {
      return { to, group: `address ${to}`, owner: null, size: 1 };
    }
    return { to, group: `${position} of ${classes[owner]}`, owner, size: 1 };
  };
}

/** The senders of one class that stand for all: the owner itself, and one host that is not the owner. */
function senders(
  members: readonly number[],
  target: Target,
): readonly { readonly from: number; readonly count: number }[] {
  const [first] = members;
  if (first === undefined) return [];
  const isOwn = target.owner !== null && members.includes(target.owner);
  if (!isOwn) return [{ from: first, count: members.length * target.size }];
  const other = members.find((member) => member !== target.owner);
  const self = { from: target.owner ?? first, count: members.length };
  return other === undefined ? [self] : [self, { from: other, count: members.length * (members.length - 1) }];
}

function kindName(from: string, target: Target, host: number): string {
  return `${host === target.owner ? "self" : from} > ${target.group}`;
}

/** The place of each address among its host's own, in the order in which the stages name them. */
function addressPositions(world: World): ReadonlyMap<IPv4, number> {
  const positions = new Map<IPv4, number>();
  for (const host of world.hosts) {
    const own = new Set(host.stages.flatMap((stage) => stage.host.addresses.map((address) => address.ip)));
    [...own].forEach((address, position) => {
      positions.set(address, position);
    });
  }
  return positions;
}

/** Marks hosts as different wherever their labels differ. */
export function labelClasses(
  classes: readonly string[],
  hosts: readonly { readonly id: HostId }[],
  labels: ReadonlyMap<HostId, string>,
): readonly string[] {
  return hosts.map(({ id }, index) => `${labels.get(id) ?? ""} ${classes[index]}`);
}
