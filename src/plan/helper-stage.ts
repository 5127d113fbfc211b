import type { HostId, Operation } from "#model/index.js";

/** What a helper stage gives a host for the time of the change. */
export const HELPER_KINDS = [
  /** The `promote_secondaries` of a link: a secondary address outlives its primary. */
  "kept-secondaries",
  /** No redirects are sent or taken. */
  "silent-redirects",
  /** Source validation asks for some route back, and not for the same link. */
  "loose-filter",
  /** An address of the host under another prefix length as well. */
  "both-prefixes",
  /** More specific routes: the old or the new next hop for some destinations, a direct route, or the way round by a neighbour. */
  "host-route",
  /** A route by a gateway that no connected prefix of the host covers. */
  "gateway-route",
  /** Another address of the host in a subnet of the change. */
  "second-address",
  /** The address of a gateway that another host lets go of before the next one takes it. */
  "gateway-address",
  /** A permanent neighbour entry where several hosts answer ARP. */
  "pinned-neighbour",
  /** A cache is emptied: what it holds of hosts that have changed since is forgotten. Nothing takes it back. */
  "flush",
] as const;

/** One kind of helper stage. */
export type HelperKind = (typeof HELPER_KINDS)[number];

/** Facts that a host holds only while the change runs: made before its own operations, unmade after those of every host. */
export interface HelperStage {
  readonly kind: HelperKind;
  readonly host: HostId;
  /** In their order; each ends in a stage of its own. */
  readonly make: readonly Operation[];
  /** Takes the facts back, the last one made first. */
  readonly unmake: readonly Operation[];
  /** What the host holds by it and what for, as part of a sentence. */
  readonly why: string;
}

/** Operations of a host by their place: `operations.slice(from, to)`. */
export interface OperationRange {
  readonly from: number;
  readonly to: number;
}

/** A helper stage in its host's way. */
export interface PlacedHelper extends HelperStage {
  readonly made: OperationRange;
  readonly unmade: OperationRange;
}

/** A helper stage that a witness asks for, before it has a place: what takes it back is found when it gets one. */
export interface HelperProposal extends Omit<HelperStage, "unmake"> {
  /** What it is without names of its host: alike hosts have the same proposals by the same shape. */
  readonly shape: string;
}
