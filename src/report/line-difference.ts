/** One line of a comparison: in both texts, only in the first, or only in the second. */
export interface LineDifference {
  readonly kind: "same" | "removed" | "added";
  /** With its line break; the last line of a text may have none. */
  readonly line: string;
}

/** Cells of the table of the longest common subsequence; more are not worth a shorter result. */
const MOST_CELLS = 4_000_000;

/** Compares two texts line by line; the result has as few changed lines as there can be, removed ones before added ones. */
export function compareLines(before: string, after: string): readonly LineDifference[] {
  const old = splitLines(before);
  const now = splitLines(after);
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start++;
  let end = 0;
  while (
    end < old.length - start &&
    end < now.length - start &&
    old[old.length - 1 - end] === now[now.length - 1 - end]
  )
    end++;
  return [
    ...marked("same", old.slice(0, start)),
    ...compareMiddle(old.slice(start, old.length - end), now.slice(start, now.length - end)),
    ...marked("same", old.slice(old.length - end)),
  ];
}

function splitLines(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function marked(kind: LineDifference["kind"], lines: readonly string[]): readonly LineDifference[] {
  return lines.map((line) => ({ kind, line }));
}

function compareMiddle(old: readonly string[], now: readonly string[]): readonly LineDifference[] {
  if (old.length * now.length > MOST_CELLS) return [...marked("removed", old), ...marked("added", now)];
  const common = commonLengths(old, now);
  const found: LineDifference[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length || j < now.length) {
    const [left, right] = [old[i], now[j]];
    if (left !== undefined && left === right) {
      found.push({ kind: "same", line: left });
      i++;
      j++;
    } else if (left !== undefined && (right === undefined || common(i + 1, j) >= common(i, j + 1))) {
      found.push({ kind: "removed", line: left });
      i++;
    } else {
      found.push({ kind: "added", line: right ?? "" });
      j++;
    }
  }
  return found;
}

/** The length of the longest common subsequence of what follows line i and line j. */
function commonLengths(old: readonly string[], now: readonly string[]): (i: number, j: number) => number {
  const width = now.length + 1;
  const table = new Uint32Array((old.length + 1) * width);
  const at = (i: number, j: number): number => table[i * width + j] ?? 0;
  for (let i = old.length - 1; i >= 0; i--)
    for (let j = now.length - 1; j >= 0; j--)
      table[i * width + j] = old[i] === now[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  return at;
}
