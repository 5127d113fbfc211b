/**
 * One function for each verb, and what they read: the public API of the package.
 *
 * For: programs and the command line; each verb reads as its own story, from the files it names to its result.
 * Not for: parsing arguments, printing, or deciding what a packet does.
 * Law: an expected failure is a value with one clear message; nothing is written here; what throws is a bug.
 */
export type { EditRequest, EditResult, FileEdit } from "./change/edit.js";
export { edit } from "./change/edit.js";
export type { Check } from "./check.js";
export { check, checkNetwork } from "./check.js";
export type { DerivedNetwork } from "./derive/snapshot.js";
export { deriveSnapshot } from "./derive/snapshot.js";
export type { Failure, FailureKind } from "./failure.js";
export { InputError } from "./failure.js";
export type { LoadedFleet } from "./load-fleet.js";
export { loadFleet } from "./load-fleet.js";
export { loadSnapshot } from "./load-snapshot.js";
export type { Matrix, MatrixRequest } from "./matrix.js";
export { matrix } from "./matrix.js";
export type { FleetSource, Network, NetworkSource } from "./network.js";
export { openNetwork, openWholeNetwork } from "./network.js";
export type { PlanRequest, PlanResult } from "./plan.js";
export { plan } from "./plan.js";
export type { Reproof } from "./plan-file/reprove.js";
export type { PlanFile, PlanFilePhase } from "./plan-file/schema.js";
export { renderPlanFile } from "./plan-file/write.js";
export type { CheckedChange } from "./planning/checked-change.js";
export { findPlan as planSnapshots } from "./planning/find-plan.js";
export type { BrokenFlow, ExpectedFlow, PlanOutcome, TriedStrategy } from "./planning/plan-outcome.js";
export type { ProveResult } from "./prove.js";
export { prove, show } from "./prove.js";
export { readConfigurations } from "./read-configurations.js";
export type { NixUse } from "./read-nixos-file.js";
export type { PlaceSource } from "./source-places.js";
export type { Trace, TraceRequest } from "./trace.js";
export { trace } from "./trace.js";
export type { FolderTreeOptions } from "./tree/folder-tree.js";
export { openFolderTree } from "./tree/folder-tree.js";
export { openGitTree } from "./tree/git-tree.js";
export type { BadState } from "./witness-script/bad-state.js";
export { findBadState } from "./witness-script/bad-state.js";
export { renderWitnessScript } from "./witness-script/render-script.js";
