import type { IPv4 } from "#ip/index.js";
import type { HostId } from "#model/index.js";
import type { FleetClasses } from "./classes.js";
import type { FlowKey } from "./flow.js";
import { addressName } from "./names.js";
import type { World } from "./world.js";

/** A flow, named as an operator would: from a host to an address. */
export interface Flow {
  readonly from: HostId;
  readonly to: IPv4;
  /** Packets as large as both ends send them; missing: small ones. */
  readonly size?: "full";
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
  readonly classes: FleetClasses;
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
  const groups = groupHosts(classes.names);
  const targetOf = nameTargets(world, classes, new Set(outside));
  const targets = collectTargets([...world.owners.keys(), ...outside], targetOf);
  const kinds = new Map<string, FlowKind<D>>();
  const add = (name: string, target: Target, { from, count }: Sender): void => {
    const host = world.hosts[from];
    const flow = host && { from: host.id, to: target.to };
    const demand = flow === undefined ? null : demandOf(flow);
    if (flow === undefined || demand === null) return;
    kinds.set(kindName(name, target, from), { flow, key: { host: from, to: target.to }, demand, count });
  };
  for (const [name, members] of groups) {
    for (const target of targets) {
      const size = target.class === null ? 1 : (groups.get(target.class)?.length ?? 1);
      for (const sender of senders({ name, members }, target, size)) add(name, target, sender);
    }
  }
  return {
    kinds: [...kinds.values()],
    kindOf: ({ from, to }) => {
      const host = world.indexOf.get(from);
      const target = targetOf(to);
      if (host === undefined || target === null) return null;
      return kinds.get(kindName(classes.names[host] ?? "", target, host)) ?? null;
    },
  };
}

/** An address as a destination: `group` names what is the same about it and others. */
interface Target {
  readonly to: IPv4;
  readonly group: string;
  /** The host that the address is exchanged with, and its class; null where exchanging hosts leaves the address as it is. */
  readonly owner: number | null;
  readonly class: string | null;
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
function collectTargets(
  addresses: readonly IPv4[],
  targetOf: (to: IPv4) => Target | null,
): readonly Target[] {
  const targets = new Map<string, Target>();
  for (const to of addresses) {
    const target = targetOf(to);
    if (target !== null && !targets.has(target.group)) targets.set(target.group, target);
  }
  return [...targets.values()];
}

/** A group is a class and the place of the address among the names of its home; an address without a home is a group of its own. */
function nameTargets(
  world: World,
  { names, homes }: FleetClasses,
  outside: ReadonlySet<IPv4>,
): (to: IPv4) => Target | null {
  return (to) => {
    if ((!world.owners.has(to) && !outside.has(to)) || to >>> 24 === 127) return null;
    const home = homes.homeOf(addressName(to));
    if (home === null) return { to, group: `address ${to}`, owner: null, class: null };
    const own = names[home.host] ?? "";
    return { to, group: `${home.place} of ${own}`, owner: home.host, class: own };
  };
}

interface Sender {
  readonly from: number;
  readonly count: number;
}

/** The senders of one class that stand for all: the owner itself, and one host that is not the owner. */
function senders(
  { name, members }: { readonly name: string; readonly members: readonly number[] },
  target: Target,
  size: number,
): readonly Sender[] {
  const [first, second] = members;
  if (first === undefined) return [];
  if (target.class !== name) return [{ from: first, count: members.length * size }];
  const other = first === target.owner ? second : first;
  const self = { from: target.owner ?? first, count: members.length };
  return other === undefined ? [self] : [self, { from: other, count: members.length * (members.length - 1) }];
}

function kindName(from: string, target: Target, host: number): string {
  return `${host === target.owner ? "self" : from} > ${target.group}`;
}

/** Marks hosts as different wherever their labels differ. */
export function labelClasses(
  { names, homes }: FleetClasses,
  hosts: readonly { readonly id: HostId }[],
  labels: ReadonlyMap<HostId, string>,
): FleetClasses {
  const numbers = new Map<string, string>();
  const labelled = hosts.map(({ id }, index) => {
    const text = `${labels.get(id) ?? ""} ${names[index]}`;
    const known = numbers.get(text) ?? `c${numbers.size}`;
    numbers.set(text, known);
    return known;
  });
  return { names: labelled, homes };
}
