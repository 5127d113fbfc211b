/** Edits that a slip of the fingers makes, relative to the length of the name. */
const MAX_EDITS = 0.4;
const MAX_SHOWN = 3;

/** The names that were probably meant, nearest first: few edits away, or holding what was written. */
export function nearestNames(written: string, names: readonly string[]): readonly string[] {
  const wanted = written.toLowerCase();
  return names
    .map((name) => ({ name, edits: closeness(wanted, name.toLowerCase()) }))
    .filter(({ name, edits }) => edits <= Math.max(1, Math.floor(name.length * MAX_EDITS)))
    .sort((a, b) => a.edits - b.edits)
    .slice(0, MAX_SHOWN)
    .map(({ name }) => name);
}

function closeness(wanted: string, name: string): number {
  if (wanted.length >= 2 && name.includes(wanted)) return 1;
  if (Math.abs(wanted.length - name.length) > name.length * MAX_EDITS + 1) return Number.POSITIVE_INFINITY;
  return editDistance(wanted, name);
}

/** Levenshtein's distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, replaced));
    }
    row = next;
  }
  return row[b.length] ?? Number.POSITIVE_INFINITY;
}
