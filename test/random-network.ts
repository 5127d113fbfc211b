import fc from "fast-check";
import type { StagedHost } from "#dataplane/index.js";
import type { Host, Segment } from "#model/index.js";
import { buildSnapshot, type HostSketch } from "./fleet-builder.js";

/** A small fleet in which every host may be in any of its stages. */
export interface StagedNetwork {
  readonly hosts: readonly StagedHost[];
  readonly segments: readonly Segment[];
}

const LENGTHS = [8, 16, 24, 30] as const;

/** Addresses that mixed prefix lengths tell apart in different ways. */
function addressOf(host: number, leg: number): string {
  return `10.${leg * 10}.${host % 2}.${host + 1}`;
}

const sysctls = fc.record(
  {
    ip_forward: fc.constantFrom(0, 1),
    "conf.all.rp_filter": fc.constantFrom(0, 1, 2),
    "conf.all.arp_ignore": fc.constantFrom(0, 1, 2),
    "conf.all.arp_announce": fc.constantFrom(0, 2),
    "conf.e0.proxy_arp": fc.constantFrom(0, 0, 1),
    "conf.e1.proxy_arp": fc.constantFrom(0, 0, 1),
  },
  { requiredKeys: ["ip_forward"] },
);

function route(hosts: number): fc.Arbitrary<string> {
  const destination = fc.constantFrom(
    "default",
    "10.0.0.0/16",
    "10.10.0.0/16",
    "10.0.1.0/24",
    "10.10.0.0/24",
    "10.0.0.0/8",
  );
  const gateway = fc.tuple(fc.nat(hosts - 1), fc.constantFrom(0, 1));
  return fc.oneof(
    {
      weight: 5,
      arbitrary: fc
        .tuple(destination, gateway, fc.nat(2))
        .map(
          ([to, [host, leg], metric]) =>
            `${to} via ${addressOf(host, leg)} dev e${leg} onlink metric ${metric}`,
        ),
    },
    { weight: 1, arbitrary: destination.map((to) => `${to} dev e0 metric 3`) },
    { weight: 1, arbitrary: destination.map((to) => `unreachable ${to} metric 4`) },
  );
}

function hostSketch(hosts: number, index: number): fc.Arbitrary<HostSketch> {
  return fc
    .record({
      legs: fc.constantFrom([0], [1], [0, 1]),
      lengths: fc.tuple(fc.constantFrom(...LENGTHS), fc.constantFrom(...LENGTHS)),
      extra: fc.option(fc.nat(hosts - 1), { freq: 6, nil: null }),
      routes: fc.uniqueArray(route(hosts), { maxLength: 3, selector: slotOf }),
      sysctls,
    })
    .map(({ legs, lengths, extra, routes, sysctls }) => ({
      links: Object.fromEntries(
        legs.map((leg) => [
          `e${leg}`,
          {
            on: `s${leg}`,
            addresses: [
              `${addressOf(index, leg)}/${lengths[leg as 0 | 1]}`,
              ...(extra === null || leg === 1 ? [] : [`${addressOf(extra, 0)}/32`]),
            ],
          },
        ]),
      ),
      routes: routes.filter(
        (text) => text.startsWith("unreachable") || legs.some((leg) => text.includes(`dev e${leg}`)),
      ),
      sysctls: sysctls as Record<string, number>,
    }));
}

function slotOf(text: string): string {
  const words = text.split(" ");
  return `${words[0] === "unreachable" ? words[1] : words[0]} ${words.at(-1)}`;
}

/** Fleets of two to `maxHosts` hosts with one to `maxStages` stages each; the stages of a host share nothing but its MACs. */
export function stagedNetwork(maxHosts: number, maxStages: number): fc.Arbitrary<StagedNetwork> {
  return fc
    .integer({ min: 2, max: maxHosts })
    .chain((hosts) =>
      fc
        .tuple(
          ...Array.from({ length: hosts }, (_, index) =>
            fc.array(hostSketch(hosts, index), { minLength: 1, maxLength: maxStages }),
          ),
        )
        .map((sketches) => buildStaged(sketches)),
    );
}

/**
 * Routers in a random tree of cables with one or two more, each with routes to every cable by a neighbour on a shortest way, before and
 * after: some cables cost more after. On the way from one to the other neighbours may send to each other.
 */
export function routedNetwork(maxHosts: number): fc.Arbitrary<StagedNetwork> {
  return fc
    .record({
      parents: fc.array(fc.nat(), { minLength: 2, maxLength: maxHosts - 1 }),
      chords: fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 2 }),
      dear: fc.array(fc.nat(), { maxLength: 2 }),
      lazy: fc.array(fc.nat(), { maxLength: 1 }),
    })
    .map(({ parents, chords, dear, lazy }) => {
      const hosts = parents.length + 1;
      const cables = [
        ...parents.map((parent, index): Cable => [parent % (index + 1), index + 1]),
        ...chords.map(([a, b]): Cable => [a % hosts, b % hosts]).filter(([a, b]) => a !== b),
      ];
      const costs = cables.map((_, cable) => (dear.some((other) => other % cables.length === cable) ? 5 : 1));
      const stagesOf = (host: number): readonly HostSketch[] => {
        const [before, after] = [cables.map(() => 1), costs].map((each) => sketchRouter(host, cables, each));
        const isLazy = lazy.some((other) => other % hosts === host);
        return [before, ...(isLazy ? [] : [after])].filter((sketch) => sketch !== undefined);
      };
      return buildStaged(Array.from({ length: hosts }, (_, host) => stagesOf(host)));
    });
}

type Cable = readonly [number, number];

function sketchRouter(host: number, cables: readonly Cable[], costs: readonly number[]): HostSketch {
  const own = cables.flatMap((ends, cable) => (ends.includes(host) ? [cable] : []));
  const routes = cables.flatMap((_, cable) => {
    const next = own.includes(cable) ? undefined : nextCable(host, cable, { cables, costs });
    if (next === undefined) return [];
    const side = cables[next]?.[0] === host ? 2 : 1;
    return [`10.0.${cable}.0/30 via 10.0.${next}.${side}`];
  });
  const links = own.map((cable, place) => {
    const side = cables[cable]?.[0] === host ? 1 : 2;
    return [`e${place}`, { on: `s${cable}`, addresses: [`10.0.${cable}.${side}/30`] }] as const;
  });
  return { links: Object.fromEntries(links), routes, sysctls: { ip_forward: 1 } };
}

/** The first cable of a cheapest way to another one. */
function nextCable(
  host: number,
  target: number,
  { cables, costs }: { readonly cables: readonly Cable[]; readonly costs: readonly number[] },
): number | undefined {
  const distances = new Map<number, number>((cables[target] ?? []).map((end) => [end, 0]));
  for (const _ of cables) {
    cables.forEach(([a, b], cable) => {
      const cost = costs[cable] ?? 1;
      for (const [from, to] of [
        [a, b],
        [b, a],
      ] as const) {
        const way = (distances.get(from) ?? Number.POSITIVE_INFINITY) + cost;
        if (way < (distances.get(to) ?? Number.POSITIVE_INFINITY)) distances.set(to, way);
      }
    });
  }
  const ways = cables.flatMap(([a, b], cable) => {
    if (a !== host && b !== host) return [];
    const cost = (distances.get(a === host ? b : a) ?? Number.POSITIVE_INFINITY) + (costs[cable] ?? 1);
    return [{ cable, cost }];
  });
  return ways.sort((one, other) => one.cost - other.cost)[0]?.cable;
}

/** Hosts `h0`, `h1`, ... with the stages that are given for each. */
export function buildStaged(sketches: readonly (readonly HostSketch[])[]): StagedNetwork {
  const most = Math.max(...sketches.map((stages) => stages.length));
  const layers = Array.from({ length: most }, (_, stage) =>
    buildSnapshot(
      Object.fromEntries(
        sketches.map((stages, index) => [`h${index}`, stages[Math.min(stage, stages.length - 1)] ?? {}]),
      ),
    ),
  );
  const hosts = sketches.map((stages, index): StagedHost => {
    const states = stages.map(
      (_, stage): Host | undefined => [...(layers[stage]?.hosts.values() ?? [])][index],
    );
    const present = states.filter((state): state is Host => state !== undefined);
    return { id: present[0]?.id ?? ("" as Host["id"]), stages: present };
  });
  return { hosts, segments: mergeSegments(layers.map((layer) => layer.segments)) };
}

function mergeSegments(layers: readonly (readonly Segment[])[]): readonly Segment[] {
  const ports = new Map<Segment["id"], Map<string, Segment["ports"][number]>>();
  for (const segment of layers.flat()) {
    const own = ports.get(segment.id) ?? new Map<string, Segment["ports"][number]>();
    ports.set(segment.id, own);
    for (const port of segment.ports) own.set(`${port.host} ${port.link}`, port);
  }
  return [...ports].map(([id, own]) => ({ id, ports: [...own.values()] }));
}
