import type { Source } from "#model/index.js";
import { type LogicalLine, logicalLines, type Piece } from "./logical-lines.js";

/** `Key=value` of a section; an empty value resets a list. */
export interface UnitEntry {
  readonly key: string;
  readonly value: string;
  /** Where the key stands. */
  readonly source: Source;
  /** The value as its lines gave it, each with its place. */
  readonly pieces: readonly Piece[];
}

/** One `[Name]` and what stands below it, up to the next. */
export interface UnitSection {
  readonly name: string;
  readonly entries: readonly UnitEntry[];
  readonly source: Source;
}

/** A line that is neither a section, nor an assignment, nor a comment, nor blank. */
export interface MalformedLine {
  readonly text: string;
  readonly source: Source;
}

/** A unit file as written: sections in order, equal names not joined. */
export interface UnitFile {
  readonly sections: readonly UnitSection[];
  readonly malformed: readonly MalformedLine[];
}

/**
 * Reads the syntax that systemd.syntax(7) describes. Assignments before the first section stand in a section with the empty name.
 *
 * @example parseUnitFile("[Match]\nName=eth0\n", "10-eth0.network").sections[0]?.entries[0]?.value // "eth0"
 */
export function parseUnitFile(text: string, file: string): UnitFile {
  const sections: { name: string; entries: UnitEntry[]; source: Source }[] = [];
  const malformed: MalformedLine[] = [];
  for (const line of logicalLines(text.replace(/^\uFEFF/, ""))) {
    const first = line[0];
    if (first === undefined) continue;
    const source = { file, line: first.line, column: first.column };
    const header = /^\[([^\]]*)\]$/.exec(first.text);
    const entry = header === null ? readEntry(line, source) : null;
    if (header !== null) sections.push({ name: header[1] ?? "", entries: [], source });
    else if (entry === null) malformed.push({ text: first.text, source });
    else sectionFor(sections, source).entries.push(entry);
  }
  return { sections, malformed };
}

function sectionFor<T extends { entries: UnitEntry[] }>(
  sections: (T | { name: string; entries: UnitEntry[]; source: Source })[],
  source: Source,
): { entries: UnitEntry[] } {
  const last = sections.at(-1);
  if (last !== undefined) return last;
  const nameless = { name: "", entries: [], source };
  sections.push(nameless);
  return nameless;
}

function readEntry(line: LogicalLine, source: Source): UnitEntry | null {
  const [first, ...rest] = line;
  const equals = first?.text.indexOf("=") ?? -1;
  if (first === undefined || equals <= 0) return null;
  const afterEquals = first.text.slice(equals + 1);
  const head = afterEquals.trimStart();
  const column = first.column + equals + 1 + (afterEquals.length - head.length);
  const pieces = [{ text: head, line: first.line, column }, ...rest].filter((piece) => piece.text !== "");
  const value = pieces.map((piece) => piece.text).join(" ");
  return { key: first.text.slice(0, equals).trim(), value, source, pieces };
}
