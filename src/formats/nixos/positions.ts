import type { Source } from "#model/index.js";

/** Turns offsets of one file into lines and columns, both from 1; columns count UTF-16 units. */
export interface Positions {
  readonly file: string;
  readonly sourceAt: (offset: number) => Source;
}

/** Reads the line starts once; each look-up is a binary search. */
export function buildPositions(file: string, text: string): Positions {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return { file, sourceAt: (offset) => locate(file, starts, offset) };
}

function locate(file: string, starts: readonly number[], offset: number): Source {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { file, line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
}
