/**
 * The name that was probably meant: the one with the fewest insertions, deletions, replacements and swaps of neighbours,
 * at most two of five letters.
 *
 * @returns null where none is near.
 */
export function nearest(found: string, known: readonly string[]): string | null {
  let best: string | null = null;
  let fewest = Number.POSITIVE_INFINITY;
  if (found.length > 64) return null;
  for (const candidate of known) {
    const edits = distance(found.toLowerCase(), candidate.toLowerCase());
    if (edits < fewest && edits <= Math.floor((candidate.length * 2) / 5)) {
      best = candidate;
      fewest = edits;
    }
  }
  return best;
}

/** Optimal string alignment, three rows at a time. */
function distance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(last, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwap ? at(beforeLast, j - 2) + 1 : Number.POSITIVE_INFINITY;
      row.push(Math.min(at(last, j) + 1, at(row, j - 1) + 1, replaced, swapped));
    }
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
