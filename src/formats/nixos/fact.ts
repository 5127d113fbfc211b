import { formatSource, type Issue, type Source } from "#model/index.js";
import { definitionOf, openDefinition, winningDefinitions } from "./definitions.js";
import { mergeLeaf } from "./merge-leaf.js";
import { unknownIssue, wrongTypeIssue } from "./messages.js";
import type { Session } from "./session.js";
import { sortedEntries } from "./set-parts.js";
import { describe, type Entry, entryOf, forced, type StringValue, type Value } from "./value.js";

/** One value of the merged configuration with its option path and place; what cannot be read becomes an issue in `reader`. */
export interface Fact {
  readonly reader: Reader;
  readonly path: readonly string[];
  readonly value: Value;
  readonly source: Source;
}

/** Where the issues of reading go. */
interface Reader {
  readonly session: Session;
  readonly issues: Issue[];
  /** The issues that are told already, by code, message and place. */
  readonly told: Set<string>;
}

/** The option path as an operator writes it. */
export function optionOf(fact: Fact): string {
  return fact.path.map((name) => (/^[a-zA-Z0-9_'-]+$/.test(name) ? name : `"${name}"`)).join(".");
}

function factOf(parent: Fact, name: string, entry: Entry): Fact | null {
  const path = [...parent.path, name];
  const opened = winningDefinitions(openDefinition(definitionOf(entry)));
  const [first] = opened;
  if (first === undefined) return null;
  const value = opened.length === 1 ? forced(first.entry) : mergeLeaf(path, opened, parent.reader.session);
  if (value.kind === "unknown" && value.isUndefined === true) return null;
  const source = first.entry.source ?? entry.source ?? parent.source;
  return { reader: parent.reader, path, value, source };
}

/** The fact below, or null where it is not set; what is unknown is reported. */
export function child(parent: Fact | null, ...names: readonly string[]): Fact | null {
  let fact = parent;
  for (const name of names) {
    if (fact === null || isUnknown(fact) || fact.value.kind !== "attributes") return null;
    const entry: Entry | undefined = fact.value.entries.get(name);
    fact = entry === undefined ? null : factOf(fact, name, entry);
  }
  return fact === null || fact.value.kind === "null" ? null : fact;
}

/** The facts of an attribute set by name, sorted; names that are not known are reported. */
export function children(parent: Fact | null): readonly (readonly [string, Fact])[] {
  if (parent === null || isUnknown(parent)) return [];
  if (parent.value.kind !== "attributes") {
    if (parent.value.kind !== "null") wrongType(parent, "an attribute set");
    return [];
  }
  const { entries, rest } = parent.value;
  const found = sortedEntries(entries).flatMap(([name, entry]) => {
    const fact = factOf(parent, name, entry);
    return fact === null || fact.value.kind === "null" ? [] : [[name, fact] as const];
  });
  if (rest !== null && parent.path.length > 0 && !isConfigurationNode(parent)) {
    const why = rest("");
    report(parent, unknownIssue(optionOf(parent), why.reason, why.source ?? parent.source));
  }
  return found;
}

/** Sets of the merged configuration answer for names outside of the files by themselves; `unknownAt` has what they pass over. */
function isConfigurationNode(fact: Fact): boolean {
  return (
    fact.value.kind === "attributes" &&
    Object.getOwnPropertyDescriptor(fact.value, "entries")?.get !== undefined
  );
}

/** The items of a list; a further part that is not known is reported. */
export function items(fact: Fact | null): readonly Fact[] {
  if (fact === null || isUnknown(fact)) return [];
  if (fact.value.kind !== "list") {
    if (fact.value.kind !== "null") wrongType(fact, "a list");
    return [];
  }
  const { rest } = fact.value;
  if (rest !== null) report(fact, unknownIssue(optionOf(fact), rest.reason, rest.source ?? fact.source));
  return fact.value.items.flatMap((item) => {
    const found = factOf({ ...fact, path: fact.path.slice(0, -1) }, fact.path.at(-1) ?? "", item);
    return found === null || found.value.kind === "null" ? [] : [found];
  });
}

/** The items of a list, or the value itself where it is none. */
export function oneOrMore(fact: Fact | null): readonly Fact[] {
  if (fact === null) return [];
  return fact.value.kind === "list" ? items(fact) : [fact];
}

/** Whether the value is unknown, which is reported. */
export function isUnknown(fact: Fact): boolean {
  if (fact.value.kind !== "unknown") return false;
  const { reason, source } = fact.value;
  report(fact, unknownIssue(optionOf(fact), reason, isInside(source) ? source : fact.source));
  return true;
}

function isInside(source: Source | null): source is Source {
  return source !== null && source.file !== "";
}

/** A text that is known to its end; a number is written out. */
export function readText(fact: Fact | null): string | null {
  if (fact === null || isUnknown(fact)) return null;
  const { value } = fact;
  if (value.kind === "integer") return String(value.value);
  if (value.kind !== "string") return value.kind === "null" ? null : wrongType(fact, "a string");
  return wholeOrReport(fact, value);
}

function wholeOrReport(fact: Fact, value: StringValue): string | null {
  const [hole] = value.holes;
  if (hole === undefined) return value.text;
  const known = `${value.text.slice(0, hole.at)}...`;
  report(
    fact,
    unknownIssue(
      optionOf(fact),
      `\`${known}\` goes on with what is not known, ${hole.unknown.reason}`,
      fact.source,
    ),
  );
  return null;
}

/** An integer, also one written as text, as unit options of systemd take it. */
export function readInteger(fact: Fact | null): number | null {
  if (fact === null || isUnknown(fact)) return null;
  const { value } = fact;
  if (value.kind === "integer") return value.value;
  if (value.kind === "null") return null;
  if (value.kind === "string" && value.holes.length > 0)
    return wholeOrReport(fact, value) === null ? null : null;
  if (value.kind === "string" && /^-?\d{1,15}$/.test(value.text)) return Number(value.text);
  return wrongType(fact, "an integer");
}

/** A boolean, also as systemd writes it. */
export function readBoolean(fact: Fact | null): boolean | null {
  if (fact === null || isUnknown(fact)) return null;
  const { value } = fact;
  if (value.kind === "boolean") return value.value;
  if (value.kind === "null") return null;
  const word = value.kind === "string" ? value.text.toLowerCase() : "";
  if (["yes", "true", "on", "1"].includes(word)) return true;
  if (["no", "false", "off", "0"].includes(word)) return false;
  return wrongType(fact, "a boolean");
}

/** Reports a value of another type than the option has; gives null. */
export function wrongType(fact: Fact, expected: string): null {
  report(fact, wrongTypeIssue(optionOf(fact), expected, describe(fact.value), fact.source));
  return null;
}

/** Adds an issue once. */
export function report(fact: Fact, issue: Issue): void {
  const { told, issues } = fact.reader;
  const place = issue.source === null ? "" : formatSource(issue.source);
  const key = `${issue.code} ${place} ${issue.message}`;
  if (!told.has(key)) issues.push(issue);
  told.add(key);
}

/** The fact at the root of a configuration. */
export function rootFact(value: Value, reader: Reader, source: Source): Fact {
  return { reader, path: [], value: forced(entryOf(value)), source };
}
