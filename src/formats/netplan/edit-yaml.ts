import {
  isMap,
  isScalar,
  isSeq,
  type Pair,
  parseDocument,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import { insertLines, lineAt, removeLines, type Splice } from "#formats/editing/index.js";
import { parseYaml } from "#formats/yaml/index.js";

/** One YAML text with the nodes that it is made of, each with its range. */
export interface YamlFile {
  readonly path: string;
  readonly text: string;
  readonly root: unknown;
}

/** Opens a text that the reader can read, to edit it; null for any other. */
export function openYaml(path: string, text: string): YamlFile | null {
  if (parseYaml(text, path).tree === null) return null;
  const { contents } = parseDocument(text, { schema: "failsafe", uniqueKeys: false });
  return { path, text, root: contents };
}

/** The last pair of that key, as the reader takes it. */
export function pairOf(map: unknown, key: string): Pair | null {
  return isMap(map)
    ? (map.items.findLast((pair) => isScalar(pair.key) && pair.key.value === key) ?? null)
    : null;
}

/** The mapping below a chain of keys, or null. */
export function mapAt(file: YamlFile, keys: readonly string[]): YAMLMap | null {
  let node = file.root;
  for (const key of keys) node = pairOf(node, key)?.value;
  return isMap(node) ? node : null;
}

/** Where a node begins; -1 for one without a place. */
export function startOf(node: unknown): number {
  return (isMap(node) || isSeq(node) || isScalar(node)) && node.range ? node.range[0] : -1;
}

/** Puts another text into a scalar; its quotes stay. */
export function setScalar(file: YamlFile, scalar: Scalar, after: string): readonly Splice[] {
  const [start, end] = scalar.range ?? [0, 0];
  const quote = /^['"]/.exec(file.text.slice(start, end))?.[0] ?? "";
  return [{ path: file.path, start, end, text: quote + after + quote }];
}

/** Where the last character of a node stands, trailing comments and line breaks apart; an absent value ends with what is before it. */
function endOf(node: unknown, before: number): number {
  if (isSeq(node) || isMap(node)) {
    if (node.flow === true) return node.range?.[1] ?? before;
    const last = node.items.at(-1);
    if (isSeq(node)) return endOf(last, startOf(node) + 1);
    return last === undefined ? before : endOfPair(last as Pair);
  }
  return isScalar(node) && node.range ? Math.max(node.range[1], before) : before;
}

function endOfPair(pair: Pair): number {
  return endOf(pair.value, endOf(pair.key, 0) + 1);
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf("\n", offset - 1) + 1);
}

/** The number of the line in which a node's text ends. */
function lastLineOf(file: YamlFile, end: number): number {
  const isBehindBreak = end > 0 && file.text[end - 1] === "\n";
  return lineOf(file.text, isBehindBreak ? end - 1 : end);
}

/** Adds an item behind the last one: lines under a dash, or text between brackets. */
export function addItem(file: YamlFile, list: YAMLSeq, item: YamlValue): readonly Splice[] {
  const end = endOf(list, 0);
  if (list.flow === true) return addInside(file, list, flowText(item));
  const indent = " ".repeat(columnOf(file.text, startOf(list)));
  return [insertLines(file.path, file.text, lastLineOf(file, end), itemLines(indent, item))];
}

/** What is written: a scalar, a list, or a mapping of scalars. */
export type YamlValue = string | readonly YamlValue[] | { readonly [key: string]: string };

function isList(value: YamlValue): value is readonly YamlValue[] {
  return Array.isArray(value);
}

function flowText(value: YamlValue): string {
  if (typeof value === "string") return value;
  if (isList(value)) return `[${value.map(flowText).join(", ")}]`;
  return `{${Object.entries(value)
    .map(([key, text]) => `${key}: ${text}`)
    .join(", ")}}`;
}

function itemLines(indent: string, item: YamlValue): readonly string[] {
  if (typeof item === "string" || isList(item)) return [`${indent}- ${flowText(item)}`];
  return Object.entries(item).map(
    ([key, text], index) => `${indent}${index === 0 ? "-" : " "} ${key}: ${text}`,
  );
}

/** Between the brackets of a list or a mapping, behind what is there. */
function addInside(file: YamlFile, node: YAMLSeq | YAMLMap, added: string): readonly Splice[] {
  const last = node.items.at(-1);
  const start =
    last === undefined ? startOf(node) + 1 : isMap(node) ? endOfPair(last as Pair) : endOf(last, 0);
  return [{ path: file.path, start, end: start, text: last === undefined ? added : `, ${added}` }];
}

/** Adds a key behind the last one of a mapping, in the form that the mapping has. */
export function addPair(file: YamlFile, map: YAMLMap, key: string, value: YamlValue): readonly Splice[] {
  if (map.flow === true) return addInside(file, map, `${key}: ${flowText(value)}`);
  const indent = " ".repeat(columnOf(file.text, startOf(map)));
  const lines = isList(value)
    ? [`${indent}${key}:`, ...value.flatMap((item) => itemLines(`${indent}  `, item))]
    : [`${indent}${key}: ${flowText(value)}`];
  return [insertLines(file.path, file.text, lastLineOf(file, endOf(map, 0)), lines)];
}

/** Takes a key with its value out of a mapping. */
export function dropPair(file: YamlFile, map: YAMLMap, pair: Pair): readonly Splice[] {
  const start = startOf(pair.key);
  if (map.flow === true)
    return dropInside(
      file,
      map.items.map((one) => [startOf(one.key), endOfPair(one)]),
      start,
    );
  return dropLines(file, start, endOfPair(pair));
}

/** Takes an item out of a list. */
export function dropItem(file: YamlFile, list: YAMLSeq, item: unknown): readonly Splice[] {
  const start = startOf(item);
  if (list.flow === true)
    return dropInside(
      file,
      list.items.map((one) => [startOf(one), endOf(one, startOf(one))]),
      start,
    );
  return dropLines(file, start, endOf(item, start));
}

function dropLines(file: YamlFile, start: number, end: number): readonly Splice[] {
  const lines = { first: lineOf(file.text, start), last: lastLineOf(file, end) };
  const splice = removeLines(file.path, file.text, lines);
  return splice === null ? [] : [splice];
}

/** With the comma before it, or behind the first one. */
function dropInside(
  file: YamlFile,
  spans: readonly (readonly [start: number, end: number])[],
  start: number,
): readonly Splice[] {
  const at = spans.findIndex(([first]) => first === start);
  const [own, before, behind] = [spans[at], spans[at - 1], spans[at + 1]];
  if (own === undefined) return [];
  const from = before?.[1] ?? own[0];
  const to = before === undefined ? (behind?.[0] ?? own[1]) : own[1];
  return [{ path: file.path, start: from, end: to, text: "" }];
}

/** Leaves an empty list in the place of a value. */
export function setEmptyList(file: YamlFile, pair: Pair): readonly Splice[] {
  const key = endOf(pair.key, 0);
  const colon = file.text.indexOf(":", key);
  const line = lineAt(file.text, lastLineOf(file, endOfPair(pair)));
  if (colon === -1 || line === null) return [];
  return [{ path: file.path, start: colon + 1, end: Math.max(line.end, colon + 1), text: " []" }];
}
