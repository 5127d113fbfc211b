import type { FailureKind } from "#app/index.js";

/** What the process ends with; the same for every verb. */
export const EXIT = {
  done: 0,
  internal: 1,
  hasChanges: 2,
  refused: 3,
  altered: 7,
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
  }
}
