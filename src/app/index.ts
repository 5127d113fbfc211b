/**
 * One function for each verb, and what they read: the public API of the package.
 *
 * For: programs and the command line; each verb reads as its own story, from the files it names to its result.
 * Not for: parsing arguments, printing, or deciding what a packet does.
 * Law: an expected failure is a value with one clear message; nothing is written here; what throws is a bug.
 */

export type { Lab, LabSummary } from "#lab/index.js";
export type {
  Clock,
  JournalEntry,
  RunControl,
  RunEvent,
  RunOutcome,
  RunPolicy,
  RunProgram,
} from "#rollout/index.js";
export { sudoersFor } from "#transport/index.js";
export type { EditRequest, EditResult, FileEdit } from "./change/edit.js";
export { edit } from "./change/edit.js";
export type { Check } from "./check.js";
export { check, checkNetwork } from "./check.js";
export type { CollectRequest, CollectResult } from "./collect/collect.js";
export { collect } from "./collect/collect.js";
export type { CollectedHost, CollectedSnapshot, CollectSnapshotRequest } from "./collect/collect-snapshot.js";
export { collectSnapshot } from "./collect/collect-snapshot.js";
export type { CollectReach } from "./collect/open-reach.js";
export { readCollected } from "./collect/read-collected.js";
export type { DerivedNetwork } from "./derive/snapshot.js";
export { deriveSnapshot } from "./derive/snapshot.js";
export type { Failure, FailureKind } from "./failure.js";
export { InputError } from "./failure.js";
export type { HealthBaseline } from "./health/baseline.js";
export type { ClusterHealth, HealthRequest } from "./health/cluster-health.js";
export { watchHealth } from "./health/cluster-health.js";
export type { HookCommand } from "./hooks/command-words.js";
export { parseCommandWords } from "./hooks/command-words.js";
export { execInLab } from "./lab/exec.js";
export type { HostDeed, LabPlace } from "./lab/faults.js";
export { doToHost, loseFrames, slowHost } from "./lab/faults.js";
export type { LabRequest } from "./lab/lab.js";
export { buildLab, cutCable, healCable, listLabs, removeLab, specifyLab } from "./lab/lab.js";
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
export type { PreflightCheck, PreflightContext } from "./preflight/check.js";
export { PREFLIGHT_CHECKS, preflight } from "./preflight/preflight.js";
export type { ProveResult } from "./prove.js";
export { prove, show } from "./prove.js";
export { readConfigurations } from "./read-configurations.js";
export type { NixUse } from "./read-nixos-file.js";
export { describeFault } from "./rehearse/fault.js";
export type { FlowWatch, WatchedFlow, WatchedGaps } from "./rehearse/flow-watch.js";
export { watchFlows } from "./rehearse/flow-watch.js";
export type { Rehearsal, RehearsedRun } from "./rehearse/rehearsal.js";
export type { RehearseRequest } from "./rehearse/rehearse.js";
export { rehearse } from "./rehearse/rehearse.js";
export { apply } from "./run/apply.js";
export { resume, rollback } from "./run/continue.js";
export { readHostProgram } from "./run/host-program.js";
export { openFileJournals } from "./run/open-journal.js";
export type { OpenedHosts } from "./run/opened-hosts.js";
export { DEFAULT_POLICY } from "./run/policy.js";
export type {
  ApplyRequest,
  CheckResult,
  ContinueRequest,
  HookWords,
  HostNow,
  LeftWish,
  NamedReach,
  OpenJournal,
  RunReach,
  RunReport,
  RunSelection,
  RunStatus,
  RunSurroundings,
  StatusRequest,
} from "./run/request.js";
export { runStatus } from "./run/status.js";
export { requestAbort, requestConfirm } from "./run/wishes.js";
export type { PlaceSource } from "./source-places.js";
export type { Trace, TraceRequest } from "./trace.js";
export { trace } from "./trace.js";
export type { FolderTreeOptions } from "./tree/folder-tree.js";
export { openFolderTree } from "./tree/folder-tree.js";
export { openGitTree } from "./tree/git-tree.js";
export type { BadState } from "./witness-script/bad-state.js";
export { findBadState } from "./witness-script/bad-state.js";
export { renderWitnessScript } from "./witness-script/render-script.js";
