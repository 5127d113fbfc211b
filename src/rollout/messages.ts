import type { CellReading } from "./cell.js";
import type { HostRecord } from "./host-record.js";
import type { HostReply } from "./host-reply.js";
import type { RunOutcome } from "./outcome.js";
import type { HealthReading } from "./ports/ports.js";

type Failure = Exclude<HostReply<unknown>, { kind: "done" }>;

/** What a run says; see also `journal/messages.ts`. */
export const messages = {
  answerLost: (why: string): string => `its answer was lost: ${why}`,
  answerLate: (afterMs: number): string => `no answer within ${seconds(afterMs)}`,
  noWords: (code: number): string => `exit code ${code} without a reason`,
  strangeCode: (code: number, why: string): string =>
    `expected exit code 0, 3, 4 or 64 of the host program, found ${code}: ${why}`,
  stillAtIt: (): string => "the host is still at it",
  noRecord: (): string => "the host has no such record",
  recordGone: (): string => "the host had this record and does not have it any more",
  stands: (record: HostRecord): string =>
    `its record is ${record.state}${record.hasRebooted ? " after a reboot" : ""}${record.note === "" ? "" : ` (${record.note})`}`,
  notClaimed: (host: string, reply: Failure): string =>
    `Expected to claim \`${host}\`, found: ${said(reply)}. No host was changed.`,
  notInstalled: (host: string, reply: Failure): string =>
    `Expected to lay the host program on \`${host}\`, found: ${said(reply)}. No host was changed.`,
  notClaimedHint: (): string =>
    "See to it that the host answers and that its state directory can be written, then apply again.",
  stillClaimed: (hosts: readonly string[]): string =>
    `${list(hosts)} did not answer and may still be claimed; \`pointsman resume\` gives back what is.`,
  notObserved: (host: string, reply: Failure): string =>
    `\`${host}\` does not say how it stands: ${said(reply)}`,
  foreignRecord: (host: string, record: HostRecord): string =>
    `\`${host}\` has the record \`${record.id}\` of another run, and it is ${record.state}${record.persisted === "failed" ? ", but not all of it is written" : ""}. No host was changed.`,
  notRecalled: (host: string, id: string, reply: Failure): string =>
    `\`${host}\` has put the record \`${id}\` away and cannot take it back: ${said(reply)}. No host was changed.`,
  notRecalledHint: (): string =>
    "Take back first, with `pointsman rollback`, what changed that host since. Where that is not possible, `pointsman-host revert` on each other host takes this run back by hand.",
  attemptEnded: (outcome: RunOutcome): string =>
    outcome.kind === "locked"
      ? `It was not carried out: run \`${outcome.by}\` has a host of it.`
      : outcome.kind === "refused"
        ? `It was not carried out: ${outcome.why}`
        : outcome.kind,
  foreignHint: (): string =>
    "Bring that run to its end with `pointsman resume`, or take it back with `pointsman rollback`, then apply again.",
  notFlushed: (host: string, reply: Failure): string =>
    `\`${host}\` did not empty its caches: ${said(reply)}`,
  notArmed: (host: string, reply: Failure): string => `\`${host}\` was not armed: ${said(reply)}`,
  notStopped: (host: string, reply: Failure): string =>
    `The services of \`${host}\` did not stop: ${said(reply)}`,
  notSwitched: (host: string, reply: Failure): string => `\`${host}\` did not switch: ${said(reply)}`,
  notExtended: (host: string, reply: Failure): string =>
    `The dead-man of \`${host}\` could not be given more time: ${said(reply)}`,
  notConfirmed: (host: string, reply: Failure): string => `\`${host}\` was not confirmed: ${said(reply)}`,
  notTakenBack: (host: string, reply: Failure): string =>
    `\`${host}\` did not take its change back: ${said(reply)}`,
  notCarried: (hosts: readonly string[]): string =>
    `${list(hosts)} took the change back by themselves each time before they were confirmed`,
  refusesConfirm: (host: string, why: string): string =>
    `\`${host}\` refuses to be confirmed: ${why || "no reason given"}`,
  notAsSwitched: (host: string, record: HostRecord): string =>
    `\`${host}\` is not as it was switched: ${messages.stands(record)}`,
  recordMissing: (host: string, id: string): string => `\`${host}\` has no record \`${id}\` any more`,
  otherBoot: (host: string): string => `\`${host}\` runs another boot than the one in which it was armed`,
  textMissing: (path: string): string =>
    `the text of \`${path}\` is not at hand, and the journal keeps digests alone`,
  servicesLeft: (hosts: readonly string[]): string =>
    `${list(hosts)} did not say that their services are started; their dead-men start them`,
  servicesStarted: (hosts: readonly string[]): string =>
    `The services of ${list(hosts)} may have been started by their dead-men`,
  askedFor: (host: string): string => `whether \`${host}\` may be next`,
  askedToConfirm: (phase: number): string => `the confirmation of phase ${phase}`,
  nobodyAnswered: (after: number): string => `Nobody answered within ${after} s`,
  stoppedBefore: (host: string): string => `Stopped by the operator before \`${host}\``,
  notConfirmedByPerson: (): string => "The operator did not confirm",
  aborted: (): string => "Aborted by the operator",
  gatePassed: (phase: number): string => `The gate of phase ${phase} was passed`,
  gateAgain: (hosts: readonly string[]): string =>
    `The gate was passed once more, with ${list(hosts)} switched again`,
  gateFailed: (phase: number, what: readonly string[]): string =>
    `The gate of phase ${phase} was not passed: ${what.join("; ")}`,
  tooLateToConfirm: (left: number, margin: number): string =>
    `The first dead-man fires in ${Math.round(left)} s; nobody is confirmed later than ${margin} s before that`,
  deadMen: (hosts: readonly string[]): string => `the dead-men of ${list(hosts)}`,
  watchingLogs: (): string => "what services say",
  unhealthy: (what: readonly string[]): string => `The cluster is not healthy: ${what.join("; ")}`,
  noHealth: (why: string): string => `Whether the cluster is healthy could not be measured: ${why}`,
  illHint: (): string => "No host was changed. Bring the cluster to health, then apply again.",
  baselineDiffers: (what: readonly string[]): string =>
    `Expected the network as the plan has it before its first phase, found: ${what.join("; ")}`,
  baselineHint: (): string => "No host was changed. Make a new plan from the network as it is.",
  finalDiffers: (what: readonly string[]): string =>
    `Expected the network as the plan has it after its last phase, found: ${what.join("; ")}`,
  resumeDiffers: (phase: number, what: readonly string[]): string =>
    `Expected the network as the plan has it before phase ${phase}, found: ${what.join("; ")}`,
  hookRefused: (phase: number, why: string): string => `The hook before phase ${phase} refused: ${why}`,
  stoppedBeforePhase: (phase: number): string => `Stopped by the operator before phase ${phase}`,
  resumeHint: (): string =>
    "`pointsman resume` goes on with a run that was begun; `pointsman rollback` takes it back.",
  nothingChangedHint: (): string => "No host was changed. See to the reason, then apply again.",
  journalNotEmpty: (): string => "Expected an empty journal for a new run, found one that has begun already.",
  journalHint: (): string => "No host was changed. See to the disk of this machine, then apply again.",
  journalLost: (
    why: string,
    armed: readonly { readonly host: string; readonly secondsLeft: number }[],
  ): string =>
    `${messages.capital(why)}. Nothing more is begun. ${
      armed.length === 0
        ? "No dead-man is known to run."
        : `Dead-men take back: ${armed.map(({ host, secondsLeft }) => `\`${host}\` within ${secondsLeft} s`).join(", ")}.`
    } See to the disk of this machine, then \`pointsman resume\`.`,
  backIncomplete: (why: string, what: string): string =>
    `${why}. Not everything was taken back: ${what}. Look at these hosts; \`pointsman rollback\` may be said again.`,
  backUnknown: (why: string, hosts: readonly string[]): string =>
    `${why}. All others are taken back, but ${list(hosts)} did not answer, also when their dead-men were over. \`pointsman resume\` finishes when they do.`,
  backUnmeasured: (why: string, what: readonly string[]): string =>
    `${why}. Every host says that it took its change back, but the network could not be measured: ${what.join("; ")}`,
  backDiffers: (why: string, what: readonly string[]): string =>
    `${why}. Every host says that it took its change back, but the network is not as before: ${what.join("; ")}`,
  backButIll: (why: string, ill: string): string => `${why}. The network is as before. ${ill}`,
  leftUndecided: (phase: number): string => `The controller ended before phase ${phase} was decided`,
  rollbackAsked: (): string => "Taken back as the operator asked",
  noRun: (): string => "Expected the journal of a run, found none that has begun.",
  noRunHint: (): string => "Nothing was done. Name another run.",
  claimGone: (host: string, other: string | null): string =>
    `By the journal \`${host}\` is claimed by this run, but it says ${other === null ? "that nobody has it" : `\`${other}\``}.`,
  claimUnannounced: (host: string): string =>
    `\`${host}\` is claimed by this run, and the journal never said so.`,
  recordUnannounced: (host: string, id: string): string =>
    `\`${host}\` has the record \`${id}\`, and the journal never announced it.`,
  confirmUnannounced: (host: string, id: string): string =>
    `\`${host}\` has confirmed \`${id}\`, and the journal never announced that.`,
  recordVanished: (host: string, id: string): string =>
    `By the journal \`${host}\` has the record \`${id}\`, but it does not.`,
  strangeHint: (): string =>
    "The journal lacks its end, or somebody worked on the host by hand. Nothing was done. Bring back the whole journal; or `pointsman rollback` takes back whatever hosts hold of this run.",
  capital: (text: string): string => text.charAt(0).toUpperCase() + text.slice(1),
  agreed: (times: number): string => `agreed ${times === 1 ? "once" : `${times} times in a row`}`,
  tooLate: (): string => "agreed, but not often enough before the time was over",
  noReading: (): string => "no reading came back",
  cell: ({ cell, observed, why }: CellReading): string =>
    `\`${cell.from}\` to \`${cell.to}\`: expected ${cell.expected}, observed ${observed}${why === "" ? "" : ` (${why})`}`,
  moreCells: (count: number): string => `and ${count} more`,
  noQuorum: (reading: Exclude<HealthReading, { kind: "healthy" }>): string =>
    reading.kind === "unhealthy"
      ? `etcd has no safe quorum: ${reading.what.join("; ")}`
      : `the quorum of etcd could not be measured: ${reading.why}`,
};

function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}

function list(hosts: readonly string[]): string {
  return hosts.map((host) => `\`${host}\``).join(", ");
}

/** Refused, failed, unknown and unreachable are different things to whoever reads it. */
function said({ kind, why }: Failure): string {
  switch (kind) {
    case "refused":
      return `refused (${why})`;
    case "failed":
      return `failed (${why})`;
    case "unknown":
      return `nobody knows (${why})`;
    case "unreachable":
      return `out of reach (${why})`;
  }
}
