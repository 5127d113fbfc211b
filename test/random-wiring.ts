import fc from "fast-check";
import type { Segment, Snapshot } from "#model/index.js";
import { segmentId } from "#model/index.js";
import { buildSnapshot, type HostSketch } from "./fleet-builder.js";

/** A change of the wiring of a small fleet, and of some hosts with it. */
export interface WiringChange {
  readonly before: Snapshot;
  readonly after: Snapshot;
  /** Ports that move one by one, or one cable that joins or cuts two segments. */
  readonly kind: "moves" | "join" | "cut";
}

const SEGMENTS = [0, 1, 2] as const;

/** The segment of each link of one host; null: not plugged in. */
type Plugs = readonly (number | null)[];

interface Settings {
  readonly length: number;
  readonly gateway: number | null;
  readonly forwards: boolean;
  readonly isProxy: boolean;
}

const settings: fc.Arbitrary<Settings> = fc.record({
  length: fc.constantFrom(16, 16, 24),
  gateway: fc.option(fc.nat(3), { nil: null }),
  forwards: fc.boolean(),
  isProxy: fc.constantFrom(false, false, true),
});

const plug = fc.constantFrom(0, 0, 1, 1, 2, null);

/** Up to four hosts of one or two links, all in one /16 and several /24 of it, so that who is on-link depends on the prefix length. */
export const wiringChange: fc.Arbitrary<WiringChange> = fc
  .record({
    kind: fc.constantFrom<WiringChange["kind"]>("moves", "moves", "moves", "join", "cut"),
    plugs: fc.array(fc.tuple(plug, fc.option(plug, { freq: 2, nil: undefined })), {
      minLength: 2,
      maxLength: 4,
    }),
    moved: fc.uniqueArray(fc.record({ host: fc.nat(3), link: fc.constantFrom(0, 0, 1), to: plug }), {
      minLength: 1,
      maxLength: 3,
      selector: ({ host }) => host,
    }),
    together: fc.option(plug, { freq: 1, nil: undefined }),
    own: fc.array(settings, { minLength: 4, maxLength: 4 }),
    next: fc.array(settings, { minLength: 4, maxLength: 4 }),
    changed: fc.uniqueArray(fc.nat(3), { maxLength: 1 }),
  })
  .map(({ kind, plugs, moved, together, own, next, changed }) => {
    const old = plugs.map(([first, second]): Plugs => [first, ...(second === undefined ? [] : [second])]);
    const after = own.map((mine, host) => (changed.includes(host) ? (next[host] ?? mine) : mine));
    const before = build(old, own);
    if (kind === "moves") {
      const rewired = moved
        .map((one) => ({ ...one, to: together === undefined ? one.to : together }))
        .reduce<readonly Plugs[]>((now, one) => replug(now, one), old);
      return { kind, before: declareAll(before, old), after: declareAll(build(rewired, after), rewired) };
    }
    const target = build(old, after);
    const joined = joinFirstTwo(target.segments);
    return kind === "join"
      ? { kind, before, after: { ...target, segments: joined } }
      : { kind, before: { ...before, segments: joinFirstTwo(before.segments) }, after: target };
  });

interface Replug {
  readonly host: number;
  readonly link: number;
  readonly to: number | null;
}

function replug(plugs: readonly Plugs[], { host, link, to }: Replug): readonly Plugs[] {
  const own = plugs[host];
  return own === undefined || link >= own.length ? plugs : plugs.with(host, own.with(link, to));
}

/** Every segment is named at both ends, with ports or without: so ports move one by one. */
function declareAll(snapshot: Snapshot, plugs: readonly Plugs[]): Snapshot {
  const ports = (segment: number): Segment["ports"] =>
    [...snapshot.hosts.values()].flatMap(({ id, links }, host) =>
      links
        .filter(({ type }) => type.kind === "ethernet")
        .filter((_, link) => plugs[host]?.[link] === segment)
        .map(({ name }) => ({ host: id, link: name })),
    );
  return {
    hosts: snapshot.hosts,
    segments: SEGMENTS.map((segment) => ({ id: segmentId(`s${segment}`), ports: ports(segment) })),
  };
}

/** One segment of a new name in the place of the first two. */
export function joinFirstTwo([first, second, ...others]: readonly Segment[]): readonly Segment[] {
  if (first === undefined || second === undefined) return first === undefined ? [] : [first];
  return [{ id: segmentId("joined"), ports: [...first.ports, ...second.ports] }, ...others];
}

function build(plugs: readonly Plugs[], all: readonly Settings[]): Snapshot {
  return buildSnapshot(
    Object.fromEntries(
      plugs.map((own, host): [string, HostSketch] => [`h${host}`, sketch(own, host, all[host])]),
    ),
  );
}

function sketch(plugs: Plugs, host: number, own: Settings | undefined): HostSketch {
  const gateway = own?.gateway ?? null;
  return {
    links: Object.fromEntries(
      plugs.map((segment, link) => [
        `e${link}`,
        {
          ...(segment === null ? {} : { on: `s${segment}` }),
          addresses: [`10.0.${link}.${host + 1}/${own?.length ?? 24}`],
        },
      ]),
    ),
    routes: gateway === null || gateway === host ? [] : [`default via 10.0.0.${gateway + 1} dev e0 onlink`],
    sysctls: {
      ip_forward: own?.forwards === true ? 1 : 0,
      "conf.e0.proxy_arp": own?.isProxy === true ? 1 : 0,
    },
  };
}
