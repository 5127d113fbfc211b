import type { IPv4, Mac } from "#ip/index.js";
import type { HostId, LinkName } from "#model/index.js";
import { type Ages, type Keeping, stageAtStart } from "./ages.js";
import type { Claims } from "./claims.js";
import type { Domain } from "./layer2.js";
import type { PastLayer2, Span } from "./past-layer2.js";

/**
 * An entry that a host may still have in a cache, though nobody teaches it any more. Stages are numbered over the whole change. The
 * host met its teacher in one of its own stages `learntIn` (both ends included) and has forgotten nothing up to its stage `until`.
 */
export interface Recollection {
  readonly host: HostId;
  readonly learntIn: { readonly from: number; readonly to: number };
  readonly until: number;
  readonly of: HostId;
  /** The stage of the teacher at that time. */
  readonly stage: number;
  readonly entry: RememberedEntry;
}

/** What is remembered: the address of a neighbour, or the next hop that a redirect gave for a destination. */
export type RememberedEntry =
  | { readonly kind: "neighbour"; readonly link: LinkName; readonly ip: IPv4; readonly mac: Mac }
  | {
      readonly kind: "redirect";
      readonly link: LinkName;
      /** The next hop of the route that it is about. */
      readonly gateway: IPv4;
      readonly destination: IPv4;
      readonly nextHop: IPv4;
    };

/** A neighbour that a host is about to use, and the domain that its link sends into; it costs to ask for it. */
export interface AskedNeighbour {
  readonly host: number;
  readonly link: LinkName;
  readonly ip: IPv4;
  readonly domain: () => Domain | null;
}

/** A next hop that a host is about to use for a destination. */
export interface AskedNextHop {
  readonly host: number;
  readonly link: LinkName;
  readonly gateway: IPv4;
  readonly destination: IPv4;
}

/** The stage that a host is in, by its index; stages are numbered over the whole change. */
export type StageOf = (host: number) => number;

/** What may be remembered in a state; `impossible`: one of the entries that are given cannot be there in it. */
export type Recalled = readonly Recollection[] | "impossible";

/** What recalling works with. */
export interface Known {
  readonly ages: Ages;
  readonly past: PastLayer2;
  readonly claims: Claims;
  /** Nothing but these entries may be remembered, where they are given. */
  readonly only: readonly Recollection[] | null;
}

/** The time in which a cache was filled, as stages of every host. */
export function spanOf({ ages }: Known, host: number, keeping: Keeping, stageOf: StageOf): Span {
  return {
    from: (other) => (other === host ? keeping.from : stageAtStart(ages, other, keeping.phase)),
    to: stageOf,
  };
}

/** The given entries of one kind that fit, each with whether it can be there in this state. */
export function recallGiven(
  { ages, only }: Known,
  host: number,
  stageOf: StageOf,
  isAsked: (entry: RememberedEntry) => boolean,
): Recalled {
  const fitting = (only ?? []).filter((each) => each.host === ages.ids[host] && isAsked(each.entry));
  const isPossible = ({ learntIn, until, of, stage }: Recollection): boolean => {
    const own = stageOf(host);
    const teacher = ages.ids.indexOf(of);
    const isKept = ages.ways[host] === undefined || (own >= learntIn.from && own <= until);
    return isKept && (ages.ways[teacher] === undefined || stageOf(teacher) >= stage);
  };
  return fitting.every(isPossible) ? fitting : "impossible";
}

/** The name of a host by its index. */
export function nameOf({ ages }: Known, host: number): HostId {
  return ages.ids[host] ?? ("" as HostId);
}
