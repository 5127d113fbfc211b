import { indentOf, lineAt, removeLines, type Splice } from "#formats/editing/index.js";
import type { ConfigurationTree, Source } from "#model/index.js";
import { detectFlavour } from "./convert.js";
import type { IfaceStanza, InterfaceOption } from "./document.js";
import type { Flavour } from "./draft.js";
import { canonicalName } from "./interfaces.js";
import { joinSources } from "./sources.js";

/** The stanzas of a host's files with the texts that they stand in. */
export interface Stanzas {
  readonly stanzas: readonly IfaceStanza[];
  readonly flavour: Flavour;
  readonly textOf: (file: string) => string;
}

/** A line of a stanza. */
export interface StanzaLine {
  readonly stanza: IfaceStanza;
  readonly option: InterfaceOption;
}

/** Reads the stanzas again, to edit them. */
export function openStanzas(tree: ConfigurationTree, path: string): Stanzas {
  const document = joinSources(tree, path);
  return {
    stanzas: document.stanzas.filter((stanza) => stanza.kind === "iface"),
    flavour: detectFlavour(document),
    textOf: (file) => tree.read(file) ?? "",
  };
}

/** The line whose value stands at that place, or null. */
export function lineAtPlace({ stanzas }: Stanzas, place: Source): StanzaLine | null {
  for (const stanza of stanzas)
    for (const option of stanza.options)
      if (isSamePlace(option.value.source, place)) return { stanza, option };
  return null;
}

function isSamePlace(a: Source, b: Source): boolean {
  return a.file === b.file && a.line === b.line && a.column === b.column;
}

/** The stanzas of a link, those of its own name before those of its aliases. */
export function stanzasOf({ stanzas }: Stanzas, link: string): readonly IfaceStanza[] {
  const own = stanzas.filter((stanza) => stanza.name.text === link);
  const aliases = stanzas.filter((stanza) => stanza.name.text.startsWith(`${link}:`));
  return [...own, ...aliases];
}

/** Whether a stanza is for IPv4, as one without a family is under ifupdown2. */
export function isIPv4Stanza(stanza: IfaceStanza): boolean {
  return stanza.family === "inet" || stanza.family === null;
}

/** The lines of one name. */
export function optionsOf(stanza: IfaceStanza, name: string): readonly InterfaceOption[] {
  return stanza.options.filter((option) => canonicalName(option) === name);
}

/** The `address` lines that are for IPv4. */
export function addressLines(stanza: IfaceStanza): readonly InterfaceOption[] {
  return optionsOf(stanza, "address").filter((option) => !option.value.text.includes(":"));
}

/** The number of the last line in the file that belongs to a line of a stanza: a backslash joins the next one. */
export function lastLineOf(files: Stanzas, start: Source): number {
  const text = files.textOf(start.file);
  let { line } = start;
  for (
    let current = lineAt(text, line);
    current?.text.endsWith("\\") === true;
    current = lineAt(text, line)
  ) {
    if (current.next >= text.length) break;
    line += 1;
  }
  return line;
}

/** The number of the last line of a stanza; comments behind it are not its own. */
export function lastLineOfStanza(files: Stanzas, stanza: IfaceStanza): number {
  return lastLineOf(files, stanza.options.at(-1)?.name.source ?? stanza.source);
}

/** Takes lines of a stanza out of the file. */
export function dropOptions(files: Stanzas, options: readonly InterfaceOption[]): readonly Splice[] {
  return options.flatMap(({ name: { source } }) => {
    const lines = { first: source.line, last: lastLineOf(files, source) };
    const splice = removeLines(source.file, files.textOf(source.file), lines);
    return splice === null ? [] : [splice];
  });
}

/** How the lines of a stanza are set in: as the first of them, else a tab. */
export function indentOfStanza(files: Stanzas, stanza: IfaceStanza): string {
  const first = stanza.options[0]?.name.source;
  if (first !== undefined) return indentOf(lineAt(files.textOf(first.file), first.line)?.text ?? "");
  const other = files.stanzas.find((one) => one.source.file === stanza.source.file && one.options.length > 0);
  return other === undefined ? "\t" : indentOfStanza(files, other);
}
