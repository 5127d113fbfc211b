import {
  buildChooser,
  type Chooser,
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
import { type IPv4, ipv4 } from "#ip/index.js";
import type { Budget } from "./enumerate.js";
import { judgePlainness, type Plainness } from "./plain-world.js";

/**
 * Whether flows are delivered in every state of a world, for all senders of one destination at once: one node for each host and link that
 * the packet may come in by, an edge wherever some stage may hand it on. As in the union graph of one flow, a host from which no cycle of
 * the folded graph and no bad end can be reached delivers in every state.
 */
export interface Reach {
  /** true: in every state and whatever the kernel chooses. false says nothing. */
  readonly isDelivered: (key: FlowKey) => boolean;
}

/**
 * Looks at a destination when it is first asked for. Only plain hosts are followed: what they do with a packet does not depend on where it
 * comes from, and what they learn on the way is what they would be told anyway. Each hop over a segment counts as a walk.
 */
export function buildReach(world: World, budget: Budget = { left: Number.POSITIVE_INFINITY }): Reach {
  const plain = judgePlainness(world);
  const hops = new Hops(world, plain, budget);
  const known = new Map<IPv4, Reached>();
  const reachOf = (to: IPv4): Reached => {
    const found = known.get(to) ?? explore(world, hops, to);
    known.set(to, found);
    return found;
  };
  return {
    isDelivered: ({ host, to, size }) => {
      if (!plain.isWorldPlain || size !== undefined) return false;
      const responder = plain.ownerOf(to);
      const there = responder === null ? null : reachOf(to);
      if (responder === null || there === null || !there.isGood(host)) return false;
      if (responder === host) return true;
      return there.sourcesOf(host).every((source) => {
        return plain.ownerOf(source) === host && reachOf(source).isGood(responder);
      });
    },
  };
}

/** What is known of one destination: which hosts deliver to it, and the sources that their packets may have. */
interface Reached {
  readonly isGood: (host: number) => boolean;
  readonly sourcesOf: (host: number) => readonly IPv4[];
}

/** Where a packet may be after one hop, besides where it was accepted; null where it may end badly, or where nothing simple can be said. */
type Arrivals = readonly Node[] | null;

interface Left {
  readonly arrivals: Arrivals;
  /** The sources that the packets may have. */
  readonly sources: readonly IPv4[];
}

/** A host that a packet comes in to; `stage` where it was asked on the way, else -1. */
interface Node extends Place {
  readonly stage: number;
}

function explore(world: World, hops: Hops, to: IPv4): Reached {
  const graph = new HostGraph(world.hosts.length);
  const sources = new Map<number, readonly IPv4[]>();
  const open: Node[] = [];
  const seen = new Set<string>();
  const follow = (from: number, arrivals: Arrivals): void => {
    if (arrivals === null) graph.spoil(from);
    for (const node of arrivals ?? []) {
      graph.join(from, node.host);
      const name = `${node.host} ${node.link} ${node.stage}`;
      if (!seen.has(name)) open.push(node);
      seen.add(name);
    }
  };
  for (const host of world.hosts.keys()) {
    const left = hops.leave(host, to);
    sources.set(host, left.sources);
    follow(host, left.arrivals);
  }
  for (let node = open.pop(); node !== undefined; node = open.pop()) follow(node.host, hops.pass(node, to));
  const isGood = graph.findGood();
  return { isGood: (host) => isGood[host] === 1, sourcesOf: (host) => sources.get(host) ?? [] };
}

/** Nobody's address: plain hosts do the same with a packet from anywhere else. RFC 5737. */
const ANYWHERE = ipv4(0xcb007101);

/** A packet on its way out of a link. */
interface Carrying {
  readonly egress: Parameters<typeof carryPacket>[1];
  readonly packet: Packet;
}

/** The hops of a world; what is handed to a gateway is followed once for each of them. */
class Hops {
  readonly #world: World;
  readonly #plain: Plainness;
  readonly #budget: Budget;
  readonly #carried = new Map<string, Arrivals>();
  readonly #scratch: Run;

  constructor(world: World, plain: Plainness, budget: Budget) {
    this.#world = world;
    this.#plain = plain;
    this.#budget = budget;
    this.#scratch = startRun(world, { choose: () => 0, advance: () => false }, false);
  }

  /** What becomes of a host's own packets in all its stages. */
  leave(host: number, to: IPv4): Left {
    const sources = new Set<IPv4>();
    const arrivals = this.#inStages(host, this.#stages(host), (run, stage) => {
      const departure = departPacket(run, { host, source: null, destination: to });
      if (departure.kind === "ended") return departure.way.end === "accepted" ? "accepted" : null;
      sources.add(departure.packet.source);
      return this.#carry(host, stage, departure);
    });
    return { arrivals, sources: [...sources] };
  }

  /** What becomes of a packet that comes in. */
  pass(node: Node, to: IPv4): Arrivals {
    const packet: Packet = { source: ANYWHERE, destination: to, isError: false };
    const stages = node.stage >= 0 ? [node.stage] : this.#stages(node.host);
    return this.#inStages(node.host, stages, (run, stage) => {
      const received = receivePacket(run, node, packet);
      if (received.kind === "end") return received.end === "accepted" ? "accepted" : null;
      const isBack = received.egress.link.name === node.link || received.isRedirecting;
      return isBack ? null : this.#carry(node.host, stage, { egress: received.egress, packet });
    });
  }

  /** The arrivals of all stages together; what only says `accepted` adds none. */
  #inStages(
    host: number,
    stages: readonly number[],
    ask: (run: Run, stage: number) => Arrivals | "accepted",
  ): Arrivals {
    const all: Node[] = [];
    if (!this.#plain.isPlain(host)) return null;
    for (const stage of stages) {
      const chooser = buildChooser();
      do {
        const run = this.#at(host, stage, chooser);
        const arrivals = ask(run, stage);
        if (arrivals === null || run.hasHadMemories) return null;
        if (arrivals !== "accepted") all.push(...arrivals);
      } while (chooser.advance());
    }
    return all;
  }

  #stages(host: number): readonly number[] {
    return [...(this.#world.hosts[host]?.stages.keys() ?? [])];
  }

  /** A run in which the host is in this stage. Where nobody remembers anything, such questions concern nobody else and leave no trace. */
  #at(host: number, stage: number, chooser: Chooser): Run {
    const run = this.#world.memory === null ? this.#scratch : startRun(this.#world, chooser, false);
    run.stageOf[host] = stage;
    return run;
  }

  #carry(host: number, stage: number, { egress, packet }: Carrying): Arrivals {
    const name = `${host} ${stage} ${egress.link.name} ${egress.nextHop}`;
    const known = this.#carried.get(name);
    if (known !== undefined) return known;
    const found = this.#carryOnce(host, stage, { egress, packet });
    this.#carried.set(name, found);
    return found;
  }

  #carryOnce(host: number, stage: number, { egress, packet }: Carrying): Arrivals {
    const arrivals: Node[] = [];
    const chooser = buildChooser();
    do {
      if (this.#budget.left <= 0) return null;
      this.#budget.left -= 1;
      const run = startRun(this.#world, chooser, false);
      run.stageOf[host] = stage;
      const carried = carryPacket(run, egress, packet);
      if (carried.kind !== "arrived" || run.hasMetStrayAddress || run.hasHadMemories) return null;
      if (!this.#plain.isTrue(run.learnt)) return null;
      arrivals.push({ host: carried.host, link: carried.link, stage: run.stageOf[carried.host] ?? -1 });
    } while (chooser.advance());
    return arrivals;
  }
}

/** The hosts that packets for one destination may go through. */
class HostGraph {
  readonly #next: Set<number>[];
  readonly #isSpoilt: Uint8Array;

  constructor(hosts: number) {
    this.#next = Array.from({ length: hosts }, () => new Set());
    this.#isSpoilt = new Uint8Array(hosts);
  }

  join(from: number, to: number): void {
    this.#next[from]?.add(to);
  }

  spoil(host: number): void {
    this.#isSpoilt[host] = 1;
  }

  /** 1 for each host that no cycle, no bad end and no way longer than a packet lives can be reached from. */
  findGood(): Uint8Array {
    const depths = new Int32Array(this.#next.length).fill(UNSEEN);
    for (const host of this.#next.keys()) if (depths[host] === UNSEEN) this.#descend(host, depths);
    return Uint8Array.from(depths, (depth) => (depth >= 0 && depth <= MAX_HOPS ? 1 : 0));
  }

  /** Depth first; a host that is met while it is open lies on a cycle. */
  #descend(start: number, depths: Int32Array): void {
    const stack = [this.#enter(start, depths)];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const { value: next, done } = top.rest.next();
      if (done === true) {
        stack.pop();
        this.#leave(top, depths);
        const above = stack.at(-1);
        if (above !== undefined) above.depth = deeper(above.depth, depths[top.host] ?? BAD);
      } else if (depths[next] === UNSEEN) stack.push(this.#enter(next, depths));
      else top.depth = deeper(top.depth, depths[next] ?? BAD);
    }
  }

  #enter(host: number, depths: Int32Array): Descent {
    depths[host] = OPEN;
    return { host, rest: (this.#next[host] ?? new Set<number>()).values(), depth: 0 };
  }

  #leave({ host, depth }: Descent, depths: Int32Array): void {
    depths[host] = this.#isSpoilt[host] === 1 ? BAD : depth;
  }
}

/** A host on the way down, with the hosts below it that are still to be looked at and the longest way found so far. */
interface Descent {
  readonly host: number;
  readonly rest: SetIterator<number>;
  depth: number;
}

const UNSEEN = -1;
const OPEN = -2;
const BAD = -3;

function deeper(depth: number, below: number): number {
  return depth < 0 || below < 0 ? BAD : Math.max(depth, below + 1);
}
