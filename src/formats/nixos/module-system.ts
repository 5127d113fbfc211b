import type { ConfigurationTree, Source } from "#model/index.js";
import { collectModules, type NixModule } from "./collect-modules.js";
import {
  type Definition,
  definitionOf,
  holdingOf,
  openDefinition,
  winningDefinitions,
} from "./definitions.js";
import { markOf } from "./lib-modules.js";
import { mergeLeaf } from "./merge-leaf.js";
import type { OpenSession } from "./open-session.js";
import { isPrefix } from "./option-paths.js";
import { DEEPEST_EVALUATION } from "./session.js";
import {
  type AttributesValue,
  delay,
  type Entry,
  force,
  forced,
  type Thunk,
  type UnknownValue,
  unknown,
  type Value,
} from "./value.js";

/** The merged configuration of a module and all it imports. */
export interface MergedConfiguration {
  /** `config`: attributes all the way down, computed where they are looked at. */
  readonly root: Value;
  /** Definitions that are passed over because their value is not known, by the path where they stand. */
  readonly unknownAt: (path: readonly string[]) => readonly UnknownValue[];
}

const OPTION_DEFAULT_PRIORITY = 1500;

interface Merge {
  readonly modules: Thunk;
  readonly open: OpenSession;
  readonly collected: () => readonly NixModule[];
  readonly definitions: Map<string, readonly Definition[]>;
  readonly values: Map<string, Thunk>;
}

/** Reads the module at `root`, follows its imports and merges them as lib/modules.nix does, without option types. */
export function mergeModules(root: Entry, open: OpenSession, tree: ConfigurationTree): MergedConfiguration {
  let modules: readonly NixModule[] | null = null;
  const merge: Merge = {
    open,
    modules: delay(() => {
      const given = {
        config: { thunk: delay(() => configurationAt(merge, [])), source: null },
        given: (name: string) => moduleArgument(merge, name),
      };
      modules = collectModules(root, { open, tree, given });
      return { kind: "null" };
    }),
    collected: () => {
      force(merge.modules);
      return modules ?? [];
    },
    definitions: new Map(),
    values: new Map(),
  };
  return { root: configurationAt(merge, []), unknownAt: (path) => unknownDefinitions(merge, path) };
}

function moduleArgument(merge: Merge, name: string): Value | null {
  const path = ["_module", "args", name];
  return definitionsAt(merge, path).length === 0 ? null : configurationAt(merge, path);
}

/** The value of `config.PATH`. */
function configurationAt(merge: Merge, path: readonly string[]): Value {
  const key = path.join("\0");
  const thunk = merge.values.get(key) ?? delay(() => computeValue(merge, path));
  merge.values.set(key, thunk);
  return force(thunk);
}

/** Counts as one level of evaluation: options that refer to each other nest the engine's stack too. */
function computeValue(merge: Merge, path: readonly string[]): Value {
  const { budget } = merge.open.session;
  if (budget.depth >= DEEPEST_EVALUATION) return unknown("options refer to each other too deeply");
  budget.depth++;
  const value = mergedValue(merge, path);
  budget.depth--;
  return value;
}

function mergedValue(merge: Merge, path: readonly string[]): Value {
  const found = definitionsAt(merge, path);
  if (found.length === 0)
    return isDeclaredGroup(merge, path) || path.length === 0 ? node(merge, path) : undefinedAt(path);
  if (found.some((definition) => isPlainSet(forced(definition.entry)))) return node(merge, path);
  return mergeLeaf(path, winningDefinitions(found), merge.open.session);
}

function isPlainSet(value: Value): boolean {
  return value.kind === "attributes" && markOf(value) === null;
}

function undefinedAt(path: readonly string[]): UnknownValue {
  return {
    ...unknown(`\`config.${path.join(".")}\` is not defined in the files read`),
    isUndefined: true,
  };
}

/** Attributes whose names and values are merged when they are looked at. */
function node(merge: Merge, path: readonly string[]): AttributesValue {
  let entries: ReadonlyMap<string, Entry> | null = null;
  return {
    kind: "attributes",
    get entries() {
      entries ??= childEntries(merge, path);
      return entries;
    },
    rest: (name) => {
      const value = configurationAt(merge, [...path, name]);
      return value.kind === "unknown" ? value : undefinedAt([...path, name]);
    },
  };
}

function childEntries(merge: Merge, path: readonly string[]): ReadonlyMap<string, Entry> {
  const sources = new Map<string, Source | null>();
  for (const definition of definitionsAt(merge, path)) {
    const value = forced(definition.entry);
    if (value.kind !== "attributes") continue;
    for (const [name, entry] of value.entries) if (!sources.has(name)) sources.set(name, entry.source);
  }
  for (const name of declaredNames(merge, path)) if (!sources.has(name)) sources.set(name, null);
  const entries = new Map<string, Entry>();
  for (const [name, source] of sources) {
    const below = [...path, name];
    entries.set(name, { thunk: delay(() => configurationAt(merge, below)), source });
  }
  return entries;
}

/**
 * The definitions at a path, marks taken off. Above the level of options their priorities are handed down; from there on
 * only those that win are followed.
 */
function definitionsAt(merge: Merge, path: readonly string[]): readonly Definition[] {
  const key = path.join("\0");
  const known = merge.definitions.get(key);
  if (known !== undefined) return known;
  merge.definitions.set(key, []);
  const written =
    path.length === 0
      ? merge.collected().map((found) => definitionOf(found.config))
      : childDefinitions(merge, path);
  const opened = written.flatMap((definition) => openDefinition(definition));
  const found = isPrefix(path) ? opened : winningDefinitions(opened);
  merge.definitions.set(key, found);
  return found;
}

function childDefinitions(merge: Merge, path: readonly string[]): readonly Definition[] {
  const parent = path.slice(0, -1);
  const name = path.at(-1) ?? "";
  const isHandedDown = isPrefix(parent);
  const children: Definition[] = [];
  for (const definition of definitionsAt(merge, parent)) {
    const value = forced(definition.entry);
    const entry = value.kind === "attributes" ? value.entries.get(name) : undefined;
    if (entry === undefined) continue;
    const inherited = isHandedDown
      ? definition
      : { ...definitionOf(entry), conditions: definition.conditions };
    children.push({ ...inherited, entry });
  }
  const fallback = optionDefault(merge, path);
  return fallback === null ? children : [...children, definitionOf(fallback, OPTION_DEFAULT_PRIORITY)];
}

function optionDefault(merge: Merge, path: readonly string[]): Entry | null {
  for (const { options } of merge.collected()) {
    const option = walk(options, path);
    if (option !== null && markOf(option) === "option" && option.kind === "attributes") {
      const entry = option.entries.get("default");
      if (entry !== undefined) return entry;
    }
  }
  return null;
}

function isDeclaredGroup(merge: Merge, path: readonly string[]): boolean {
  return declaredNames(merge, path).length > 0;
}

/** The names of options, and of groups of options, that the modules declare below a path. */
function declaredNames(merge: Merge, path: readonly string[]): readonly string[] {
  return merge.collected().flatMap(({ options }) => {
    const group = walk(options, path);
    return group?.kind === "attributes" && markOf(group) === null ? [...group.entries.keys()] : [];
  });
}

function walk(from: Entry, path: readonly string[]): Value | null {
  let value = forced(from);
  for (const name of path) {
    const entry = value.kind === "attributes" && markOf(value) === null ? value.entries.get(name) : undefined;
    if (entry === undefined) return null;
    value = forced(entry);
  }
  return value;
}

function unknownDefinitions(merge: Merge, path: readonly string[]): readonly UnknownValue[] {
  return definitionsAt(merge, path).flatMap((definition) => {
    const value = forced(definition.entry);
    const why =
      value.kind === "unknown" ? value : value.kind === "attributes" ? (value.rest?.("") ?? null) : null;
    if (why === null || holdingOf(definition) === false) return [];
    return [unknown(why.reason, definition.entry.source ?? why.source)];
  });
}
