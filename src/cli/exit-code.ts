import type { FailureKind, RunOutcome } from "#app/index.js";

/** What the process ends with; the same for every verb. */
export const EXIT = {
  done: 0,
  internal: 1,
  hasChanges: 2,
  refused: 3,
  rolledBack: 4,
  rollbackIncomplete: 5,
  locked: 6,
  altered: 7,
  unknown: 8,
  notMeasured: 9,
  usage: 64,
  interrupted: 130,
} as const;

/** One of the numbers of `EXIT`. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The exit code of a failure. */
export function exitCodeOf(kind: FailureKind): ExitCode {
  switch (kind) {
    case "usage":
      return EXIT.usage;
    case "unreadable":
      return EXIT.notMeasured;
    case "refused":
      return EXIT.refused;
    case "altered":
      return EXIT.altered;
    case "locked":
      return EXIT.locked;
  }
}

/** The exit code of a run: never 0 where anything was taken back, be it as asked. */
export function exitCodeOfRun({ kind }: RunOutcome): ExitCode {
  switch (kind) {
    case "done":
      return EXIT.done;
    case "rolled-back":
    case "kept":
      return EXIT.rolledBack;
    case "rollback-incomplete":
      return EXIT.rollbackIncomplete;
    case "unknown":
      return EXIT.unknown;
    case "refused":
      return EXIT.refused;
    case "locked":
      return EXIT.locked;
    case "left":
      return EXIT.interrupted;
  }
}
