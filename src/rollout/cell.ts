import type { HostId } from "#model/index.js";

/** One directed pair of the connectivity matrix, and what is expected of it. */
export interface Cell {
  readonly from: HostId;
  /** A dotted quad that a host of the fleet owns. */
  readonly to: string;
  /** `any`: the kernel is free to choose, or something on the way is not modelled; it is measured and never disagrees. */
  readonly expected: "delivered" | "lost" | "any";
}

/** What was seen of a cell. */
export interface CellReading {
  readonly cell: Cell;
  readonly observed: "delivered" | "lost" | "not-measured";
  /** Why it was not measured; empty otherwise. */
  readonly why: string;
}
