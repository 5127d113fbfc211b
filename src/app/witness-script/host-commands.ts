import { renderOperation } from "#formats/iproute2/index.js";
import { bootHost, emptyConfiguration, err, type Host, type Link, ok, type Result } from "#model/index.js";
import { findDifference } from "#plan/index.js";

/** The commands that bring a new namespace, wired and with its hardware links down, to where a history ends. */
export function commandsFor(history: readonly Host[]): Result<readonly string[], string> {
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
function replay(history: readonly Host[]): Result<readonly string[], string> {
  const commands: string[] = [];
  for (const [index, state] of history.entries()) {
    const step = difference(history[index - 1] ?? bareHost(state), state);
    if (!step.ok) return step;
    commands.push(...step.value);
  }
  return ok(commands);
}

function difference(from: Host, to: Host): Result<readonly string[], string> {
  const found = findDifference(from, to);
  // Where etcd dials its members changes no packet's way.
  if (found.kind === "found")
    return ok(found.operations.filter(({ kind }) => kind !== "etcd-peer").map(renderOperation));
  return err(
    `no commands bring \`${to.id}\` from nothing to this state: ${found.remaining.slice(0, 3).join("; ")}`,
  );
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
function rememberedNeighbours(host: Host): readonly string[] {
  return cachedNeighbours(host).map((neighbour) => renderOperation({ kind: "neighbour-replace", neighbour }));
}

/** Entries of the neighbour cache that answer for an address until the kernel looks again. */
function cachedNeighbours(host: Host): Host["neighbours"] {
  const usable = new Set(["reachable", "stale", "delay", "probe"]);
  return host.neighbours
    .filter(({ mac, state, isProxy }) => mac !== null && !isProxy && usable.has(state))
    .map((neighbour) => ({ ...neighbour, state: "stale" }));
}
