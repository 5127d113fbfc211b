import type { Source } from "#model/index.js";
import { DEFAULT_PRIORITY, markOf, ORDER_OF_UNORDERED } from "./lib-modules.js";
import { type Entry, entryOf, forced, type UnknownValue, unknown, type Value } from "./value.js";

/** One definition of an option by one module, with what `mkIf`, `mkOverride` and `mkOrder` around it say. */
export interface Definition {
  readonly entry: Entry;
  readonly priority: number;
  readonly order: number;
  readonly conditions: readonly Entry[];
}

/** Whether a definition holds. */
type Holding = boolean | UnknownValue;

const DEEPEST_MARKS = 50;

/** A definition as a module writes it. */
export function definitionOf(entry: Entry, priority: number = DEFAULT_PRIORITY): Definition {
  return { entry, priority, order: ORDER_OF_UNORDERED, conditions: [] };
}

/** Takes the marks off a definition; `mkMerge` makes several of one. */
export function openDefinition(definition: Definition, depth = 0): readonly Definition[] {
  const value = forced(definition.entry);
  const mark = markOf(value);
  if (value.kind !== "attributes" || mark === null) return [definition];
  if (depth > DEEPEST_MARKS)
    return [{ ...definition, entry: entryOf(unknown("module properties nest too deeply")) }];
  const { source } = definition.entry;
  const inner = (name: string): Entry => {
    const found = value.entries.get(name) ?? entryOf(unknown(`\`${name}\` is missing`));
    return { thunk: found.thunk, source: source ?? found.source };
  };
  switch (mark) {
    case "if":
      return openDefinition(
        {
          ...definition,
          entry: inner("content"),
          conditions: [...definition.conditions, inner("condition")],
        },
        depth + 1,
      );
    case "merge":
      return openContents(definition, forced(inner("contents")), source).flatMap((each) =>
        openDefinition(each, depth + 1),
      );
    case "override":
      return openDefinition(
        { ...definition, entry: inner("content"), priority: integerOf(inner("priority"), DEFAULT_PRIORITY) },
        depth + 1,
      );
    case "order":
      return openDefinition(
        { ...definition, entry: inner("content"), order: integerOf(inner("priority"), ORDER_OF_UNORDERED) },
        depth + 1,
      );
    default:
      return [definition];
  }
}

function openContents(definition: Definition, contents: Value, source: Source | null): readonly Definition[] {
  const why = contents.kind === "list" ? contents.rest : unknownOf(contents);
  const items = contents.kind === "list" ? contents.items : [];
  const parts = items.map((item) => ({
    ...definition,
    entry: { thunk: item.thunk, source: item.source ?? source },
  }));
  return why === null ? parts : [...parts, { ...definition, entry: entryOf(why, source) }];
}

function unknownOf(value: Value): UnknownValue {
  return value.kind === "unknown" ? value : unknown("`mkMerge` is given something that is no list");
}

function integerOf(entry: Entry, otherwise: number): number {
  const value = forced(entry);
  return value.kind === "integer" ? value.value : otherwise;
}

/** Whether all conditions of a definition hold; the first unknown one where none is false. */
export function holdingOf(definition: Definition): Holding {
  let unsure: UnknownValue | null = null;
  for (const condition of definition.conditions) {
    const value = forced(condition);
    if (value.kind === "boolean" && !value.value) return false;
    if (value.kind === "unknown") unsure ??= value;
    else if (value.kind !== "boolean") unsure ??= unknown("a condition is no boolean", condition.source);
  }
  return unsure ?? true;
}

/**
 * The definitions that count: those whose conditions hold, of the smallest priority. One whose condition is not known
 * stays, as an unknown value, unless a definition that surely holds outranks it.
 */
export function winningDefinitions(definitions: readonly Definition[]): readonly Definition[] {
  const [only] = definitions;
  if (definitions.length === 1 && only?.conditions.length === 0) return definitions;
  const sure: Definition[] = [];
  const unsure: Definition[] = [];
  for (const definition of definitions) {
    const holding = holdingOf(definition);
    if (holding === true) sure.push(definition);
    else if (holding !== false)
      unsure.push({ ...definition, conditions: [], entry: conditional(definition, holding) });
  }
  const best = Math.min(...sure.map((definition) => definition.priority));
  return [...sure, ...unsure].filter((definition) => definition.priority <= best);
}

function conditional(definition: Definition, holding: UnknownValue): Entry {
  return entryOf(
    unknown(`it stands under a condition that is not known, ${holding.reason}`, definition.entry.source),
    definition.entry.source,
  );
}
