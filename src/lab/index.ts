/**
 * The lab: a fleet or a snapshot as real hosts on this machine, in network namespaces wired as it says; with systemd, SSH and files of
 * their own where asked.
 *
 * For: trying on this machine's kernel what is meant for hosts that matter, with faults put in on purpose.
 * Not for: deciding what the hosts are (that follows from a snapshot, in `app`) or what a change does to them.
 * Law: only addresses inside the lab's own namespaces are touched; whatever is made carries the lab's label, and is found and removed
 * by it also after the process that made it is gone.
 */

export type { Cable, Direction } from "./impair.js";
export { labCut, labHeal, labLoss, labSlow } from "./impair.js";
export type { Lab, LabPort, LabRecord } from "./lab.js";
export { labDown, labDownAll } from "./lab-down.js";
export type { LabErrorCode } from "./lab-error.js";
export { LabError } from "./lab-error.js";
export type { ExecOptions, ExecResult } from "./lab-exec.js";
export { labExec, labReach, labWords } from "./lab-exec.js";
export type { LabSummary } from "./lab-list.js";
export { labList, openLab } from "./lab-list.js";
export { labUp } from "./lab-up.js";
export type { LabPlaces } from "./places.js";
export { defaultPlaces } from "./places.js";
export type { InstallCommand, LabFile, PlatformHost } from "./platforms/index.js";
export { installSystem, platformFiles, rootKindOf } from "./platforms/index.js";
export { labFreeze, labKill, labReboot, labStart, labThaw } from "./power.js";
export type { RootKind } from "./root/index.js";
export { ensureRoot } from "./root/index.js";
export type {
  LabHost,
  LabLink,
  LabSegment,
  LabSpecification,
  NamespaceHost,
  SystemdHost,
} from "./specification.js";
