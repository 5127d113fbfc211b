import type { HostId, Segment } from "#model/index.js";
import { buildNumbers, type FactsContext } from "./fact-words.js";
import { findFixedNetworks } from "./fixed-networks.js";
import { findHomes, type Homes } from "./homes.js";
import { buildFactsReader, type HostFacts } from "./host-facts.js";
import { refineClasses } from "./refine.js";
import type { StagedHost } from "./staged-host.js";

/** The hosts of a fleet in classes, and whose its names are. */
export interface FleetClasses {
  /** The class of each host. */
  readonly names: readonly string[];
  readonly homes: Homes;
}

/**
 * Groups hosts that are interchangeable: exchanging two of a group, with the names that have their home there, maps the fleet onto
 * itself, so a flow's verdicts depend on the groups of its ends alone. All hosts of a group say the same of themselves, and what one host
 * says of another it says of all hosts of that one's group: of each node of a full mesh, or of none.
 */
export function classifyHosts(hosts: readonly StagedHost[], segments: readonly Segment[]): FleetClasses {
  const homes = findHomes(hosts);
  const shared = { homes, fixed: findFixedNetworks(hosts, homes), numberOf: buildNumbers() };
  const wiring = indexWiring(segments);
  const first = readFleet(hosts, wiring, { ...shared, constants: null });
  const constants = first.frozen.size === 0 ? null : findSingles(first.facts);
  const { facts, frozen } = constants === null ? first : readFleet(hosts, wiring, { ...shared, constants });
  const start = facts.map(({ key }, host) => (frozen.has(host) ? `alone ${host}` : key));
  const classes = refineClasses(
    start,
    facts.map(({ mentions }) => mentions),
  );
  return { names: Array.from(classes, (name) => `c${name}`), homes };
}

interface FleetFacts {
  readonly facts: readonly HostFacts[];
  readonly frozen: ReadonlySet<number>;
}

function readFleet(
  hosts: readonly StagedHost[],
  wiring: ReadonlyMap<HostId, string>,
  context: Omit<FactsContext, "freeze">,
): FleetFacts {
  const frozen = new Set<number>();
  const freeze = (host: number): void => {
    if (context.constants?.has(host) !== true) frozen.add(host);
  };
  const read = buildFactsReader({ ...context, freeze });
  const facts = hosts.map((host, index) => {
    const { key, mentions } = read(host, index);
    return { key: `${wiring.get(host.id) ?? ""}\n${key}`, mentions };
  });
  return { facts, frozen };
}

/** Hosts that nobody else is like, even before it is asked whom they mention: naming them ties nobody else. */
function findSingles(facts: readonly HostFacts[]): ReadonlySet<number> {
  const first = new Map<string, number>();
  const several = new Set<string>();
  facts.forEach(({ key }, host) => {
    if (first.has(key)) several.add(key);
    else first.set(key, host);
  });
  return new Set([...first].flatMap(([key, host]) => (several.has(key) ? [] : [host])));
}

function indexWiring(segments: readonly Segment[]): ReadonlyMap<HostId, string> {
  const wiring = new Map<HostId, string>();
  for (const segment of segments) {
    for (const port of segment.ports) {
      wiring.set(port.host, `${wiring.get(port.host) ?? ""} ${port.link}@${segment.id}`);
    }
  }
  return wiring;
}
