import {
  type Placed,
  readBoolean,
  splitWords,
  type UnitEntry,
  type UnitFile,
  type UnitSection,
} from "#formats/systemd/index.js";
import type { Issue, Source } from "#model/index.js";
import { networkdIssue } from "./messages.js";

/** One file with its drop-ins appended, and the issues found in it. */
export interface NetworkdFile {
  readonly path: string;
  /** The file's own name without folder. */
  readonly name: string;
  readonly unit: UnitFile;
  readonly issues: Issue[];
}

/** The settings of one section, or of all sections of one name; remembers which keys were asked for. */
export interface Settings {
  readonly section: string;
  readonly entries: readonly UnitEntry[];
  readonly asked: Set<string>;
  readonly source: Source;
  readonly issues: Issue[];
}

/** All sections of a name as one, as networkd treats `[Network]`, `[Link]`, `[Match]` and the like; null where there is none. */
export function joinedSettings(file: NetworkdFile, section: string): Settings | null {
  const sections = file.unit.sections.filter(({ name }) => name === section);
  const first = sections[0];
  if (first === undefined) return null;
  return {
    section,
    entries: sections.flatMap(({ entries }) => entries),
    asked: new Set(),
    source: first.source,
    issues: file.issues,
  };
}

/** Each section of a name on its own, as networkd treats `[Address]`, `[Route]` and the like. */
export function eachSettings(file: NetworkdFile, section: string): readonly Settings[] {
  const open = ({ entries, source }: UnitSection): Settings => ({
    section,
    entries,
    asked: new Set(),
    source,
    issues: file.issues,
  });
  return file.unit.sections.filter(({ name }) => name === section).map(open);
}

/** The values of a list setting: an empty assignment forgets those before it. */
export function takeAll(settings: Settings | null, key: string): readonly UnitEntry[] {
  if (settings === null) return [];
  settings.asked.add(key);
  const given = settings.entries.filter((entry) => entry.key === key);
  return given.slice(given.findLastIndex((entry) => entry.value === "") + 1);
}

/** The words of a list setting whose values part by blanks. */
export function takeWords(settings: Settings | null, key: string): readonly Placed<string>[] {
  return takeAll(settings, key).flatMap((entry) =>
    splitWords(entry).map(({ text, source }) => ({ value: text, source })),
  );
}

/** The last value of a setting, quotes removed as they stand around the whole; null where it is not set or was reset. */
export function takeText(settings: Settings | null, key: string): Placed<string> | null {
  const last = takeAll(settings, key).at(-1);
  return last === undefined ? null : { value: last.value.replace(/^"(.*)"$/, "$1"), source: last.source };
}

/** Reads the last value with `parse`; where that gives null, `expected` goes into an error. */
export function takeParsed<T>(
  settings: Settings | null,
  key: string,
  expected: string,
  parse: (text: string) => T | null,
): Placed<T> | null {
  const text = takeText(settings, key);
  if (text === null) return null;
  const value = parse(text.value);
  if (value !== null) return { value, source: text.source };
  settings?.issues.push(networkdIssue("wrong-value", text.source, expected, key, text.value));
  return null;
}

/** Reads a whole number of `min` to `max`. */
export function takeNumber(
  settings: Settings | null,
  key: string,
  min: number,
  max: number,
): Placed<number> | null {
  return takeParsed(settings, key, `a number of ${min} to ${max}`, (text) => {
    const value = /^(?:0x[0-9a-f]{1,8}|\d{1,10})$/i.test(text) ? Number(text) : Number.NaN;
    return value >= min && value <= max ? value : null;
  });
}

/** Reads a boolean. */
export function takeBoolean(settings: Settings | null, key: string): Placed<boolean> | null {
  return takeParsed(settings, key, "`yes` or `no`", readBoolean);
}

/** Ends the reading of a section: what is not modelled, and what nobody knows, becomes an issue. */
export function closeSettings(
  settings: Settings | null,
  known: { readonly harmless: ReadonlySet<string>; readonly unmodelled: ReadonlySet<string> },
): void {
  for (const { key, source } of settings?.entries ?? []) {
    if (settings === null || settings.asked.has(key) || known.harmless.has(key)) continue;
    const code = known.unmodelled.has(key) ? "unmodelled-key" : "unknown-key";
    settings.issues.push(networkdIssue(code, source, settings.section, key));
  }
}
