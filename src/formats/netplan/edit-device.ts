import { isMap, isScalar, isSeq, type Pair, type Scalar, type YAMLMap, type YAMLSeq } from "yaml";
import { offsetOf, type Proposal } from "#formats/editing/index.js";
import { mergeYamlTrees, parseYaml, type YamlTree } from "#formats/yaml/index.js";
import type { ConfigurationTree, LinkName, Source } from "#model/index.js";
import type { NetplanDevice } from "./document.js";
import {
  addItem,
  addPair,
  dropItem,
  dropPair,
  mapAt,
  openYaml,
  pairOf,
  setEmptyList,
  startOf,
  type YamlFile,
  type YamlValue,
} from "./edit-yaml.js";
import { nameDevices } from "./names.js";
import { parseNetplan } from "./parse.js";
import { filesAt } from "./read.js";

/** The files of a host, and what they say together. */
export interface Devices {
  readonly files: readonly YamlFile[];
  readonly devices: readonly NetplanDevice[];
  readonly names: ReadonlyMap<string, LinkName>;
}

/** Reads the files again, to edit them. */
export function openDevices(tree: ConfigurationTree, path: string): Devices {
  const texts = filesAt(tree, path).map((file) => ({ file, text: tree.read(file) ?? "" }));
  let merged: YamlTree | null = null;
  for (const { file, text } of texts) {
    const { tree: next } = parseYaml(text, file);
    if (next !== null) merged = merged === null ? next : mergeYamlTrees(merged, next);
  }
  const devices = merged === null ? [] : parseNetplan(merged).devices;
  return {
    files: texts.flatMap(({ file, text }) => openYaml(file, text) ?? []),
    devices,
    names: nameDevices(devices, []),
  };
}

/** A definition as one file has it. */
export interface DevicePart {
  readonly file: YamlFile;
  readonly map: YAMLMap;
}

/** The definition of a link and the files that speak of it, in the order in which they are merged. */
export function partsOf({ files, devices, names }: Devices, link: LinkName): readonly DevicePart[] {
  return devices
    .filter((device) => names.get(device.id) === link)
    .flatMap((device) => files.flatMap((file) => partOf(file, device) ?? []));
}

function partOf(file: YamlFile, { kind, id }: NetplanDevice): DevicePart | null {
  const map = mapAt(file, ["network", kind, id]);
  return map === null ? null : { file, map };
}

/** The last part that has the key, else the last one that can take it. */
export function homeOf(parts: readonly DevicePart[], key: string): DevicePart | null {
  return parts.findLast(({ map }) => pairOf(map, key) !== null) ?? parts.at(-1) ?? null;
}

/** An item of a list of a definition, or the scalar value of one of its keys. */
export type PlacedNode =
  | {
      readonly kind: "item";
      readonly part: DevicePart;
      readonly pair: Pair;
      readonly list: YAMLSeq;
      readonly item: unknown;
    }
  | { readonly kind: "value"; readonly part: DevicePart; readonly pair: Pair; readonly scalar: Scalar };

/** What stands at a place in any of the files: aliases lead to the definition that holds their anchor. */
export function nodeAtPlace({ files, devices }: Devices, place: Source): PlacedNode | null {
  for (const file of files.filter(({ path }) => path === place.file)) {
    const offset = offsetOf(file.text, place);
    for (const device of devices) {
      const part = partOf(file, device);
      const found = part === null || offset === null ? null : nodeInPart(part, offset);
      if (found !== null) return found;
    }
  }
  return null;
}

function nodeInPart(part: DevicePart, offset: number): PlacedNode | null {
  for (const pair of part.map.items) {
    const { value } = pair;
    if (isScalar(value) && startOf(value) === offset) return { kind: "value", part, pair, scalar: value };
    const item = isSeq(value) ? value.items.find((one) => beginsAt(one, offset)) : undefined;
    if (isSeq(value) && item !== undefined) return { kind: "item", part, pair, list: value, item };
  }
  return null;
}

/** An address with options is the key of a mapping. */
function beginsAt(node: unknown, offset: number): boolean {
  return startOf(node) === offset || (isMap(node) && startOf(node.items[0]?.key) === offset);
}

/** Ways to take an item out: with its key where it is the only one, or else leaving an empty list. */
export function dropListItem({ part, pair, list, item }: PlacedNode & { kind: "item" }): readonly Proposal[] {
  if (list.items.length > 1) return [dropItem(part.file, list, item)];
  return [dropPair(part.file, part.map, pair), setEmptyList(part.file, pair)];
}

/** Adds an item to a list of a definition, which is made where there is none. */
export function addListItem({ file, map }: DevicePart, key: string, item: YamlValue): Proposal {
  const list = pairOf(map, key)?.value;
  return isSeq(list) ? addItem(file, list, item) : addPair(file, map, key, [item]);
}
