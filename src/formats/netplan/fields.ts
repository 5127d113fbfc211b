import type { Placed } from "#formats/systemd/index.js";
import { entryOf, type YamlEntry, type YamlMap, type YamlTree } from "#formats/yaml/index.js";
import type { Issue } from "#model/index.js";
import { type NetplanIssueCode, netplanIssue } from "./messages.js";

/** One mapping that is being read: remembers which keys were asked for, so that the rest can be reported. */
export interface Fields {
  readonly map: YamlMap;
  /** How messages call the mapping, such as `ethernets.eth0`. */
  readonly name: string;
  readonly asked: Set<string>;
  readonly issues: Issue[];
}

/** Begins to read a mapping; anything else is reported and gives null. */
export function openFields(tree: YamlTree, name: string, issues: Issue[]): Fields | null {
  if (tree.kind === "map") return { map: tree, name, asked: new Set(), issues };
  issues.push(netplanIssue("wrong-kind", tree.source, ["a mapping", name, describeTree(tree)]));
  return null;
}

/** The entry of a key, noted as asked for. */
export function takeEntry(fields: Fields, key: string): YamlEntry | null {
  fields.asked.add(key);
  return entryOf(fields.map, key);
}

/** The text of a scalar key, or null where it is absent or no scalar (reported). */
export function takeText(fields: Fields, key: string): Placed<string> | null {
  const entry = takeEntry(fields, key);
  if (entry === null) return null;
  const { value } = entry;
  if (value.kind === "scalar" && (value.text !== "" || value.isQuoted))
    return { value: value.text, source: value.source };
  fields.issues.push(netplanIssue("wrong-kind", value.source, ["a scalar", key, describeTree(value)]));
  return null;
}

/** Reads a scalar key with `parse`; where that gives null, `expected` goes into an error. */
export function takeParsed<T>(
  fields: Fields,
  key: string,
  expected: string,
  parse: (text: string) => T | null,
): Placed<T> | null {
  const text = takeText(fields, key);
  if (text === null) return null;
  const value = parse(text.value);
  if (value !== null) return { value, source: text.source };
  fields.issues.push(netplanIssue("wrong-value", text.source, [expected, key, text.value]));
  return null;
}

/** Reads a whole number of `min` to `max`. */
export function takeNumber(fields: Fields, key: string, min: number, max: number): Placed<number> | null {
  return takeParsed(fields, key, `a number of ${min} to ${max}`, (text) => {
    const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
    return value >= min && value <= max ? value : null;
  });
}

/** Reads a boolean in netplan's spelling: true, on, yes, y, false, off, no, n in any case. */
export function takeBoolean(fields: Fields, key: string): Placed<boolean> | null {
  return takeParsed(fields, key, "`true` or `false`", readNetplanBoolean);
}

function readNetplanBoolean(text: string): boolean | null {
  const word = text.toLowerCase();
  if (["true", "on", "yes", "y"].includes(word)) return true;
  return ["false", "off", "no", "n"].includes(word) ? false : null;
}

/** The items of a list key; absent gives an empty list, anything else is reported. */
export function takeList(fields: Fields, key: string): readonly YamlTree[] {
  const entry = takeEntry(fields, key);
  if (entry === null) return [];
  if (entry.value.kind === "list") return entry.value.items;
  fields.issues.push(
    netplanIssue("wrong-kind", entry.value.source, ["a list", key, describeTree(entry.value)]),
  );
  return [];
}

/** The scalar items of a list key; others are reported. */
export function takeTexts(fields: Fields, key: string): readonly Placed<string>[] {
  return takeList(fields, key).flatMap((item) => {
    if (item.kind === "scalar") return [{ value: item.text, source: item.source }];
    fields.issues.push(netplanIssue("wrong-kind", item.source, ["a scalar", key, describeTree(item)]));
    return [];
  });
}

/** The mapping below a key, or null. */
export function takeFields(fields: Fields, key: string): Fields | null {
  const entry = takeEntry(fields, key);
  return entry === null ? null : openFields(entry.value, `${fields.name}.${key}`, fields.issues);
}

/** Ends the reading of a mapping: keys that are not modelled, and keys that nobody knows, become issues. */
export function closeFields(
  fields: Fields,
  known: { readonly harmless: ReadonlySet<string>; readonly unmodelled: ReadonlySet<string> },
): void {
  for (const entry of fields.map.entries) {
    if (fields.asked.has(entry.key) || known.harmless.has(entry.key)) continue;
    const code = codeFor(entry.key, known.unmodelled);
    fields.issues.push(netplanIssue(code, entry.source, [fields.name, entry.key]));
  }
}

function codeFor(key: string, unmodelled: ReadonlySet<string>): NetplanIssueCode {
  if (key === "<<") return "merge-key";
  return unmodelled.has(key) ? "unmodelled-key" : "unknown-key";
}

/** How a message calls a node. */
export function describeTree(tree: YamlTree): string {
  if (tree.kind === "map") return "a mapping";
  if (tree.kind === "list") return "a list";
  return tree.text === "" && !tree.isQuoted ? "nothing" : `\`${tree.text}\``;
}
