import {
  type Address,
  applyOperation,
  type Host,
  type HostId,
  type Operation,
  type Route,
} from "#model/index.js";
import { describeDifference, findDifference, type HostChange } from "#plan/index.js";
import type { RandomSource } from "../lab/random-source.js";

/** One command on one host. */
export interface Move {
  readonly host: HostId;
  readonly operation: Operation;
}

/** Commands in the order in which somebody types them. */
export type Procedure = readonly Move[];

/** The operations of each host in the order in which the planner has them, hosts one after the other. */
function hostByHost(changes: readonly HostChange[]): Procedure {
  return changes.flatMap(movesOf);
}

/** Hosts in the order of their names. */
export function alphabetical(changes: readonly HostChange[]): Procedure {
  return hostByHost([...changes].sort((a, b) => (a.host < b.host ? -1 : 1)));
}

/** Everything that adds or exchanges on all hosts, and only then everything that takes away. */
export function addBeforeDelete(changes: readonly HostChange[]): Procedure {
  const moves = alphabetical(changes);
  return [...moves.filter((move) => !isTaking(move)), ...moves.filter(isTaking)];
}

function isTaking({ operation }: Move): boolean {
  return operation.kind.endsWith("-delete") || operation.kind === "link-down";
}

/** Any order of all operations of which each host's own keep theirs. */
export function anyOrderOfHosts(
  changes: readonly Pick<HostChange, "host" | "operations">[],
  random: RandomSource,
): Procedure {
  return atOnce(changes.map(movesOf), random);
}

/** Any order of all operations. */
export function anyOrder(changes: readonly HostChange[], random: RandomSource): Procedure {
  return random.shuffled(hostByHost(changes));
}

/** Each host breaks before it makes: what is to go is deleted, then what is missing is made, as a service does that is restarted. */
export function breakBeforeMake(change: HostChange): Procedure {
  const { host } = change;
  const [before, after] = [change.stages[0], change.stages.at(-1)];
  if (before === undefined || after === undefined) return [];
  let state = before;
  const operations: Operation[] = [];
  for (const operation of deletions(before, after)) {
    const result = applyOperation(state, operation);
    // What went with something else need not be deleted any more.
    if (!result.ok) continue;
    state = result.value;
    operations.push(operation);
  }
  const rest = findDifference(state, after);
  if (rest.kind === "found") operations.push(...rest.operations);
  return operations.map((operation) => ({ host, operation }));
}

/** INC-0004, Step 4, Option B: one host after the other, in the order of the fleet; each breaks before it makes. */
export function oneByOne(parts: readonly Procedure[]): Procedure {
  return parts.flat();
}

/** INC-0004, Step 4, Option A: all at the same time, whoever is faster; the moves of one host keep their order. */
export function atOnce(parts: readonly Procedure[], random: RandomSource): Procedure {
  const left = parts.map((moves) => [...moves]);
  const turns = random.shuffled(parts.flatMap((moves, index) => moves.map(() => index)));
  return turns.flatMap((index) => left[index]?.splice(0, 1) ?? []);
}

function movesOf({ host, operations }: Pick<HostChange, "host" | "operations">): Procedure {
  return operations.map((operation) => ({ host, operation }));
}

function deletions(before: Host, after: Host): readonly Operation[] {
  const addresses = before.addresses.filter(
    (own) => !after.addresses.some((next) => isSameAddress(own, next)),
  );
  const routes = before.routes.filter(
    (own) => own.protocol !== "kernel" && !after.routes.some((next) => isSameRoute(own, next)),
  );
  return [
    ...routes.map((route): Operation => {
      const { table, destination, type, gateway, link, metric, scope } = route;
      return { kind: "route-delete", route: { table, destination, type, gateway, link, metric, scope } };
    }),
    ...addresses.map(
      ({ link, ip, length, peer }): Operation => ({ kind: "address-delete", link, ip, length, peer }),
    ),
  ];
}

function isSameAddress(a: Address, b: Address): boolean {
  return a.link === b.link && a.ip === b.ip && a.length === b.length;
}

function isSameRoute(a: Route, b: Route): boolean {
  const key = ({ table, destination, type, gateway, link, metric }: Route): string =>
    JSON.stringify([table, destination, type, gateway, link, metric]);
  return key(a) === key(b);
}

/** What became of a procedure: no bad state, at least one, or an end that is not the target. */
export interface Outcome {
  readonly kind: "safe" | "hazard" | "stuck";
  /** States seen after the first one, and how many of them were bad. */
  readonly states: number;
  readonly bad: number;
}

/** Says of a state whether it is bad; `key` is the same for the same state. */
export type IsBad = (hosts: readonly Host[], key: string) => boolean;

/** What a procedure is carried out on. */
export interface Site {
  readonly hosts: readonly Host[];
  readonly changes: readonly HostChange[];
  readonly isBad: IsBad;
  /** Whether the first bad state is the end of it: enough to know that it is not safe. */
  readonly endsAtFirst: boolean;
}

/**
 * Carries a procedure out. A command that the kernel refuses waits and is tried again after each later command of its host, as somebody
 * would who reads the error.
 */
export function carryOut(procedure: Procedure, site: Site): Outcome {
  const now = new Map(site.hosts.map((host) => [host.id, host]));
  const done = new Map<HostId, string>();
  const waiting = new Map<HostId, readonly Move[]>();
  const count = { states: 0, bad: 0 };
  const attempt = (move: Move): boolean => {
    const state = now.get(move.host);
    const result = state === undefined ? null : applyOperation(state, move.operation);
    if (result === null || !result.ok) return false;
    now.set(move.host, result.value);
    done.set(move.host, `${done.get(move.host) ?? ""} ${nameOf(move.operation)}`);
    count.states += 1;
    const key = [...done]
      .map(([host, names]) => host + names)
      .sort()
      .join(";");
    if (site.isBad([...now.values()], key)) count.bad += 1;
    return true;
  };
  for (const move of procedure) {
    const { host } = move;
    let left = [move, ...(waiting.get(host) ?? [])];
    for (let next = left.find(attempt); next !== undefined; next = left.find(attempt)) {
      const taken = next;
      left = left.filter((each) => each !== taken);
    }
    waiting.set(host, left);
    if (site.endsAtFirst && count.bad > 0) return { kind: "hazard", ...count };
  }
  const isReached = site.changes.every(({ host, stages }) => holds(now.get(host), stages.at(-1)));
  return { kind: count.bad > 0 ? "hazard" : isReached ? "safe" : "stuck", ...count };
}

const names = new WeakMap<Operation, string>();

/** Each operation is written down once; procedures are made of the same few again and again. */
function nameOf(operation: Operation): string {
  const known = names.get(operation) ?? JSON.stringify(operation);
  names.set(operation, known);
  return known;
}

function holds(host: Host | undefined, wanted: Host | undefined): boolean {
  return host !== undefined && wanted !== undefined && describeDifference(host, wanted).length === 0;
}
