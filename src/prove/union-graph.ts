import {
  buildChooser,
  carryPacket,
  departPacket,
  type FlowKey,
  MAX_HOPS,
  type Packet,
  type Place,
  type Run,
  receivePacket,
  startRun,
  type World,
} from "#dataplane/index.js";
import type { IPv4 } from "#ip/index.js";
import type { Budget } from "./enumerate.js";

/**
 * Whether a flow is delivered in every state, shown without enumerating states: one node for each host, incoming link and stage,
 * an edge wherever some stage may hand the packet on. Where the graph, folded to hosts, has no cycle, every path in it
 * meets each host once, so what ends well on all paths ends well in all states. Linear in the edges.
 *
 * A `false` says nothing: the graph has more paths than there are states. What hosts learn from each other on the way is
 * taken in at its worst; where that is not simple (cached, remembered or forwarding entries that may be stale, one MAC twice, tunnels, redirects, several
 * default routes of one metric) the answer is `false`.
 */
export function isDeliveredByUnion(world: World, key: FlowKey, budget: Budget): boolean {
  if (hasStaleCaches(world) || hasSharedMac(world) || hasRivalDefaults(world)) return false;
  const learnable: Learnable = new Map();
  for (;;) {
    const size = countEntries(learnable);
    const isGood = exploreBothWays(world, key, { learnable, budget });
    if (!isGood) return false;
    if (countEntries(learnable) === size) return true;
  }
}

/** What a host may have in its cache from what it heard in the flow, by the key that `Run.learnt` has. */
type Learnable = Map<string, Set<Run["learnt"] extends Map<string, infer M> ? M : never>>;

interface Exploring {
  readonly learnable: Learnable;
  readonly budget: Budget;
}

function exploreBothWays(world: World, key: FlowKey, exploring: Exploring): boolean {
  const request = explore(world, { host: key.host, source: null, destination: key.to }, exploring);
  if (request === null) return false;
  for (const responder of request.accepted) {
    if (world.hosts[responder]?.stages.some((stage) => stage.ignoresEcho) !== false) return false;
    for (const source of request.sources) {
      const reply = explore(world, { host: responder, source: key.to, destination: source }, exploring);
      if (reply === null || [...reply.accepted].some((host) => host !== key.host)) return false;
    }
  }
  return true;
}

interface Sending {
  readonly host: number;
  readonly source: IPv4 | null;
  readonly destination: IPv4;
}

/** A place with the stage that the host was asked in on the way, -1 where it was not. */
interface Node extends Place {
  readonly stage: number;
}

interface Explored {
  readonly accepted: ReadonlySet<number>;
  readonly sources: ReadonlySet<IPv4>;
}

/** All ways of one packet over all stages; null where some way ends badly or the folded graph is not a short acyclic one. */
function explore(world: World, sending: Sending, exploring: Exploring): Explored | null {
  const accepted = new Set<number>();
  const sources = new Set<IPv4>();
  const edges: Edges = new Map();
  const open: { readonly node: Node; readonly packet: Packet }[] = [];
  const seen = new Set<string>();
  const arrive = (from: number, node: Node, packet: Packet): void => {
    edges.set(from, (edges.get(from) ?? new Set()).add(node.host));
    const name = `${node.host} ${node.link} ${node.stage} ${packet.source}`;
    if (seen.has(name)) return;
    seen.add(name);
    open.push({ node, packet });
  };
  const isDeparted = eachRun(world, sending.host, exploring, (run) => {
    const departure = departPacket(run, sending);
    if (departure.kind === "ended") {
      accepted.add(sending.host);
      sources.add(departure.way.source);
      return departure.way.end === "accepted";
    }
    sources.add(departure.packet.source);
    const next = carryOn(run, departure.egress, departure.packet);
    if (next !== null) arrive(sending.host, next, departure.packet);
    return next !== null;
  });
  if (!isDeparted) return null;
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const { node, packet } = at;
    const isGood = eachRun(world, node.host, exploring, (run) => {
      if (node.stage >= 0 && run.stageOf[node.host] === -1) run.stageOf[node.host] = node.stage;
      const received = receivePacket(run, node, packet);
      if (received.kind === "end") {
        accepted.add(node.host);
        return received.end === "accepted";
      }
      const next = received.isRedirecting ? null : carryOn(run, received.egress, packet);
      if (next !== null) arrive(node.host, next, packet);
      return next !== null;
    });
    if (!isGood) return null;
  }
  return isShortAndAcyclic(edges, sending.host) ? { accepted, sources } : null;
}

/** null where the hop ends badly, or is of a kind that the graph does not follow: tunnels and broadcast frames. */
function carryOn(run: Run, egress: Parameters<typeof carryPacket>[1], packet: Packet): Node | null {
  if (egress.link.link.type.kind === "vxlan") return null;
  const carried = carryPacket(run, egress, packet);
  if (carried.kind !== "arrived" || run.hasMetStrayAddress || run.hasHadMemories) return null;
  return { host: carried.host, link: carried.link, stage: run.stageOf[carried.host] ?? -1 };
}

/** One hop of one host, with nothing learnt and with each thing that it may have learnt; false as soon as `work` says so. */
function eachRun(world: World, host: number, exploring: Exploring, work: (run: Run) => boolean): boolean {
  const own = [...exploring.learnable].filter(([key]) => key.startsWith(`${host} `));
  const presets = own.flatMap(([key, macs]) => [...macs].map((mac) => [key, mac] as const));
  return [null, ...presets].every((preset) =>
    eachChoice(world, exploring, (run) => {
      if (preset !== null) run.learnt.set(...preset);
      return work(run);
    }),
  );
}

/** Every choice of stages and of the kernel. */
function eachChoice(world: World, { learnable, budget }: Exploring, work: (run: Run) => boolean): boolean {
  const chooser = buildChooser();
  do {
    if (budget.left <= 0) return false;
    budget.left -= 1;
    const run = startRun(world, chooser, false);
    if (!work(run)) return false;
    for (const [key, mac] of run.learnt) learnable.set(key, (learnable.get(key) ?? new Set()).add(mac));
  } while (chooser.advance());
  return true;
}

type Edges = Map<number, Set<number>>;

/** Depth of the graph from one host, or a cycle, or a way longer than a packet lives. */
function isShortAndAcyclic(edges: Edges, start: number): boolean {
  const depths = new Map<number, number>();
  const isOpen = new Set<number>();
  const stack = [{ host: start, next: [...(edges.get(start) ?? [])] }];
  isOpen.add(start);
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const host = top.next.pop();
    if (host === undefined) {
      const below = [...(edges.get(top.host) ?? [])].map((each) => depths.get(each) ?? 0);
      depths.set(top.host, 1 + Math.max(0, ...below));
      isOpen.delete(top.host);
      stack.pop();
    } else if (isOpen.has(host)) {
      return false;
    } else if (!depths.has(host)) {
      isOpen.add(host);
      stack.push({ host, next: [...(edges.get(host) ?? [])] });
    }
  }
  return (depths.get(start) ?? 0) <= MAX_HOPS;
}

function hasStaleCaches(world: World): boolean {
  return world.hosts.some(({ stages }) =>
    stages.some((stage) => [...stage.neighbours.values()].some((entry) => !entry.isPermanent)),
  );
}

function hasRivalDefaults(world: World): boolean {
  return world.hosts.some(({ stages }) =>
    stages.some(({ host }) => {
      const defaults = host.routes.filter(
        (route) => route.destination.length === 0 && route.gateway !== null,
      );
      return new Set(defaults.map((route) => `${route.table} ${route.metric}`)).size < defaults.length;
    }),
  );
}

function hasSharedMac(world: World): boolean {
  const owners = new Map<string, string>();
  for (const [index, { stages }] of world.hosts.entries()) {
    for (const { link } of stages.flatMap((stage) => stage.links)) {
      const place = `${index} ${link.name}`;
      if (link.mac === null) continue;
      if ((owners.get(link.mac) ?? place) !== place && link.master === null && link.type.kind !== "bridge")
        return true;
      owners.set(link.mac, place);
    }
  }
  return false;
}

function countEntries(learnable: Learnable): number {
  return [...learnable.values()].reduce((sum, macs) => sum + macs.size, 0);
}
