import type { ProbeCell, ProbeReading } from "./cell.js";

/** Expected against observed. A cell that was not measured is neither an agreement nor a disagreement. */
export interface CellComparison<Cell extends ProbeCell = ProbeCell> {
  /** How many cells were measured and are as expected; those of which anything is expected among them. */
  readonly agreed: number;
  readonly disagreements: readonly ProbeReading<Cell>[];
  readonly notMeasured: readonly ProbeReading<Cell>[];
}

/** Compares readings with what their cells expect, cell by cell, also those that are expected to be lost. */
export function compareCells<Cell extends ProbeCell>(
  readings: readonly ProbeReading<Cell>[],
): CellComparison<Cell> {
  const notMeasured = readings.filter(({ observed }) => observed === "not-measured");
  const disagreements = readings.filter(
    ({ cell, observed }) =>
      observed !== "not-measured" && cell.expected !== "any" && cell.expected !== observed,
  );
  return { agreed: readings.length - notMeasured.length - disagreements.length, disagreements, notMeasured };
}
