/**
 * What is measured on hosts: who reaches whom, and who answers for an address.
 *
 * For: gates and watches; readings from the hosts' own view, and expected against observed, cell by cell.
 * Not for: opening connections (`transport`), deciding what is expected (`prove`), or what follows from a disagreement (`rollout`).
 * Law: never throws and always ends; what could not be measured says why and is never taken for lost or delivered;
 * a lost answer is asked for once more; no word of a fleet becomes shell text.
 */

export type { ScriptAnswer, ScriptQuestion } from "./ask-host.js";
export { askHost } from "./ask-host.js";
export type { ProbeCell, ProbeReading } from "./cell.js";
export type { CellComparison } from "./compare-cells.js";
export { compareCells } from "./compare-cells.js";
export { inParallel } from "./in-parallel.js";
export type { MeasureOptions } from "./measure-cells.js";
export { measureCells } from "./measure-cells.js";
export { TOOL_PATH } from "./ping-script.js";
export type { ProbeAnswer, ProbeCommand, ProbeSession, SessionOf } from "./session.js";
export type { AddressAnswer } from "./virtual-address.js";
export { askVirtualAddress } from "./virtual-address.js";
