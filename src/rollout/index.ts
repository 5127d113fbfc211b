/**
 * The rollout: from a plan made ready to the hosts as it wants them, or as they were.
 *
 * For: the state machine, the journal's entries and their chain, what a host is told and what it answers, the ports that a run needs.
 * Not for: opening connections, files or terminals (`transport`, `app`), measuring (`probe`), deciding whether a change is safe (`prove`).
 * Law: intent before each action and result after it; nothing is done whose intent is not on disk; whoever resumes observes and never assumes;
 * a host that is not confirmed takes its change back by itself.
 */
export type { Cell, CellReading } from "./cell.js";
export type { HostClientOptions } from "./host-client/host-client.js";
export { HostClient } from "./host-client/host-client.js";
export type { Armed } from "./host-program/parse-answers.js";
export { parseArmed, parseStatus, whyOf } from "./host-program/parse-answers.js";
export type { StagedPersist } from "./host-program/stage-text.js";
export { renderCommands, stagePersist } from "./host-program/stage-text.js";
export type { HostRecord, HostStatus, RecordState } from "./host-record.js";
export type { HostReply } from "./host-reply.js";
export { renderEntry, sealEntry } from "./journal/chain.js";
export type { HostVerb, JournalEntry, NewJournalEntry } from "./journal/entry.js";
export type { JournalProblem } from "./journal/verify.js";
export { verifyJournal } from "./journal/verify.js";
export type { RunOutcome } from "./outcome.js";
export type { HostAnswer, HostCommand, HostReach, HostSession, Unreachable } from "./ports/host-session.js";
export type {
  Clock,
  HealthReading,
  HostProgram,
  Journal,
  MeasureCells,
  MeasureHealth,
  RunControl,
  RunHooks,
  RunPorts,
} from "./ports/ports.js";
export { resumeRun } from "./resume.js";
export { rollbackRun } from "./rollback.js";
export { SERVICES_SECONDS } from "./run/services.js";
export { runProgram } from "./run.js";
export type { RunEvent } from "./run-event.js";
export type {
  CommandWords,
  HostServices,
  HostStep,
  PersistItem,
  RunPhase,
  RunPolicy,
  RunProgram,
} from "./run-program.js";
export type { RunSummary } from "./status-of.js";
export { statusOf } from "./status-of.js";
