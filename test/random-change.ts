import fc from "fast-check";
import type { Snapshot } from "#model/index.js";
import { buildSnapshot, type HostSketch, type SnapshotSketch } from "./fleet-builder.js";

/** Two networks of the same wiring: as it is and as it should be. */
export interface RandomChange {
  readonly before: Snapshot;
  readonly after: Snapshot;
}

/** How one host is configured; every change of the fleet is a change of some of these. */
interface Settings {
  readonly length: number;
  /** The gateway of each destination, as an index into the neighbours of the host; null: no route. */
  readonly gateways: readonly (number | null)[];
  readonly forwards: boolean;
  readonly extra: boolean;
}

/** A wiring: the segments of each host, in the order of its links. */
type Wiring = readonly (readonly number[])[];

/** Hosts on one segment; routers in a row; routers in a ring, with a leaf at two of them. */
const WIRINGS: readonly Wiring[] = [
  [[0], [0], [0], [0]],
  [[0], [0, 1], [0, 1], [1]],
  [[0], [0, 1], [1, 2], [2]],
  [[0], [0, 1, 3], [1, 2], [2, 3, 4], [4]],
];

const settings: fc.Arbitrary<Settings> = fc.record({
  length: fc.constantFrom(24, 24, 16, 28),
  gateways: fc.array(fc.option(fc.nat(3), { freq: 4, nil: null }), { minLength: 5, maxLength: 5 }),
  forwards: fc.boolean(),
  extra: fc.boolean(),
});

/** Changes of up to `maxChanged` hosts of a small fleet. Routers forward, and most routes lead somewhere, so that there is something to lose. */
export function randomChange(maxChanged: number): fc.Arbitrary<RandomChange> {
  return fc
    .record({
      wiring: fc.constantFrom(...WIRINGS),
      before: fc.array(settings, { minLength: 5, maxLength: 5 }),
      after: fc.array(settings, { minLength: 5, maxLength: 5 }),
      changed: fc.uniqueArray(fc.nat(4), { minLength: 1, maxLength: maxChanged }),
      parts: fc.array(fc.subarray(["length", "gateways", "forwards", "extra"] as const, { minLength: 1 }), {
        minLength: 5,
        maxLength: 5,
      }),
      oneRoute: fc.array(fc.nat(4), { minLength: 5, maxLength: 5 }),
    })
    .map(({ wiring, before, after, changed, parts, oneRoute }) => {
      const next = before.map((own, host) => {
        const other = after[host];
        if (other === undefined || !changed.includes(host)) return own;
        return mix(own, other, { parts: parts[host] ?? [], route: oneRoute[host] ?? 0 });
      });
      return { before: build(wiring, before), after: build(wiring, next) };
    });
}

interface Mix {
  readonly parts: readonly (keyof Settings)[];
  readonly route: number;
}

/** The named parts come from the other one; of the routes only one changes. */
function mix(own: Settings, other: Settings, { parts, route }: Mix): Settings {
  const taken = Object.fromEntries(parts.map((part) => [part, other[part]])) as Partial<Settings>;
  const gateways = own.gateways.map((gateway, index) =>
    parts.includes("gateways") && index === route ? (other.gateways[index] ?? null) : gateway,
  );
  return { ...own, ...taken, gateways };
}

function build(wiring: Wiring, all: readonly Settings[]): Snapshot {
  const sketch: SnapshotSketch = Object.fromEntries(
    wiring.map((segments, host): [string, HostSketch] => [
      `h${host}`,
      sketchHost(wiring, host, { segments, own: all[host] }),
    ]),
  );
  return buildSnapshot(sketch);
}

interface Own {
  readonly segments: readonly number[];
  readonly own: Settings | undefined;
}

function sketchHost(wiring: Wiring, host: number, { segments, own }: Own): HostSketch {
  const neighbours = segments.flatMap((segment, link) =>
    wiring.flatMap((others, other) =>
      other !== host && others.includes(segment) ? [{ address: `10.0.${segment}.${other + 1}`, link }] : [],
    ),
  );
  const routes = (own?.gateways ?? []).flatMap((choice, segment): readonly string[] => {
    if (segments.includes(segment) || choice === null) return [];
    const gateway = neighbours[choice % neighbours.length];
    return gateway === undefined
      ? []
      : [`10.0.${segment}.0/24 via ${gateway.address} dev e${gateway.link} onlink`];
  });
  return {
    links: Object.fromEntries(
      segments.map((segment, link) => [
        `e${link}`,
        {
          on: `s${segment}`,
          addresses: [
            `10.0.${segment}.${host + 1}/${segments.length > 1 ? 24 : (own?.length ?? 24)}`,
            ...(own?.extra === true && link === 0 ? [`10.9.${segment}.${host + 1}/32`] : []),
          ],
        },
      ]),
    ),
    routes,
    sysctls: { ip_forward: segments.length > 1 || own?.forwards === true ? 1 : 0 },
  };
}

/**
 * Routers in a ring, a leaf at the first, and two consistent routings: for each segment the routers up to a cut send one way round
 * and the others the other way. Both ends work, and on the way neighbours may send to each other.
 */
export function ringChange(maxRouters: number): fc.Arbitrary<RandomChange> {
  return fc
    .record({
      routers: fc.integer({ min: 3, max: maxRouters }),
      cuts: fc.array(fc.nat(9), { minLength: maxRouters + 1, maxLength: maxRouters + 1 }),
      moved: fc.array(fc.tuple(fc.nat(maxRouters), fc.nat(9)), { minLength: 1, maxLength: 2 }),
      strict: fc.constantFrom([], [], [0], [1], [1, 2]),
    })
    .map(({ routers, cuts, moved, strict }) => {
      const next = moved.reduce<readonly number[]>((now, [index, cut]) => now.with(index, cut), cuts);
      const ring = (own: readonly number[]): Snapshot => buildRing({ routers, cuts: own, strict });
      return { before: ring(cuts), after: ring(next) };
    });
}

interface Ring {
  readonly routers: number;
  readonly cuts: readonly number[];
  /** Routers that take a packet only on the link by which they would answer it. */
  readonly strict: readonly number[];
}

/** Segment `i` joins router `i` and the next one; the last segment is the leaf of router 0. */
function buildRing({ routers, cuts, strict }: Ring): Snapshot {
  const leaf: HostSketch = {
    links: { e0: { on: `s${routers}`, addresses: [`10.0.${routers}.99/24`] } },
    routes: [`default via 10.0.${routers}.1`],
  };
  const ring = Array.from({ length: routers }, (_, own): readonly [string, HostSketch] => {
    const legs = [(own + routers - 1) % routers, own, ...(own === 0 ? [routers] : [])];
    const routes = Array.from({ length: routers + 1 }, (_, segment) =>
      legs.includes(segment) ? [] : [ringRoute({ routers, own, segment, cut: cuts[segment] ?? 0 })],
    ).flat();
    const links = Object.fromEntries(
      legs.map((segment, link) => [
        `e${link}`,
        { on: `s${segment}`, addresses: [`10.0.${segment}.${own + 1}/24`] },
      ]),
    );
    const sysctls = { ip_forward: 1, "conf.all.rp_filter": strict.includes(own) ? 1 : 0 };
    return [`r${own}`, { links, routes, sysctls }];
  });
  return buildSnapshot({ leaf, ...Object.fromEntries(ring) });
}

interface RingRoute {
  readonly routers: number;
  readonly own: number;
  readonly segment: number;
  readonly cut: number;
}

/** Routers are counted from the segment's far end; those before the cut go on upwards, the others downwards. */
function ringRoute({ routers, own, segment, cut }: RingRoute): string {
  const first = segment === routers ? 1 : segment + 2;
  const last = segment === routers ? routers - 1 : segment + routers - 1;
  const place = (own - first + routers) % routers;
  const isUp = place >= cut % (last - first + 2);
  const next = (isUp ? own + 1 : own + routers - 1) % routers;
  return `10.0.${segment}.0/24 via 10.0.${isUp ? own : next}.${next + 1} dev e${isUp ? 1 : 0}`;
}
