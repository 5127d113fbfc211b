/**
 * Enumerates every way through a computation that makes choices, by running it again and again with other answers.
 * The computation asks `choose(n)` and gets 0 to n-1; when it ends, `advance` moves to the next way, or says that there is none.
 * The computation must be a function of the answers alone.
 */
export interface Chooser {
  readonly choose: (options: number) => number;
  /** Starts the next run; false when all have been made. */
  readonly advance: () => boolean;
}

/** Builds a chooser whose first run answers 0 everywhere. */
export function buildChooser(): Chooser {
  const answers: number[] = [];
  const limits: number[] = [];
  let position = 0;
  return {
    choose: (options) => {
      if (options <= 1) return 0;
      if (position === answers.length) {
        answers.push(0);
        limits.push(options);
      }
      const answer = answers[position] ?? 0;
      position += 1;
      return answer;
    },
    advance: () => {
      position = 0;
      while (answers.length > 0) {
        const last = answers.length - 1;
        const next = (answers[last] ?? 0) + 1;
        if (next < (limits[last] ?? 0)) {
          answers[last] = next;
          return true;
        }
        answers.pop();
        limits.pop();
      }
      return false;
    },
  };
}
