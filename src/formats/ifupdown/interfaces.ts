import type { Issue } from "#model/index.js";
import type { IfaceStanza, InterfaceOption, Stanza, Word } from "./document.js";
import { badNameIssue, inheritsIssue, mappingIssue, noStanzaIssue } from "./messages.js";

/** All stanzas of one interface, with what they inherit. */
export interface Interface {
  readonly name: Word;
  /** The link: the name without an alias label (`eth0:1` is a second address of `eth0`). */
  readonly link: string;
  readonly stanzas: readonly IfaceStanza[];
  /** The lines of all stanzas, in their order. */
  readonly options: readonly InterfaceOption[];
}

/** The interfaces of a file, and the names that a boot brings up, in order. */
export interface Interfaces {
  readonly byName: ReadonlyMap<string, Interface>;
  readonly boot: readonly Word[];
  readonly issues: readonly Issue[];
}

/** The option's name as all tools understand it: lower case, dashes for underscores (`bridge_ports` is `bridge-ports`). */
export function canonicalName(option: InterfaceOption): string {
  const name = option.name.text.toLowerCase().replaceAll("_", "-");
  return name === "slaves" ? "bond-slaves" : name;
}

/** The first line of that canonical name, or null. */
export function optionOf(options: readonly InterfaceOption[], name: string): InterfaceOption | null {
  return options.find((option) => canonicalName(option) === name) ?? null;
}

/** Joins the stanzas by name and lists what comes up at boot; stanzas of names that no link can have are left out. */
export function collectInterfaces(stanzas: readonly Stanza[]): Interfaces {
  const grouped = new Map<string, IfaceStanza[]>();
  const issues: Issue[] = [];
  const boot = new Map<string, Word>();
  for (const stanza of stanzas) {
    if (stanza.kind === "iface") addStanza(grouped, stanza, issues);
    if (stanza.kind === "mapping") issues.push(mappingIssue(stanza.names, stanza.source));
    for (const name of stanza.kind === "names" ? bootNames(stanza) : [])
      boot.set(name.text, boot.get(name.text) ?? name);
  }
  const byName = new Map([...grouped].flatMap(([name, group]) => joinStanzas(name, group)));
  for (const name of boot.values()) if (!byName.has(name.text)) issues.push(noStanzaIssue(name));
  return { byName, boot: [...boot.values()].filter((name) => byName.has(name.text)), issues };
}

/** `auto`, `allow-auto` and `allow-hotplug`; `allow-ovs` and the like are for the bridge that calls them. */
function bootNames(stanza: { readonly keyword: string; readonly names: readonly Word[] }): readonly Word[] {
  return stanza.keyword === "auto" || stanza.keyword === "allow-auto" || stanza.keyword === "allow-hotplug"
    ? stanza.names
    : [];
}

function addStanza(grouped: Map<string, IfaceStanza[]>, stanza: IfaceStanza, issues: Issue[]): void {
  const name = stanza.name.text;
  if (!isLinkName(linkOfName(name))) {
    issues.push(badNameIssue(stanza.name));
    return;
  }
  const resolved = stanza.inherits === null ? stanza : inherit(grouped, stanza, stanza.inherits, issues);
  const known = grouped.get(name);
  if (known === undefined) grouped.set(name, [resolved]);
  else known.push(resolved);
}

function inherit(
  grouped: ReadonlyMap<string, readonly IfaceStanza[]>,
  stanza: IfaceStanza,
  other: string,
  issues: Issue[],
): IfaceStanza {
  const template = grouped
    .get(other)
    ?.find((candidate) => stanza.family === null || candidate.family === stanza.family);
  if (template === undefined) {
    issues.push(inheritsIssue(stanza.name, other));
    return stanza;
  }
  const options = [...template.options, ...stanza.options].slice(0, MAX_OPTIONS);
  return {
    ...stanza,
    family: stanza.family ?? template.family,
    method: stanza.method ?? template.method,
    options,
  };
}

/** Stanzas that inherit from each other in a chain would otherwise double their lines at each step. */
const MAX_OPTIONS = 10_000;

function joinStanzas(name: string, stanzas: readonly IfaceStanza[]): [string, Interface][] {
  const first = stanzas[0];
  if (first === undefined) return [];
  const options = stanzas.length === 1 ? first.options : stanzas.flatMap((stanza) => stanza.options);
  return [[name, { name: first.name, link: linkOfName(name), stanzas, options }]];
}

function linkOfName(name: string): string {
  const colon = name.indexOf(":");
  return colon === -1 ? name : name.slice(0, colon);
}

/** Link names are at most 15 bytes without white space or slash (net/core/dev.c, dev_valid_name). */
export function isLinkName(text: string): boolean {
  return /^[^\s/:${}]{1,15}$/.test(text) && text !== "." && text !== "..";
}
