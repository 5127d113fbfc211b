import type { Source } from "#model/index.js";
import { child, children, type Fact, isUnknown, items, optionOf, readText, report } from "./fact.js";
import { unknownIssue } from "./messages.js";

/** One setting of a systemd unit file, from attributes or from INI text; `text` is written as in the file. */
export interface UnitSetting {
  readonly key: string;
  readonly text: string;
  readonly source: Source;
}

/** One `[Section]` of a unit file. */
export interface UnitSection {
  readonly name: string;
  readonly settings: readonly UnitSetting[];
  readonly source: Source;
  /** Whether every setting of it is known. */
  readonly isWhole: boolean;
}

/** One `.network` unit for a link that it names. */
export interface NetworkUnit {
  readonly link: string;
  readonly sections: readonly UnitSection[];
  readonly fact: Fact;
}

/** A section from an attribute set such as `networkConfig`, or none where it is not set. */
export function sectionOf(name: string, fact: Fact | null): readonly UnitSection[] {
  if (fact === null) return [];
  const found = children(fact).map(([key, inner]) => ({
    settings: settingsOf(key, inner),
    isWhole: isWholeFact(inner),
  }));
  const isClosed = fact.value.kind === "attributes" && found.every(({ isWhole }) => isWhole);
  return [
    { name, settings: found.flatMap(({ settings }) => settings), source: fact.source, isWhole: isClosed },
  ];
}

function isWholeFact({ value }: Fact): boolean {
  if (value.kind === "list") return value.rest === null;
  return value.kind !== "unknown" && (value.kind !== "string" || value.holes.length === 0);
}

/** Sections from a list of sets, each either flat or with one inner set (`routeConfig`), as older releases wrote them. */
export function sectionsOf(name: string, list: Fact | null, inner: string): readonly UnitSection[] {
  return items(list).flatMap((item) => sectionOf(name, child(item, inner) ?? item));
}

/** Settings of a list option of the network itself, such as `address` or `vlan`. */
export function settingsOf(key: string, fact: Fact | null): readonly UnitSetting[] {
  if (fact === null || isUnknown(fact)) return [];
  if (fact.value.kind === "list") return items(fact).flatMap((item) => settingsOf(key, item));
  if (fact.value.kind === "boolean")
    return [{ key, text: fact.value.value ? "yes" : "no", source: fact.source }];
  const text = readText(fact);
  return text === null ? [] : [{ key, text, source: fact.source }];
}

/** The sections of INI text in `extraConfig`; lines behind a part that is not known are left out and reported. */
export function sectionsOfText(fact: Fact | null): readonly UnitSection[] {
  if (fact === null || isUnknown(fact) || fact.value.kind !== "string") return [];
  const { text, holes } = fact.value;
  const unsureLines = new Set(holes.map((hole) => text.slice(0, hole.at).split("\n").length - 1));
  const [hole] = holes;
  if (hole !== undefined) report(fact, unknownIssue(optionOf(fact), hole.unknown.reason, fact.source));
  const sections: { name: string; settings: UnitSetting[]; source: Source; isWhole: boolean }[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    const header = /^\s*\[([^\]]+)\]\s*$/.exec(line);
    if (header !== null)
      sections.push({ name: header[1] ?? "", settings: [], source: fact.source, isWhole: true });
    const setting = /^\s*([A-Za-z0-9]+)\s*=(.*)$/.exec(line);
    const current = sections.at(-1);
    if (current !== undefined && unsureLines.has(index)) current.isWhole = false;
    if (setting === null || unsureLines.has(index)) continue;
    sections
      .at(-1)
      ?.settings.push({ key: setting[1] ?? "", text: (setting[2] ?? "").trim(), source: fact.source });
  }
  return sections;
}

/** All values of a setting in the sections of one name. */
export function settingValues(
  sections: readonly UnitSection[],
  name: string,
  ...keys: readonly string[]
): readonly UnitSetting[] {
  return sections
    .filter((section) => section.name === name)
    .flatMap((section) => section.settings.filter((setting) => keys.includes(setting.key)))
    .filter((setting) => setting.text !== "");
}

/** The last value of a setting, which is the one that counts. */
export function lastSetting(
  sections: readonly UnitSection[],
  name: string,
  ...keys: readonly string[]
): UnitSetting | null {
  return settingValues(sections, name, ...keys).at(-1) ?? null;
}

/** Whether a setting is one of systemd's words for true. */
export function isYes(setting: UnitSetting | null): boolean {
  return setting !== null && ["yes", "true", "on", "1"].includes(setting.text.toLowerCase());
}
