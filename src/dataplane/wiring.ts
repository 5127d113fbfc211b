import type { Mac } from "#ip/index.js";
import type { FdbEntry, LinkName } from "#model/index.js";
import type { Edge, HostStates } from "./domain-graph.js";
import type { Leg } from "./leg.js";

/** The places of a domain as a tree, each with what it knows of MAC addresses before the flow. */
export interface Wiring {
  readonly places: ReadonlyMap<string, SwitchPlace>;
  readonly placeOf: ReadonlyMap<Leg, string>;
  /** The addresses to which frames may go another way than to their owner. */
  readonly strays: ReadonlySet<Mac>;
  /** The neighbour of `from` on the way to `to`, or null where they are one. */
  readonly stepTowards: (from: string, to: string) => string | null;
}

/** A segment, bridge or bond, in one VLAN. */
export interface SwitchPlace {
  readonly name: string;
  readonly kind: "segment" | "bridge" | "bond";
  readonly edges: readonly Edge[];
  readonly legs: readonly Leg[];
  /** A bridge's forwarding entries of the snapshot; those for its own addresses are its `legs`. */
  readonly entries: ReadonlyMap<Mac, PortEntry>;
}

/** What a bridge's forwarding entry says. */
export interface PortEntry {
  /** The place behind its port, or null where the port leads nowhere. */
  readonly to: string | null;
  /** `permanent`: an address of the bridge itself; it does not forward what comes in for it. */
  readonly isLocal: boolean;
  /** Learning does not move it. */
  readonly isSticky: boolean;
}

interface Given {
  readonly domain: { readonly byMac: { readonly get: (mac: Mac) => readonly Leg[] | undefined } };
  readonly plugs: ReadonlyMap<Leg, string>;
  readonly hosts: HostStates;
  readonly edgesOf: (place: string) => readonly Edge[];
}

/** The wiring of a domain, or null where no bridge has an entry that leads away from the owner of its address. */
export function buildWiring({ domain, plugs, hosts, edgesOf }: Given): Wiring | null {
  const start = plugs.values().next().value;
  if (start === undefined) return null;
  const tree = walkTree(start, edgesOf);
  if (![...tree.keys()].some((name) => name.startsWith("bridge "))) return null;
  const places = new Map([...tree.keys()].map((name) => [name, placeOf(name, hosts, edgesOf)]));
  for (const [leg, plug] of plugs) places.get(plug)?.legs.push(leg);
  const stepTowards = (from: string, to: string): string | null => step(tree, edgesOf, { from, to });
  const isAstray = (place: SwitchPlace, mac: Mac, entry: PortEntry): boolean => {
    const owners = domain.byMac.get(mac) ?? [];
    if (owners.length !== 1 || entry.isLocal) return owners.length > 0;
    return owners.some((leg) => stepTowards(place.name, plugs.get(leg) ?? "") !== entry.to);
  };
  const strays = new Set([...places.values()].flatMap((place) => straysAt(place, isAstray)));
  return strays.size === 0 ? null : { places, placeOf: plugs, strays, stepTowards };
}

/** Besides what its entries draw away: a bridge takes frames for a port's address from that port only. */
function straysAt(
  place: SwitchPlace,
  isAstray: (place: SwitchPlace, mac: Mac, entry: PortEntry) => boolean,
): readonly Mac[] {
  const portMacs = place.edges.length > 1 ? place.legs.filter((leg) => leg.port !== null) : [];
  const drawn = [...place.entries].filter(([mac, entry]) => isAstray(place, mac, entry));
  return [...portMacs.map(({ mac }) => mac), ...drawn.map(([mac]) => mac)];
}

type DraftPlace = SwitchPlace & { readonly legs: Leg[] };

function placeOf(name: string, hosts: HostStates, edgesOf: Given["edgesOf"]): DraftPlace {
  const [kind = "", host = "", bridge = "", vlan = "0"] = name.split(" ");
  const edges = edgesOf(name);
  if (kind !== "bridge") {
    return { name, kind: kind === "bond" ? "bond" : "segment", edges, legs: [], entries: new Map() };
  }
  const compiled = hosts[Number(host)];
  const link = compiled?.links.find((each) => each.name === bridge)?.link;
  const isAware = link?.type.kind === "bridge" && link.type.isVlanAware;
  const own = new Set(
    compiled?.links.flatMap((each) =>
      each.link.mac !== null && (each.name === bridge || each.link.master === bridge) ? [each.link.mac] : [],
    ),
  );
  const entries = (compiled?.host.fdb ?? []).filter(
    (entry) =>
      entry.master === bridge && entry.vlan === (isAware ? Number(vlan) : null) && !own.has(entry.mac),
  );
  return { name, kind: "bridge", edges, legs: [], entries: readEntries(entries, edges) };
}

function readEntries(entries: readonly FdbEntry[], edges: readonly Edge[]): ReadonlyMap<Mac, PortEntry> {
  const behind = new Map<LinkName | null, string>(edges.map(({ port, to }) => [port, to]));
  return new Map(
    entries.map((entry) => [
      entry.mac,
      {
        to: behind.get(entry.link) ?? null,
        isLocal: entry.isPermanent && entry.isStatic !== true,
        isSticky: entry.isSticky === true,
      },
    ]),
  );
}

/** A place's parent and the interval of its subtree in the order of a depth-first walk. */
interface TreePlace {
  readonly parent: string | null;
  readonly enter: number;
  exit: number;
}

function walkTree(start: string, edgesOf: Given["edgesOf"]): ReadonlyMap<string, TreePlace> {
  const tree = new Map<string, TreePlace>([[start, { parent: null, enter: 0, exit: 0 }]]);
  const open = [{ name: start, next: 0 }];
  for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
    const edge = edgesOf(top.name)[top.next];
    top.next += 1;
    if (edge === undefined) {
      const place = tree.get(top.name);
      if (place !== undefined) place.exit = tree.size;
      open.pop();
    } else if (!tree.has(edge.to)) {
      tree.set(edge.to, { parent: top.name, enter: tree.size, exit: 0 });
      open.push({ name: edge.to, next: 0 });
    }
  }
  return tree;
}

function step(
  tree: ReadonlyMap<string, TreePlace>,
  edgesOf: Given["edgesOf"],
  { from, to }: { readonly from: string; readonly to: string },
): string | null {
  const [here, there] = [tree.get(from), tree.get(to)];
  if (here === undefined || there === undefined || from === to) return null;
  const isBelow = (place: TreePlace): boolean => there.enter >= place.enter && there.enter < place.exit;
  if (!isBelow(here)) return here.parent;
  const child = edgesOf(from).find((edge) => {
    const place = tree.get(edge.to);
    return place !== undefined && edge.to !== here.parent && isBelow(place);
  });
  return child?.to ?? null;
}
