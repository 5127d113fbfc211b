import type { Issue, Source } from "#model/index.js";

/** One word of a UCI file, unquoted. */
export interface UciValue {
  readonly text: string;
  readonly source: Source;
}

/** What `option` and `list` lines of one name amount to. */
export interface UciOption {
  readonly name: string;
  /** Written with `list`; an `option` has exactly one value. */
  readonly isList: boolean;
  readonly values: readonly UciValue[];
  readonly source: Source;
}

/** One `config TYPE ['NAME']`, with the lines of all sections of that name joined as libuci does. */
export interface UciSection {
  readonly type: string;
  readonly name: string | null;
  readonly options: readonly UciOption[];
  readonly source: Source;
}

/** One file of /etc/config. */
export interface UciDocument {
  readonly file: string;
  readonly sections: readonly UciSection[];
  /** Lines that could not be read. */
  readonly issues: readonly Issue[];
}

/** The value of an option, the first of a list, or null where it is not set. */
export function optionValue(section: UciSection, name: string): UciValue | null {
  return section.options.find((option) => option.name === name)?.values[0] ?? null;
}

/** The values of a list; an `option` is split at white space, as netifd does with older files. */
export function optionValues(section: UciSection, name: string): readonly UciValue[] {
  const option = section.options.find((candidate) => candidate.name === name);
  if (option === undefined) return [];
  if (option.isList) return option.values;
  return option.values.flatMap(({ text, source }) =>
    text
      .split(/\s/)
      .filter((word) => word !== "")
      .map((word) => ({ text: word, source })),
  );
}

/** Whether an option is set to a word that libubox takes as true (`1`, `true`). */
export function isTrue(section: UciSection, name: string): boolean {
  const text = optionValue(section, name)?.text;
  return text === "1" || text === "true" || text === "on" || text === "yes" || text === "enabled";
}

/** Whether an option is set, and to something that is not true. */
export function isFalse(section: UciSection, name: string): boolean {
  return optionValue(section, name) !== null && !isTrue(section, name);
}

/** What the section is called in messages and units: `interface lan`, or `route at line 12`. */
export function labelOf(section: UciSection): string {
  return section.name === null
    ? `${section.type} at line ${section.source.line}`
    : `${section.type} ${section.name}`;
}
