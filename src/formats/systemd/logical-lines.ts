/** Longer texts are cut here: a megabyte is some thousand times the largest unit seen. */
export const MAX_UNIT_LENGTH = 1024 * 1024;

/** A run of characters of a logical line and where in the file it starts. */
export interface Piece {
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

/** One line after joining continuations; never empty, blanks at its ends removed. */
export type LogicalLine = readonly Piece[];

/**
 * Joins lines that end in a backslash with a space in its place, and leaves out comments (also between continued lines) and blank lines;
 * systemd.syntax(7).
 */
export function logicalLines(text: string): readonly LogicalLine[] {
  const lines: LogicalLine[] = [];
  let open: Piece[] = [];
  for (const [index, raw] of text.slice(0, MAX_UNIT_LENGTH).split(/\r?\n/).entries()) {
    const trimmed = raw.trim();
    if (/^[#;]/.test(trimmed)) continue;
    const isContinued = trimmed.endsWith("\\") && raw.endsWith("\\");
    const content = isContinued ? trimmed.slice(0, -1).trimEnd() : trimmed;
    if (content !== "")
      open.push({ text: content, line: index + 1, column: raw.length - raw.trimStart().length + 1 });
    if (isContinued) continue;
    if (open.length > 0) lines.push(open);
    open = [];
  }
  return open.length > 0 ? [...lines, open] : lines;
}
