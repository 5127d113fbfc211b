import type { IPv4, Mac } from "#ip/index.js";
import type { HostId, LinkName } from "#model/index.js";
import type { Chooser } from "./chooser.js";
import { type CompiledHost, type CompiledLink, neighbourKey } from "./compiled-host.js";
import { ECHO_BYTES } from "./domain-graph.js";
import type { Domain, Layer2 } from "./layer2.js";
import type { Leg } from "./leg.js";
import type { Recalled, Recollection } from "./recollection.js";
import type { World } from "./world.js";

/** One step of an explanation: what a host did and by which rule of the kernel. */
export interface Hop {
  readonly host: HostId;
  readonly link: LinkName | null;
  readonly decision: "send" | "resolve" | "receive" | "forward" | "accept" | "drop" | "unknown";
  readonly rule: string;
  readonly why: string;
}

/** One walk in the making: the stages met so far, what hosts have learnt within the flow, and the explanation. */
export interface Run {
  readonly world: World;
  readonly chooser: Chooser;
  /** Chosen stage by host index, -1 where the host has not been asked. */
  readonly stageOf: Int32Array;
  /** Hosts of several stages in the order in which they were asked. */
  readonly support: number[];
  readonly learnt: Map<string, Mac>;
  /** Who last sent a frame with this address into a domain: the switch knows that port. */
  readonly lastSpeaker: Map<Domain, Map<Mac, Leg>>;
  /** Where switches and bridges have learnt an address to be whose frames may go astray, by place and address. */
  readonly learntPorts: Map<string, string | Leg>;
  /** A frame was sent to such an address: its way depends on all frames before it. */
  hasMetStrayAddress: boolean;
  /** Length of the IP packet in hand, or of its largest fragment: a tunnel's is longer than what it carries. */
  packetBytes: number;
  /** The packet in hand may be cut: it does not say `DF`. */
  mayFragment: boolean;
  /** The size that the flow is asked about; null for a packet that fits every link. */
  measured: Measured | null;
  /** What the sender has learnt in this flow of the path MTU, in bytes; null: nothing. */
  pathMtu: number | null;
  /** What was chosen where a host may still have an old entry, by host and what it is about; null: it has none. */
  readonly recalled: Map<string, Recollection | null>;
  /** Some host had such a choice. */
  hasHadMemories: boolean;
  /** An entry that the world has been told to remember cannot be there in this state. */
  isImpossible: boolean;
  readonly announcements: Announcement[];
  /** Announcements from here on were made while the packet in hand waits for its neighbour. */
  concurrentFrom: number;
  /** What a host last took among default routes of one metric, by host index. */
  readonly lastDefault: Map<number, number>;
  /** null where no explanation is wanted. */
  hops: Hop[] | null;
  readonly findings: Set<string>;
  layer2: Layer2 | null;
  /** Grows with each thing learnt: two equal positions of a packet are a loop only if nothing was learnt between them. */
  version: number;
}

/** A packet whose size is the question, and who sends it. */
export interface Measured {
  readonly sender: number;
  /** Length of the IP packet. */
  readonly bytes: number;
  /** Whether routers may cut the request. */
  readonly mayFragment: boolean;
}

/** An ARP request that a whole domain heard. */
export interface Announcement {
  /** Nobody answered: the request is made again and again. */
  isRepeated: boolean;
  readonly domain: Domain;
  readonly ip: IPv4;
  readonly mac: Mac;
  /** Legs whose host owns the address asked for and keeps silent: it takes nothing from the request either. */
  readonly withheldBy: readonly Leg[];
}

/** Starts a walk with nothing learnt. */
export function startRun(world: World, chooser: Chooser, isTraced: boolean): Run {
  return {
    world,
    chooser,
    stageOf: new Int32Array(world.hosts.length).fill(-1),
    support: [],
    learnt: new Map(),
    lastSpeaker: new Map(),
    learntPorts: new Map(),
    hasMetStrayAddress: false,
    packetBytes: ECHO_BYTES,
    recalled: new Map(),
    hasHadMemories: false,
    isImpossible: false,
    mayFragment: true,
    measured: null,
    pathMtu: null,
    announcements: [],
    concurrentFrom: Number.POSITIVE_INFINITY,
    lastDefault: new Map(),
    hops: isTraced ? [] : null,
    findings: new Set(),
    layer2: null,
    version: 0,
  };
}

/** The state that a host is in during this walk; the first question chooses it among the host's stages. */
export function stateOf(run: Run, host: number): CompiledHost {
  const staged = run.world.hosts[host];
  const stages = staged?.stages ?? [];
  const chosen = stages[stageIndex(run, host, stages.length)];
  if (chosen === undefined) throw new RangeError(`host ${host} has no stage`);
  return chosen;
}

/** The domain that a link sends into; asks for the stage of every host on which layer 2 depends. */
export function domainOf(run: Run, host: number, link: LinkName): Domain | null {
  run.layer2 ??= run.world.layer2((index) =>
    stageIndex(run, index, run.world.hosts[index]?.stages.length ?? 0),
  );
  return run.layer2.domainOf(host, link);
}

/** What a host has in its cache for an address: what it learnt in this walk, what it heard since, or what the snapshot says. */
export function cachedMac(run: Run, host: number, link: CompiledLink, ip: IPv4): Mac | null {
  const key = neighbourKey(link.name, ip);
  const cached = stateOf(run, host).neighbours.get(key);
  if (cached?.isPermanent === true) return cached.mac;
  const learnt = run.learnt.get(`${host} ${key}`);
  if (learnt !== undefined) return learnt;
  const old = recallNeighbour(run, { host, link: link.name, ip });
  const kept = old?.entry.kind === "neighbour" ? old.entry.mac : cached?.mac;
  return kept === undefined ? null : (heard(run, host, link, ip) ?? kept);
}

/** A link of a host and a neighbour there. */
interface Place {
  readonly host: number;
  readonly link: LinkName;
  readonly ip: IPv4;
}

/** The entry of an earlier stage that the host still has for a neighbour, or null; which one, and whether, is a choice. */
export function recallNeighbour(run: Run, place: Place): Recollection | null {
  const { host, link, ip } = place;
  const { memory } = run.world;
  if (memory === null) return null;
  return remember(run, `${host} ${neighbourKey(link, ip)}`, () =>
    memory.neighbours({ ...place, domain: () => domainOf(run, host, link) }, (other) => ageOf(run, other)),
  );
}

/** The next hop that an earlier redirect gave the host for a destination, or null; which one, and whether, is a choice. */
export function recallNextHop(
  run: Run,
  asked: {
    readonly host: number;
    readonly link: LinkName;
    readonly gateway: IPv4;
    readonly destination: IPv4;
  },
): Recollection | null {
  const { memory } = run.world;
  if (memory === null) return null;
  const { host, link, gateway, destination } = asked;
  return remember(run, `${host} ${link} ${gateway} ${destination}`, () =>
    memory.redirects(asked, (other) => ageOf(run, other)),
  );
}

/** Chooses once for the flow. */
function remember(run: Run, key: string, recall: () => Recalled): Recollection | null {
  const known = run.recalled.get(key);
  if (known !== undefined) return known;
  const recalled = recall();
  if (recalled === "impossible") run.isImpossible = true;
  const options = recalled === "impossible" ? [] : recalled;
  if (options.length > 0) run.hasHadMemories = true;
  const choice = run.world.memory?.isGiven === true ? 1 : run.chooser.choose(options.length + 1);
  const chosen = options[choice - 1] ?? null;
  run.recalled.set(key, chosen);
  return chosen;
}

/** The stage of a host, numbered over the whole change. */
function ageOf(run: Run, host: number): number {
  return (
    (run.world.memory?.base[host] ?? 0) + stageIndex(run, host, run.world.hosts[host]?.stages.length ?? 0)
  );
}

/** A host takes an address into its cache; a permanent entry stays as it is. */
export function learn(
  run: Run,
  host: number,
  link: LinkName,
  entry: { readonly ip: IPv4; readonly mac: Mac },
): void {
  const key = `${host} ${neighbourKey(link, entry.ip)}`;
  if (run.learnt.get(key) === entry.mac) return;
  run.learnt.set(key, entry.mac);
  run.version += 1;
}

/** Adds a line to the explanation. */
export function note(run: Run, host: number, hop: Omit<Hop, "host">): void {
  const id = run.world.hosts[host]?.id;
  if (run.hops !== null && id !== undefined) run.hops.push({ host: id, ...hop });
}

/** Whether the host may also be heard in domains of which not everything is known. */
export function isInFog(run: Run, host: number): boolean {
  return run.layer2?.isInFog(host) === true;
}

/** A broadcast request corrects the entries that others already have for its sender; net/ipv4/arp.c, "Update our ARP tables". */
function heard(run: Run, host: number, link: CompiledLink, ip: IPv4): Mac | null {
  if (run.announcements.length === 0) return null;
  const domain = domainOf(run, host, link.name);
  const isDeaf = ({ withheldBy }: Announcement): boolean =>
    withheldBy.some((leg) => leg.host === host && leg.link === link.name);
  return (
    run.announcements.findLast((said) => said.ip === ip && said.domain === domain && !isDeaf(said))?.mac ??
    null
  );
}

/** The address of a waited-for neighbour that asks for somebody itself meanwhile: its request answers the wait. */
export function overheard(run: Run, domain: Domain, ip: IPv4): Mac | null {
  const said = run.announcements.findLast(
    (announcement, index) =>
      announcement.ip === ip &&
      announcement.domain === domain &&
      (announcement.isRepeated || index >= run.concurrentFrom),
  );
  return said?.mac ?? null;
}

function stageIndex(run: Run, host: number, count: number): number {
  const known = run.stageOf[host] ?? 0;
  if (known >= 0) return known;
  const chosen = run.chooser.choose(count);
  run.stageOf[host] = chosen;
  if (count > 1) run.support.push(host);
  return chosen;
}
