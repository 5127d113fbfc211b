import type { LinkName, Segment } from "#model/index.js";
import type { Ages } from "./ages.js";
import type { CompiledHost } from "./compiled-host.js";
import { buildLayer2, type Layer2, layer2Shape } from "./layer2.js";

/** The broadcast domains as they may have been. */
export interface PastLayer2 {
  readonly isVarying: boolean;
  /** Whether two links may have heard each other while each host was in one of its stages `from(host)` to `to(host)`. */
  readonly haveMet: (one: LinkOf, other: LinkOf, span: Span) => boolean;
}

/** A link of a host, by index. */
export interface LinkOf {
  readonly host: number;
  readonly link: LinkName;
}

/** Stages of each host, both ends included, numbered over the whole change. */
export interface Span {
  readonly from: (host: number) => number;
  readonly to: (host: number) => number;
}

/** Beyond this many combinations of the hosts that layer 2 is made of, links have met that could have by any of their stages. */
const MAX_COMBINATIONS = 64;

/** Looks back; each combination of stages is joined to domains once. */
export function buildPastLayer2({ stages }: Ages, segments: readonly Segment[]): PastLayer2 {
  const shapes = stages.map((own) => (isOfOneLayer2(own) ? own.map(() => "") : own.map(shapeOf)));
  const varying = shapes.flatMap((own, host) => (new Set(own).size > 1 ? [host] : []));
  let joined: ReturnType<typeof joinAll> | null = null;
  const couldMeet = (one: LinkOf, other: LinkOf): boolean => {
    joined ??= joinAll({ stages, shapes, segments });
    return joined(one, other);
  };
  const momentsOf = findMoments({ stages, shapes, segments }, varying);
  const known = new Map<string, boolean>();
  return {
    isVarying: varying.length > 0,
    haveMet: (one, other, span) => {
      const pair = `${one.host} ${one.link} ${other.host} ${other.link}`;
      if (varying.length > 0 && !couldMeet(one, other)) return false;
      const times = varying.map((host) => `${span.from(host)}-${span.to(host)}`).join();
      const key = `${pair} ${times}`;
      const found =
        known.get(key) ?? momentsOf(span, times)?.some((layer2) => areJoined(layer2, one, other)) ?? true;
      known.set(key, found);
      return found;
    },
  };
}

/** Most stages of most hosts share their links and forwarding entries; nothing else has a say in layer 2. */
function isOfOneLayer2([first, ...others]: readonly CompiledHost[]): boolean {
  return others.every(({ host }) => host.links === first?.host.links && host.fdb === first?.host.fdb);
}

/** What of a host joins links to domains: tunnels and the like join none unless they are ports. */
function shapeOf(compiled: CompiledHost): string {
  const joins = ({ link }: CompiledHost["links"][number]): boolean => {
    const { kind } = link.type;
    return link.master !== null || (kind !== "vxlan" && kind !== "dummy" && kind !== "loopback");
  };
  return layer2Shape({ ...compiled, links: compiled.links.filter(joins) });
}

interface Shaped {
  readonly stages: Ages["stages"];
  readonly shapes: readonly (readonly string[])[];
  readonly segments: readonly Segment[];
}

type Moments = (span: Span, times: string) => readonly Layer2[] | null;

/** All domains of a time, one after the other; null where there are too many combinations. */
function findMoments({ stages, shapes, segments }: Shaped, varying: readonly number[]): Moments {
  const built = new Map<string, Layer2>();
  const build = (chosen: ReadonlyMap<number, number>): Layer2 => {
    const key = [...chosen.values()].join();
    const states = (): CompiledHost[] => stages.flatMap((own, host) => own[chosen.get(host) ?? 0] ?? []);
    const layer2 = built.get(key) ?? buildLayer2(states(), segments);
    built.set(key, layer2);
    return layer2;
  };
  const known = new Map<string, readonly Layer2[] | null>();
  return (span, times) => {
    const found = known.get(times);
    if (found !== undefined) return found;
    const combinations = combine(shapes, varying, span);
    const moments = combinations?.map(build) ?? null;
    known.set(times, moments);
    return moments;
  };
}

function combine(
  shapes: Shaped["shapes"],
  varying: readonly number[],
  { from, to }: Span,
): readonly ReadonlyMap<number, number>[] | null {
  let all: readonly ReadonlyMap<number, number>[] = [new Map()];
  for (const host of varying) {
    const own = shapes[host] ?? [];
    const distinct = new Map(own.slice(from(host), to(host) + 1).map((shape) => [shape, own.indexOf(shape)]));
    if (all.length * distinct.size > MAX_COMBINATIONS) return null;
    all = all.flatMap((chosen) => [...distinct.values()].map((stage) => new Map([...chosen, [host, stage]])));
  }
  return all;
}

/** Whether two links are joined where every host stands in all its stages at once: never too little. */
function joinAll({ stages, shapes, segments }: Shaped): (one: LinkOf, other: LinkOf) => boolean {
  const numbers: number[][] = [];
  const states: CompiledHost[] = [];
  stages.forEach((own, host) => {
    const distinct = new Map((shapes[host] ?? []).map((shape, stage) => [shape, own[stage]]));
    for (const state of distinct.values()) {
      if (state === undefined) continue;
      numbers[host] = [...(numbers[host] ?? []), states.length];
      states.push(state);
    }
  });
  const layer2 = buildLayer2(states, segments);
  return (one, other) =>
    (numbers[one.host] ?? []).some((here) =>
      (numbers[other.host] ?? []).some((there) =>
        areJoined(layer2, { host: here, link: one.link }, { host: there, link: other.link }),
      ),
    );
}

function areJoined(layer2: Layer2, one: LinkOf, other: LinkOf): boolean {
  const legs = layer2.domainOf(one.host, one.link)?.byHost.get(other.host) ?? [];
  return legs.some(({ link }) => link === other.link);
}
