import { samePrefix } from "#ip/index.js";
import {
  bootHost,
  emptyConfiguration,
  err,
  type Host,
  type Link,
  type Operation,
  ok,
  type Result,
  type Route,
} from "#model/index.js";
import { findDifference } from "#plan/index.js";

/**
 * The operations that bring a new namespace, wired and with its hardware links down, to where a history ends.
 *
 * @returns them in their order, or why there are none.
 */
export function operationsToReach(history: readonly Host[]): Result<readonly Operation[], string> {
  const first = history[0];
  const last = history.at(-1);
  if (first === undefined || last === undefined) return ok([]);
  const strange = last.links.find(({ type }) => type.kind === "other" || type.kind === "bond");
  if (strange !== undefined)
    return err(`link \`${strange.name}\` of \`${last.id}\` is of a kind that no script makes`);
  const direct = difference(bareHost(last), last);
  if (direct.ok) return ok([...direct.value, ...rememberedNeighbours(last)]);
  const replayed = replay(history);
  return replayed.ok ? ok([...replayed.value, ...rememberedNeighbours(last)]) : replayed;
}

/** A state that only history gives (a route whose gateway is no longer on-link) is reached the way the change reaches it. */
function replay(history: readonly Host[]): Result<readonly Operation[], string> {
  const operations: Operation[] = [];
  for (const [index, state] of history.entries()) {
    const step = difference(history[index - 1] ?? bareHost(state), state);
    if (!step.ok) return step;
    operations.push(...step.value);
  }
  return ok(operations);
}

function difference(from: Host, to: Host): Result<readonly Operation[], string> {
  const found = findDifference(from, withoutBorrowedProtocol(to));
  // Where etcd dials its members changes no packet's way.
  if (found.kind === "found")
    return ok(
      found.operations
        .filter(({ kind }) => kind !== "etcd-peer")
        .map((operation) => withBorrowedProtocol(operation, to)),
    );
  return err(
    `no commands bring \`${to.id}\` from nothing to this state: ${found.remaining.slice(0, 3).join("; ")}`,
  );
}

/** The kernel makes no route with a gateway; who writes its name on one (ifupdown2 does) still has to make it. */
function isBorrowing({ gateway, protocol }: Route): boolean {
  return gateway !== null && protocol === "kernel";
}

function withoutBorrowedProtocol(host: Host): Host {
  const routes = host.routes.map((route) => (isBorrowing(route) ? { ...route, protocol: "boot" } : route));
  return { ...host, routes };
}

function withBorrowedProtocol(operation: Operation, to: Host): Operation {
  if (
    operation.kind !== "route-add" &&
    operation.kind !== "route-append" &&
    operation.kind !== "route-replace"
  )
    return operation;
  const { route } = operation;
  const isBorrowed = to.routes.some(
    (other) =>
      isBorrowing(other) &&
      samePrefix(other.destination, route.destination) &&
      other.gateway === route.gateway &&
      other.table === route.table &&
      other.metric === route.metric,
  );
  return isBorrowed ? { ...operation, route: { ...route, protocol: "kernel" } } : operation;
}

/** What a namespace is before its first command: the loopback up, the links of its cables down. */
function bareHost(host: Host): Host {
  const hardware = host.links
    .filter(isHardware)
    .map((link): Link => ({ ...link, isUp: false, master: null }));
  return bootHost({ id: host.id, configuration: emptyConfiguration(), hardware, sysctls: new Map() }).host;
}

/** Whether a link is there before any command: a cable of the script makes it. */
export function isHardware({ type }: Link): boolean {
  return type.kind === "ethernet";
}

/** What the host has in its cache in this state; such entries are no difference between two configurations. */
function rememberedNeighbours(host: Host): readonly Operation[] {
  return cachedNeighbours(host).map((neighbour) => ({ kind: "neighbour-replace", neighbour }));
}

/** Entries of the neighbour cache that answer for an address until the kernel looks again. */
function cachedNeighbours(host: Host): Host["neighbours"] {
  const usable = new Set(["reachable", "stale", "delay", "probe"]);
  return host.neighbours
    .filter(({ mac, state, isProxy }) => mac !== null && !isProxy && usable.has(state))
    .map((neighbour) => ({ ...neighbour, state: "stale" }));
}
