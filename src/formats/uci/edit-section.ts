import { indentOf, insertLines, lineAt, offsetOf, removeLines, type Splice } from "#formats/editing/index.js";
import type { ConfigurationTree, LinkName, Source } from "#model/index.js";
import type { UciDocument, UciOption, UciSection, UciValue } from "./document.js";
import { optionValue } from "./document.js";
import { newDraft } from "./draft.js";
import { rawWord, replacedValue } from "./edit-word.js";
import { bootInterfaces, interfaceLink } from "./interfaces.js";
import { type LexCommand, lexUci } from "./lex.js";
import { parseUci } from "./parse.js";

/** The sections of a file with the text that they stand in. */
export interface Sections {
  readonly path: string;
  readonly text: string;
  readonly document: UciDocument;
  readonly commands: readonly LexCommand[];
}

/** Reads the sections again, to edit them. */
export function openSections(tree: ConfigurationTree, path: string): Sections {
  const text = tree.read(path) ?? "";
  const commands = [...lexUci(text)].filter(({ words }) => words.length > 0);
  return { path, text, document: parseUci(text, path), commands };
}

/** The `interface` sections that come up on a link, in the order of the file. */
export function interfacesOf({ document }: Sections, link: LinkName): readonly UciSection[] {
  const byName = new Map(
    document.sections
      .filter(({ type }) => type === "interface")
      .map((section) => [section.name ?? "", section]),
  );
  const up = new Set(bootInterfaces(document, newDraft([])));
  return document.sections.filter(
    (section) => up.has(section) && interfaceLink(byName, section, newDraft([])) === link,
  );
}

/** One value of a section. */
export interface PlacedValue {
  readonly section: UciSection;
  readonly option: UciOption;
  /** Where the values stand that a blank parts. */
  readonly value: UciValue;
}

/** The option of which a value stands at that place, or null. */
export function valueAt({ document }: Sections, place: Source): PlacedValue | null {
  for (const section of document.sections) {
    for (const option of section.options) {
      const value = option.values.find(({ source }) => isSamePlace(source, place));
      if (value !== undefined) return { section, option, value };
    }
  }
  return null;
}

function isSamePlace(a: Source, b: Source): boolean {
  return a.file === b.file && a.line === b.line && a.column === b.column;
}

/** Puts another word in the place of one word of a value. */
export function replaceWord(
  sections: Sections,
  value: UciValue,
  before: string,
  after: string,
): readonly Splice[] {
  const { path, text } = sections;
  const start = offsetOf(text, value.source);
  const splice = start === null ? null : replacedValue(text, start, { before, after });
  return splice === null ? [] : [{ path, ...splice }];
}

/** Sets an option that has one value, or adds its line behind the others of the section. */
export function setOption(
  sections: Sections,
  section: UciSection,
  name: string,
  after: string,
): readonly Splice[] {
  const value = optionValue(section, name);
  if (value !== null) return value.text === after ? [] : replaceWord(sections, value, value.text, after);
  return addLine(sections, section, `option ${name} ${quoteLike(sections, section, after)}`);
}

/** Takes the lines of an option out; nothing where it is not set. */
export function dropOption(sections: Sections, section: UciSection, name: string): readonly Splice[] {
  const option = section.options.find((one) => one.name === name);
  return (option?.values ?? []).flatMap((value) => dropLine(sections, value));
}

/** Takes the line of a value out, where the line holds nothing else. */
export function dropLine({ path, text }: Sections, { source }: UciValue): readonly Splice[] {
  const line = lineAt(text, source.line);
  const commands = line === null ? [] : [...lexUci(line.text)].filter(({ words }) => words.length > 0);
  const before = lineAt(text, source.line - 1)?.text ?? "";
  const isAlone = commands.length === 1 && line?.text.endsWith("\\") === false && !before.endsWith("\\");
  const splice = isAlone ? removeLines(path, text, { first: source.line, last: source.line }) : null;
  return splice === null ? [] : [splice];
}

/** Adds a line behind the last one of a section, or behind a line of that number, set in as the others. */
export function addLine(
  sections: Sections,
  section: UciSection,
  line: string,
  behind?: number,
): readonly Splice[] {
  const { path, text } = sections;
  const last = behind ?? blockOf(sections, section).last;
  return [insertLines(path, text, last, [indentOfSection(sections, section) + line])];
}

/** The lines of a section from its `config` to its last command; parts of it under another `config` are not among them. */
function blockOf(
  { commands }: Sections,
  section: UciSection,
): { readonly first: number; readonly last: number } {
  const { line, column } = section.source;
  const start = commands.findIndex(({ words }) => words[0]?.line === line && words[0].column === column);
  let last = line;
  for (const { words } of commands.slice(start)) {
    const [keyword] = words;
    if (
      keyword !== undefined &&
      keyword.line + keyword.column > 0 &&
      isHead(keyword.text) &&
      keyword.line !== line
    )
      break;
    last = Math.max(last, words.at(-1)?.line ?? line);
  }
  return { first: line, last };
}

function isHead(keyword: string): boolean {
  return keyword === "config" || keyword === "c" || keyword === "package" || keyword === "p";
}

/** Takes a whole section out, with the blank line that parts it from the next. */
export function dropSection(sections: Sections, section: UciSection): readonly Splice[] {
  const { path, text } = sections;
  const { first, last } = blockOf(sections, section);
  const isBlank = (line: number): boolean => lineAt(text, line)?.text.trim() === "" && line > 0;
  const next = lineAt(text, last + 1);
  const hasNext = next !== null && next.start < text.length;
  const lines =
    hasNext && isBlank(last + 1)
      ? { first, last: last + 1 }
      : { first: !hasNext && isBlank(first - 1) ? first - 1 : first, last };
  const splice = removeLines(path, text, lines);
  return splice === null ? [] : [splice];
}

function indentOfSection(sections: Sections, section: UciSection): string {
  const line = section.options[0]?.source.line ?? firstOptionLine(sections);
  return line === null ? "\t" : indentOf(lineAt(sections.text, line)?.text ?? "");
}

function firstOptionLine({ document }: Sections): number | null {
  return document.sections.find(({ options }) => options.length > 0)?.options[0]?.source.line ?? null;
}

/** Quotes a word as the values of the section are, else as the first of the file. */
export function quoteLike(sections: Sections, section: UciSection | null, word: string): string {
  const { text, document } = sections;
  const values = [section, ...document.sections].flatMap((one) => one?.options[0]?.values[0] ?? []);
  const start = values[0] === undefined ? null : offsetOf(text, values[0].source);
  const quote = start === null ? "'" : (rawWord(text, start)[0] ?? "'");
  return quote === "'" || quote === '"' ? quote + word + quote : word;
}

/** Adds a section without a name behind the last one of its type, else at the end of the file. */
export function addSection(
  sections: Sections,
  type: string,
  options: readonly (readonly [string, string])[],
): Splice {
  const { path, text, document, commands } = sections;
  const like = document.sections.findLast((section) => section.type === type) ?? null;
  const model = like ?? document.sections.findLast((section) => section.options.length > 0) ?? null;
  const indent = model === null ? "\t" : indentOfSection(sections, model);
  const lines = options.map(
    ([name, value]) => `${indent}option ${name} ${quoteLike(sections, model, value)}`,
  );
  const behind = like === null ? (commands.at(-1)?.words.at(-1)?.line ?? 0) : blockOf(sections, like).last;
  return insertLines(path, text, behind, [...(behind === 0 ? [] : [""]), `config ${type}`, ...lines]);
}
