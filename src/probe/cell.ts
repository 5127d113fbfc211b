import type { HostId } from "#model/index.js";

/** One directed pair of the connectivity matrix, and what is expected of it; the same shape as the rollout's. */
export interface ProbeCell {
  readonly from: HostId;
  /** A dotted quad. */
  readonly to: string;
  /** `any`: it is measured and never disagrees. */
  readonly expected: "delivered" | "lost" | "any";
}

/** What was seen of a cell. */
export interface ProbeReading<Cell extends ProbeCell = ProbeCell> {
  readonly cell: Cell;
  readonly observed: "delivered" | "lost" | "not-measured";
  /** Why it was not measured; empty otherwise. */
  readonly why: string;
}
