import { insertLines, lineAt, offsetOf, removeLines, type Splice } from "#formats/editing/index.js";
import { parseUnitFile, type UnitEntry, type UnitSection } from "#formats/systemd/index.js";
import type { ConfigurationTree, LinkName, Source } from "#model/index.js";
import type { NetdevDocument, NetworkDocument } from "./document.js";
import { dropInsOf, findFiles } from "./files.js";
import { readDocuments } from "./read.js";
import { assignFiles } from "./select.js";

/** One text, a file or a drop-in, with its sections. */
export interface EditedUnit {
  readonly path: string;
  readonly text: string;
  readonly sections: readonly UnitSection[];
}

/** The files of a host, and which of them is for which link. */
export interface Units {
  readonly units: readonly EditedUnit[];
  readonly networks: ReadonlyMap<string, NetworkDocument>;
  readonly netdevs: readonly NetdevDocument[];
}

/** Reads the files again, to edit them. */
export function openUnits(tree: ConfigurationTree, path: string): Units {
  const paths = findFiles(tree, path);
  const { networks, netdevs } = readDocuments(tree, paths);
  const assignments = assignFiles({ networks, netdevs, issues: [] });
  return {
    units: paths.flatMap((file) =>
      [file, ...dropInsOf(tree, file)].map((each) => openUnit(each, tree.read(each) ?? "")),
    ),
    networks: new Map(
      assignments.flatMap(({ link, network }) => (network === null ? [] : [[link, network]])),
    ),
    netdevs,
  };
}

function openUnit(path: string, text: string): EditedUnit {
  return { path, text, sections: parseUnitFile(text, path).sections };
}

/** The file that configures a link, its drop-ins behind it. */
export function unitsOf({ units, networks }: Units, link: LinkName): readonly EditedUnit[] {
  const file = networks.get(link)?.source.file;
  return units.filter(({ path }) => file !== undefined && (path === file || path.startsWith(`${file}.d/`)));
}

/** A section, and the entry of it that stands at a place; null for the head of the section. */
export interface PlacedEntry {
  readonly unit: EditedUnit;
  readonly section: UnitSection;
  readonly entry: UnitEntry | null;
}

/** What stands at a place, or null. */
export function entryAt({ units }: Units, place: Source): PlacedEntry | null {
  const isHere = ({ source }: { readonly source: Source }): boolean =>
    source.file === place.file && source.line === place.line && source.column === place.column;
  for (const unit of units.filter(({ path }) => path === place.file)) {
    for (const section of unit.sections) {
      const entry = section.entries.find(isHere) ?? null;
      if (entry !== null || isHere(section)) return { unit, section, entry };
    }
  }
  return null;
}

/** The last entry of that key, as the reader takes it. */
export function lastEntry(section: UnitSection, key: string): UnitEntry | null {
  return section.entries.findLast((entry) => entry.key === key) ?? null;
}

/** Puts another text into the value of an entry that stands in one line; its quotes stay. */
export function setEntry(unit: EditedUnit, entry: UnitEntry, after: string): readonly Splice[] {
  const [piece, more] = entry.pieces;
  const start = piece === undefined ? null : offsetOf(unit.text, piece);
  if (piece === undefined || start === null || more !== undefined) return [];
  const isQuoted = /^".*"$/.test(piece.text);
  const text = isQuoted ? `"${after}"` : after;
  return [{ path: unit.path, start, end: start + piece.text.length, text }];
}

/** Sets a key of a section, or adds its line behind the others. */
export function setKey(
  unit: EditedUnit,
  section: UnitSection,
  key: string,
  after: string,
): readonly Splice[] {
  const entry = lastEntry(section, key);
  return entry === null ? addEntry(unit, section, `${key}=${after}`) : setEntry(unit, entry, after);
}

/** Adds a line to a section: behind the last entry of one of these keys, else behind its last. */
export function addEntry(
  unit: EditedUnit,
  section: UnitSection,
  line: string,
  keys: readonly string[] = [],
): readonly Splice[] {
  const alike = section.entries.findLast(({ key }) => keys.includes(key)) ?? section.entries.at(-1);
  const behind = alike === undefined ? section.source.line : lastLineOf(alike);
  return [insertLines(unit.path, unit.text, behind, [line])];
}

function lastLineOf(entry: UnitEntry): number {
  return Math.max(entry.source.line, ...entry.pieces.map(({ line }) => line));
}

/** Takes the lines of an entry out. */
export function dropEntry(unit: EditedUnit, entry: UnitEntry): readonly Splice[] {
  const lines = { first: entry.source.line, last: lastLineOf(entry) };
  const splice = removeLines(unit.path, unit.text, lines);
  return splice === null ? [] : [splice];
}

/** Takes a section out, with one of the blank lines around it. */
export function dropSection({ path, text }: EditedUnit, section: UnitSection): readonly Splice[] {
  const first = section.source.line;
  const last = Math.max(first, ...section.entries.map(lastLineOf));
  const isBlank = (line: number): boolean => line > 0 && lineAt(text, line)?.text.trim() === "";
  const hasBlankBefore = isBlank(first - 1);
  const hasBlankBehind = !hasBlankBefore && isBlank(last + 1);
  const lines = { first: hasBlankBefore ? first - 1 : first, last: hasBlankBehind ? last + 1 : last };
  const splice = removeLines(path, text, lines);
  return splice === null ? [] : [splice];
}

/** Adds a section behind the last one of those names, else at the end of the text. */
export function addSection(
  unit: EditedUnit,
  lines: readonly string[],
  behind: readonly string[],
): readonly Splice[] {
  const like = unit.sections.findLast(({ name }) => behind.includes(name)) ?? unit.sections.at(-1);
  const last = like === undefined ? 0 : Math.max(like.source.line, ...like.entries.map(lastLineOf));
  return [insertLines(unit.path, unit.text, last, [...(last === 0 ? [] : [""]), ...lines])];
}
