import { compareLines, type LineDifference } from "./line-difference.js";
import { PLAIN, type TextStyle } from "./style-text.js";

/** One file before and after. */
export interface ChangedFile {
  /** From the root of the tree, with forward slashes. */
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/** Lines around a change; as `diff -u` has it. */
const CONTEXT = 3;

/** Writes files as a unified diff with paths below `a/` and `b/`, which `git apply` and `patch -p1` take in the root of the tree. */
export function renderDiff(files: readonly ChangedFile[], style: TextStyle = PLAIN): string {
  return files
    .filter(({ before, after }) => before !== after)
    .map((file) => renderFile(file, style))
    .join("");
}

interface NumberedLine extends LineDifference {
  /** Lines of either text before this one. */
  readonly oldBefore: number;
  readonly newBefore: number;
}

function renderFile({ path, before, after }: ChangedFile, style: TextStyle): string {
  const lines = numbered(compareLines(before, after));
  const head = [style.bold(`--- ${writePath("a", path)}`), style.bold(`+++ ${writePath("b", path)}`)].join(
    "\n",
  );
  const hunks = hunksOf(lines).map(([first, last]) => renderHunk(lines.slice(first, last + 1), style));
  return `${head}\n${hunks.join("")}`;
}

/** git-diff(1): a name with blanks ends in a tab, one with control characters or quotes is quoted as in C. */
function writePath(side: "a" | "b", path: string): string {
  const full = `${side}/${path}`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what has to be quoted
  if (/["\\\u0000-\u001f\u007f]/.test(full)) return JSON.stringify(full);
  return / /.test(full) ? `${full}\t` : full;
}

function numbered(lines: readonly LineDifference[]): readonly NumberedLine[] {
  let oldBefore = 0;
  let newBefore = 0;
  return lines.map((each) => {
    const found = { ...each, oldBefore, newBefore };
    if (each.kind !== "added") oldBefore++;
    if (each.kind !== "removed") newBefore++;
    return found;
  });
}

/** First and last line of each hunk; changes with at most twice the context between them share one. */
function hunksOf(lines: readonly NumberedLine[]): readonly (readonly [number, number])[] {
  const hunks: [number, number][] = [];
  for (const [index, { kind }] of lines.entries()) {
    if (kind === "same") continue;
    const first = Math.max(0, index - CONTEXT);
    const last = Math.min(lines.length - 1, index + CONTEXT);
    const open = hunks.at(-1);
    if (open !== undefined && first <= open[1] + 1) open[1] = last;
    else hunks.push([first, last]);
  }
  return hunks;
}

function renderHunk(lines: readonly NumberedLine[], style: TextStyle): string {
  const [first] = lines;
  if (first === undefined) return "";
  const oldCount = lines.filter(({ kind }) => kind !== "added").length;
  const newCount = lines.filter(({ kind }) => kind !== "removed").length;
  const head = `@@ -${range(first.oldBefore, oldCount)} +${range(first.newBefore, newCount)} @@`;
  return `${style.faint(head)}\n${lines.map((line) => renderLine(line, style)).join("")}`;
}

/** An empty range is said to follow the line before it. */
function range(before: number, count: number): string {
  const start = count === 0 ? before : before + 1;
  return count === 1 ? String(start) : `${start},${count}`;
}

function renderLine({ kind, line }: LineDifference, style: TextStyle): string {
  const isWhole = line.endsWith("\n");
  const text = isWhole ? line.slice(0, -1) : line;
  const end = isWhole ? "\n" : "\n\\ No newline at end of file\n";
  switch (kind) {
    case "same":
      return ` ${text}${end}`;
    case "removed":
      return `${style.red(`-${text}`)}${end}`;
    case "added":
      return `${style.green(`+${text}`)}${end}`;
  }
}
